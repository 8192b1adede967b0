package io.multijvm.launcher;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Executable;
import io.multijvm.ipc.os.ExitStatus;
import io.multijvm.ipc.os.PosixException;
import io.multijvm.ipc.os.ProcessControl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process of next to no size that outlives this one for a moment, to clean up after it when it could not.
 *
 * <p>It leads the process group of all children of this process and holds the reading end of a pipe whose writing end
 * only this process has. End-of-file there, without a word, says that this process was killed. Children that can do so
 * have then ended by themselves, as each sees end-of-file on a channel of its own. What is left after that - stopped,
 * or out of its JVM's control - is killed with the group: one call of the kernel, which can neither miss a process nor
 * hit a stranger, as a pid read from a file could. Children of those have a guardian of their own.
 *
 * <p>It is a shell because that starts in a millisecond and takes 1 MB, where a JVM takes 40 of both.
 */
final class Guardian {
    private static final String SHELL = "/bin/sh";
    private static final String SCRIPT = String.join(
            "\n",
            "trap '' HUP INT QUIT TERM TSTP",
            "read -r _ && exit 0",
            "sleep 0.2",
            "[ -L \"$1/disk\" ] && rm -rf -- \"$(readlink \"$1/disk\")\"",
            "[ -z \"$1\" ] || rm -rf -- \"$1\" || rm -rf -- \"$1\"",
            "kill -KILL 0");
    private static final byte[] ALL_IS_WELL = {'\n'};
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final int pid;
    /** Closed without a word, it says what the kernel says when this process is killed. */
    final Descriptor pipe;

    private Guardian(int pid, Descriptor pipe) {
        this.pid = pid;
        this.pipe = pipe;
    }

    /**
     * Starts a guardian.
     *
     * @param directory to be removed if this process is killed; null for none
     * @return null on a system without a shell: its families are cleaned up by the next one that starts
     */
    static @Nullable Guardian start(@Nullable Path directory) throws IOException {
        Descriptor[] pipe = Descriptor.pipe();
        try (Descriptor reading = pipe[0];
                Descriptor nowhere = Descriptor.devNull()) {
            var command =
                    List.of(SHELL, "-c", SCRIPT, "multijvm-guardian", directory == null ? "" : directory.toString());
            var environment = Map.of("PATH", "/usr/bin:/bin");
            int newGroup = 0;
            int pid = new Executable(command, environment, Path.of("/"), List.of(reading, nowhere, nowhere), newGroup)
                    .spawn();
            return new Guardian(pid, pipe[1]);
        } catch (PosixException e) {
            pipe[1].close();
            if (e.isMissing()) {
                return null;
            }
            throw e;
        }
    }

    /** The process group it leads. */
    int group() {
        return pid;
    }

    /** Ends it, as nothing is left to guard. */
    void dismiss() throws IOException {
        try (Descriptor ended = ProcessControl.watch(pid)) {
            pipe.writeFully(ALL_IS_WELL, 0, ALL_IS_WELL.length);
            pipe.close();
            if (!ended.awaitReadable(Deadline.after(PATIENCE))) {
                ProcessControl.signal(pid, ProcessControl.SIGKILL); // somebody has stopped it
                ended.awaitReadable(Deadline.never());
            }
            ExitStatus.reap(pid);
        }
    }
}
