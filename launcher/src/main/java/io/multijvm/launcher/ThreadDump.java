package io.multijvm.launcher;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.os.JdkInternals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread dump of a JVM, asked of the JVM itself through the JDK's attach interface.
 *
 * <p>A JVM need not answer, and the JDK waits for it without end; so a thread of its own asks. The dump ends with the
 * report of deadlocks: of one that is very long, {@value #HEAD} bytes from the beginning and {@value #TAIL} from the end
 * are kept.
 */
public final class ThreadDump {
    static final int HEAD = 6 << 20;
    static final int TAIL = 2 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final long LOOK_NANOS = 1_000_000;
    private static final String CAUGHT = "SigCgt:";
    private static final long QUIT_BIT = 1 << (3 - 1);

    private ThreadDump() {}

    /**
     * The dump, with locks.
     *
     * @throws IOException when the JVM has ended, or does not give one
     */
    public static String of(Child child) throws IOException {
        var dump = new CompletableFuture<String>();
        var thread = new Thread(() -> take(child, dump), "multijvm-thread-dump");
        thread.setDaemon(true);
        thread.start();
        return await(dump);
    }

    private static String await(CompletableFuture<String> dump) throws IOException {
        Deadline deadline = Deadline.after(ANSWER);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return dump.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            throw new IOException("its JVM does not answer within " + ANSWER, e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException told ? told : new IOException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void take(Child child, CompletableFuture<String> dump) {
        try {
            FaultPoint.reach("multijvm-thread-dump");
            dump.complete(ask(child));
        } catch (Throwable e) { // told to the thread that waits
            dump.completeExceptionally(e);
        }
    }

    private static String ask(Child child) throws IOException {
        VirtualMachine machine;
        awaitHandler(child);
        try {
            machine = VirtualMachine.attach(Integer.toString(child.pid()));
        } catch (AttachNotSupportedException e) {
            throw new IOException("its JVM does not let itself be attached to", e);
        } catch (NoClassDefFoundError e) {
            throw new IOException("this Java runtime lacks the module jdk.attach; use a full JDK", e);
        }
        // The JVM removes its attach socket when it exits, but cannot when it is killed.
        child.whenEnded(() -> removeSocket(child.pid()));
        try (InputStream dump = JdkInternals.threadDump(machine)) {
            return read(dump);
        } finally {
            machine.detach();
        }
    }

    /**
     * Reads up to the end, always to the beginning of an array: up to JDK 17 the stream takes the offset off the length,
     * and {@link InputStream#readAllBytes} finds an end in the middle of its first array.
     */
    static String read(InputStream dump) throws IOException {
        var head = new ByteArrayOutputStream();
        var tail = new byte[0];
        long read = 0;
        byte[] piece = new byte[8192];
        for (int count = dump.read(piece, 0, piece.length); count > 0; count = dump.read(piece, 0, piece.length)) {
            int toHead = Math.min(count, HEAD - head.size());
            head.write(piece, 0, toHead);
            if (toHead < count && tail.length == 0) {
                tail = new byte[TAIL];
            }
            for (int i = toHead; i < count; i++) {
                tail[(int) ((read + i - HEAD) % TAIL)] = piece[i];
            }
            read += count;
        }
        append(head, tail, read - HEAD);
        return head.toString(StandardCharsets.UTF_8);
    }

    /** Appends the bytes in the ring {@code tail}, in which {@code count} were put. */
    private static void append(ByteArrayOutputStream head, byte[] tail, long count) {
        if (count > TAIL) {
            head.writeBytes(("\n[" + (count - TAIL) + " bytes are left out here]\n").getBytes(StandardCharsets.UTF_8));
        }
        for (long i = Math.max(0, count - TAIL); i < count; i++) {
            head.write(tail[(int) (i % TAIL)]);
        }
    }

    /**
     * Attaching sends SIGQUIT, which kills a JVM that has just been executed and has no handler yet. Nothing tells of the
     * handler but the kernel's list, so that is looked at, again and again, for the few milliseconds it takes.
     */
    private static void awaitHandler(Child child) throws IOException {
        Deadline patience = Deadline.after(PATIENCE);
        while (!catchesQuit(child)) {
            if (patience.isOver()) {
                throw new IOException("its JVM is not up");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static boolean catchesQuit(Child child) throws IOException {
        Path status = Path.of("/proc", Integer.toString(child.pid()), "status");
        try {
            requireAlive(child);
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith(CAUGHT)) {
                    return (Long.parseUnsignedLong(
                                            line.substring(CAUGHT.length()).strip(), 16)
                                    & QUIT_BIT)
                            != 0;
                }
            }
            return false;
        } catch (IOException e) {
            requireAlive(child);
            if (Files.notExists(status)) {
                throw new IOException("its process has ended", e); // and its parent will know in a moment
            }
            throw e;
        }
    }

    private static void requireAlive(Child child) throws IOException {
        if (child.isGone()) {
            throw new IOException("its process has ended");
        }
    }

    private static void removeSocket(int pid) {
        try {
            Files.deleteIfExists(Path.of("/tmp", ".java_pid" + pid));
        } catch (IOException e) {
            // it stays for whoever cleans that directory; the process has ended in any case
        }
    }
}
