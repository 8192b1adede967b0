package io.multijvm.launcher;

import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Executable;
import io.multijvm.ipc.os.ExitStatus;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.os.Sockets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM just executed: a child of this process that waits for its first frame.
 *
 * @param pid its pid
 * @param control this end of the control channel
 * @param stderr the reading end of its standard error
 * @param lifeline the writing end of a pipe on which the child sees this process end
 * @param liveness its liveness file, whose lock only the child holds by now
 */
record StartedJvm(int pid, Descriptor control, Descriptor stderr, Descriptor lifeline, RunDirectory.Liveness liveness) {
    /** The kernel takes at most 128 KiB for one argument, and a JVM's class path is one. */
    private static final int LONG_ARGUMENT = 100_000;

    /** Closes this process's ends, for a JVM that is somebody else's now or is to end. */
    void letGo() {
        control.close();
        stderr.close();
        lifeline.close();
    }

    /** Ends a JVM that nobody watches, as something has failed. */
    void abandon() {
        letGo();
        try (Descriptor ended = ProcessControl.watch(pid)) {
            ProcessControl.signal(pid, ProcessControl.SIGKILL);
            ended.sleepUntilReadable();
            ExitStatus.reap(pid);
        } catch (IOException e) {
            EngineLog.log(System.Logger.Level.WARNING, "a JVM that was not started is left to itself", e);
        }
        liveness.remove();
    }

    /** Executes the profile's JVM; {@code stdout} becomes its standard output. */
    static StartedJvm of(Profile profile, Descriptor stdout, Family family) throws IOException {
        RunDirectory directory = family.directory();
        int group = family.childGroup();
        Descriptor[] control = Sockets.streamPair();
        Descriptor[] stderr = Descriptor.pipe();
        Descriptor[] lifeline = Descriptor.pipe();
        RunDirectory.Liveness liveness = directory.newLiveness();
        try (Descriptor childsControl = control[1];
                Descriptor childsStderr = stderr[1];
                Descriptor childsLifeline = lifeline[0];
                Descriptor childsLock = liveness.lock()) {
            var descriptors = List.of(childsControl, stdout, childsStderr, childsLock, childsLifeline);
            List<String> own = JavaAgents.distinct(profile.command(), liveness.number());
            List<String> command = shortened(family.archivist().command(profile, own, directory), directory);
            int pid = new Executable(command, profile.environment(), profile.directory(), descriptors, group).spawn();
            return new StartedJvm(pid, control[0], stderr[0], lifeline[1], liveness);
        } catch (IOException | RuntimeException | Error e) {
            control[0].close();
            stderr[0].close();
            lifeline[1].close();
            liveness.remove();
            throw e;
        }
    }

    private static List<String> shortened(List<String> command, RunDirectory directory) throws IOException {
        if (command.stream().noneMatch(argument -> argument.length() > LONG_ARGUMENT)) {
            return command;
        }
        List<String> arguments = command.subList(1, command.size());
        Path file = directory.file("arguments-" + Integer.toHexString(arguments.hashCode()));
        if (!Files.exists(file)) {
            var lines = new ArrayList<String>();
            arguments.forEach(argument -> lines.add(quoted(argument)));
            Path fresh = directory.uniqueFile("arguments");
            Files.write(fresh, lines, StandardCharsets.UTF_8);
            Files.move(fresh, file);
        }
        return List.of(command.get(0), "@" + file);
    }

    /** By the rules of the java launcher's argument files. */
    private static String quoted(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
