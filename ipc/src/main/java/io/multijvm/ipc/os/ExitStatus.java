package io.multijvm.ipc.os;

import java.io.IOException;
import java.util.Map;

/**
 * How a process ended, as the kernel tells it.
 *
 * @param signalled whether a signal ended it
 * @param number the signal, or else the exit code 0..255
 */
public record ExitStatus(boolean signalled, int number) {
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(15, "SIGTERM"));

    /** Ended by itself with {@code code}. */
    public static ExitStatus exited(int code) {
        return new ExitStatus(false, code & 0xff);
    }

    /** Ended by {@code signal}. */
    public static ExitStatus killed(int signal) {
        return new ExitStatus(true, signal);
    }

    /** Fetches, without waiting, the status of a child of this process that has ended, and lets the kernel forget it. */
    public static ExitStatus reap(int pid) throws IOException {
        return fetch(pid, LibC.WEXITED | LibC.WNOHANG);
    }

    /** As {@link #reap}, but the kernel keeps the status, so that nothing is lost if it cannot be used at once. */
    public static ExitStatus peek(int pid) throws IOException {
        return fetch(pid, LibC.WEXITED | LibC.WNOHANG | LibC.WNOWAIT);
    }

    private static ExitStatus fetch(int pid, int options) throws IOException {
        int exitedCode = 1; // CLD_EXITED; CLD_KILLED and CLD_DUMPED are the signals
        try (var scratch = Scratch.take()) {
            scratch.head().clear(128);
            int result = LibC.waitid(LibC.P_PID, pid, scratch.head(), options);
            PosixException.check(result, "waitid " + pid);
            if (scratch.head().getInt(16) == 0) {
                throw new IOException("process " + pid + " has not ended");
            }
            int status = scratch.head().getInt(24);
            return scratch.head().getInt(8) == exitedCode ? exited(status) : killed(status);
        }
    }

    /** Python's exit code: the exit code, or the signal's number below zero. */
    public int exitCode() {
        return signalled ? -number : number;
    }

    @Override
    public String toString() {
        return signalled
                ? "killed by signal " + number
                        + SIGNALS.entrySet().stream()
                                .filter(entry -> entry.getKey() == number)
                                .map(entry -> " (" + entry.getValue() + ")")
                                .findFirst()
                                .orElse("")
                : "exit code " + number;
    }
}
