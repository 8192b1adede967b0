package io.multijvm.launcher;

import io.multijvm.ipc.codec.Encoded;
import java.util.List;
import java.util.function.Consumer;

/**
 * One child JVM to be started.
 *
 * @param name what the child is called in messages
 * @param profile the JVM it needs
 * @param entryPoint the class that gets the payload in the child
 * @param payload what the entry point gets; opaque to the launcher
 * @param subject what the payload runs, such as a class name: the first start of each subject in each profile waits
 *     until the child has accepted its payload, so that what cannot work is refused by the start itself
 * @param classes names of classes that the payload needs besides; later spares have loaded them
 * @param stdout where standard output goes
 * @param stderr where standard error goes
 * @param onFailure called, on the monitor thread, with what the entry point reports by {@link ParentChannel#failed}
 */
public record LaunchSpec(
        String name,
        Profile profile,
        String entryPoint,
        Encoded payload,
        String subject,
        List<String> classes,
        Output stdout,
        Output stderr,
        Consumer<byte[]> onFailure) {}
