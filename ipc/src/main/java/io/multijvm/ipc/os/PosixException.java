package io.multijvm.ipc.os;

import com.sun.jna.Native;
import java.io.IOException;
import java.util.Map;

/** A system call failed; carries {@code errno}. */
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1;

    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int ECHILD = 10;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int EPIPE = 32;
    static final int ENOSYS = 38;
    static final int EOPNOTSUPP = 95;
    static final int ECONNRESET = 104;
    static final int ENOBUFS = 105;
    static final int ETIMEDOUT = 110;
    static final int EINPROGRESS = 115;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "EPERM: operation not permitted"),
            Map.entry(ENOENT, "ENOENT: no such file or directory"),
            Map.entry(ESRCH, "ESRCH: no such process"),
            Map.entry(7, "E2BIG: argument list or environment too long"),
            Map.entry(8, "ENOEXEC: not an executable"),
            Map.entry(9, "EBADF: bad file descriptor"),
            Map.entry(ECHILD, "ECHILD: no child process"),
            Map.entry(EAGAIN, "EAGAIN: out of processes, threads or other resources for now"),
            Map.entry(ENOMEM, "ENOMEM: out of memory"),
            Map.entry(13, "EACCES: permission denied"),
            Map.entry(17, "EEXIST: already there"),
            Map.entry(20, "ENOTDIR: not a directory"),
            Map.entry(22, "EINVAL: invalid argument"),
            Map.entry(ENFILE, "ENFILE: out of open files (system)"),
            Map.entry(EMFILE, "EMFILE: out of open files (raise `ulimit -n`)"),
            Map.entry(28, "ENOSPC: no space left"),
            Map.entry(EPIPE, "EPIPE: the other end is closed"),
            Map.entry(ENOSYS, "ENOSYS: not in this kernel"),
            Map.entry(90, "EMSGSIZE: message too long"),
            Map.entry(91, "EPROTOTYPE: not a socket of this library"),
            Map.entry(98, "EADDRINUSE: address already in use"),
            Map.entry(99, "EADDRNOTAVAIL: not an address of this machine"),
            Map.entry(101, "ENETUNREACH: network is unreachable"),
            Map.entry(ECONNRESET, "ECONNRESET: the other end is closed"),
            Map.entry(ENOBUFS, "ENOBUFS: the kernel has no memory for it"),
            Map.entry(ETIMEDOUT, "ETIMEDOUT: no answer"),
            Map.entry(111, "ECONNREFUSED: nobody listens"),
            Map.entry(113, "EHOSTUNREACH: no route to host"));

    private final int errno;

    PosixException(String call, int errno) {
        super(call + ": " + NAMES.getOrDefault(errno, "errno " + errno));
        this.errno = errno;
    }

    /** Of the call that has just failed on this thread. */
    static PosixException last(String call) {
        return new PosixException(call, Native.getLastError());
    }

    /** Returns {@code result} unless it is negative. */
    static int check(int result, String call) throws PosixException {
        if (result < 0) {
            throw last(call);
        }
        return result;
    }

    /** The C library's {@code errno}. */
    public int errno() {
        return errno;
    }

    /** Whether the other end of a socket is gone. */
    public boolean isPeerGone() {
        return errno == EPIPE || errno == ECONNRESET;
    }

    /** Whether the kernel found no memory for a packet of that size. */
    public boolean isOutOfBuffers() {
        return errno == ENOBUFS;
    }

    /** Whether descriptors or memory have run out, perhaps for a moment only. */
    public boolean isShortage() {
        return errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS;
    }

    /** Whether the named file or process does not exist. */
    public boolean isMissing() {
        return errno == ENOENT || errno == ESRCH;
    }
}
