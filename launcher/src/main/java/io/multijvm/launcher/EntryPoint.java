package io.multijvm.launcher;

import io.multijvm.ipc.os.Descriptor;
import java.util.List;

/** What runs in a child JVM; named by {@link LaunchSpec#entryPoint}, made by its constructor without parameters. */
public interface EntryPoint {
    /**
     * Runs the payload on the main thread. The JVM ends as any does, when this has returned or thrown and its
     * non-daemon threads have ended: with exit code 0, or 1 if it threw.
     *
     * @param start how and for whom the child was started
     * @param descriptors what came with the payload; the entry point closes them
     */
    void run(Start start, List<Descriptor> descriptors, ParentChannel parent) throws Throwable;

    /**
     * Loads, in a spare, what {@link #run} will need, so that it begins at once.
     *
     * @param expected classes that the payload is expected to need; those that are there are loaded, not initialised
     */
    void warmUp(List<String> expected) throws Exception;

    /** Does once, in a JVM of which an archive is made, what programs do that have children. */
    default void rehearse() throws Exception {}
}
