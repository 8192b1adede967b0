package io.multijvm.launcher;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.JdkInternals;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A thread dump of a JVM, asked of the JVM itself through the JDK's attach interface. */
public final class ThreadDump {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = 1_000_000;
    private static final String CAUGHT = "SigCgt:";
    private static final long QUIT_BIT = 1 << (3 - 1);

    private ThreadDump() {}

    /** The dump, with locks. */
    public static String of(Child child) throws IOException {
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
            return new String(dump.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            machine.detach();
        }
    }

    /**
     * Attaching sends SIGQUIT, which kills a JVM that has just been executed and has no handler yet. Nothing tells of the
     * handler but the kernel's list, so that is looked at, again and again, for the few milliseconds it takes.
     */
    private static void awaitHandler(Child child) throws IOException {
        Deadline patience = Deadline.after(PATIENCE);
        while (!catchesQuit(child.pid())) {
            if (child.exit().isDone() || patience.isOver()) {
                throw new IOException("its JVM is not up");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static boolean catchesQuit(int pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Integer.toString(pid), "status"))) {
            if (line.startsWith(CAUGHT)) {
                return (Long.parseUnsignedLong(line.substring(CAUGHT.length()).strip(), 16) & QUIT_BIT) != 0;
            }
        }
        return false;
    }

    private static void removeSocket(int pid) {
        try {
            Files.deleteIfExists(Path.of("/tmp", ".java_pid" + pid));
        } catch (IOException e) {
            // it stays for whoever cleans that directory; the process has ended in any case
        }
    }
}
