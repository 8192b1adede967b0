package io.multijvm.launcher;

/** A way to get a child JVM that runs an entry point: one implementation per start method. */
public interface Launcher {
    /**
     * Starts a child.
     *
     * @throws LaunchException when that fails; nothing is left behind then
     */
    Child launch(LaunchSpec spec);
}
