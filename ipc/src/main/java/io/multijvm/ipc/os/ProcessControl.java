package io.multijvm.ipc.os;

import io.multijvm.ipc.Deadline;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Signals to, and states of, processes of this machine. */
public final class ProcessControl {
    public static final int SIGINT = 2;
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;

    private static final long STATE_CHECK_NANOS = 100_000;

    private ProcessControl() {}

    /** Sends {@code signal}; returns false when there is no such process any more. */
    public static boolean signal(int pid, int signal) throws IOException {
        if (LibC.kill(pid, signal) == 0) {
            return true;
        }
        var failure = PosixException.last("kill " + pid);
        if (failure.isMissing()) {
            return false;
        }
        throw failure;
    }

    /** A descriptor that becomes readable when process {@code pid}, a living one, ends. */
    public static Descriptor watch(int pid) throws IOException {
        int fd = (int) LibC.syscall(LibC.SYS_PIDFD_OPEN, pid, 0);
        if (fd < 0) {
            var failure = PosixException.last("pidfd_open " + pid);
            if (failure.errno() == PosixException.ENOSYS) {
                throw new UnsupportedOperationException("MultiJVM needs Linux 5.3 or newer (pidfd_open)", failure);
            }
            throw failure;
        }
        return new Descriptor(fd);
    }

    /** The process group of this process. */
    public static int group() {
        return LibC.getpgid(0);
    }

    /** Moves this process into {@code group} of its session. */
    public static void joinGroup(int group) throws IOException {
        PosixException.check(LibC.setpgid(0, group), "setpgid " + group);
    }

    /** Ends this process with {@code code}, without the JVM's own end, which takes some milliseconds. */
    public static void exit(int code) {
        LibC._exit(code);
    }

    /** Ends this process at once: no shutdown hook runs, no thread is waited for. */
    public static void killSelf() throws IOException {
        signal((int) ProcessHandle.current().pid(), SIGKILL);
    }

    /**
     * Returns once every thread of {@code pid} is stopped ({@code stopped}) or none is; false when the process ended
     * or the deadline came first. Only a parent may {@code waitid(2)} for this, and the parent may be the fork
     * server, so it asks the kernel's own table; the answer is there within a few microseconds of the signal.
     */
    public static boolean awaitStopped(int pid, boolean stopped, Deadline deadline) throws IOException {
        while (true) {
            switch (state(pid)) {
                case GONE -> {
                    return false;
                }
                case STOPPED -> {
                    if (stopped) {
                        return true;
                    }
                }
                case RUNNING -> {
                    if (!stopped) {
                        return true;
                    }
                }
            }
            if (deadline.isOver()) {
                return false;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while waiting for the state of process " + pid);
            }
            LockSupport.parkNanos(STATE_CHECK_NANOS);
        }
    }

    /** Unguessable bytes from the kernel, at most 256 of them. */
    public static byte[] randomBytes(int count) {
        try (var random = new FileInputStream("/dev/urandom")) { // needs no library: a cold JVM has not loaded one yet
            byte[] bytes = random.readNBytes(count);
            if (bytes.length != count) {
                throw new IllegalStateException("/dev/urandom gave fewer than " + count + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("no random bytes", e);
        }
    }

    /** Whether every thread of {@code pid} is stopped. */
    public static boolean isStopped(int pid) throws IOException {
        return state(pid) == State.STOPPED;
    }

    private enum State {
        RUNNING,
        STOPPED,
        GONE
    }

    private static State state(int pid) throws IOException {
        boolean some = false;
        Path process = Path.of("/proc", Integer.toString(pid));
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                char state = stateOf(task);
                if (state == 'Z' || state == 'X') {
                    continue;
                }
                some = true;
                if (state != 'T' && state != 't') {
                    return State.RUNNING;
                }
            }
        } catch (NoSuchFileException e) {
            return State.GONE;
        } catch (IOException e) {
            if (Files.notExists(process)) {
                return State.GONE; // the kernel also says ESRCH of one that goes at that moment
            }
            throw e;
        }
        return some ? State.STOPPED : State.GONE;
    }

    private static char stateOf(Path task) throws IOException {
        try {
            String stat = new String(Files.readAllBytes(task.resolve("stat")), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (NoSuchFileException e) {
            return 'X';
        } catch (IOException e) {
            if (Files.notExists(task)) {
                return 'X';
            }
            throw e;
        }
    }
}
