package io.multijvm.launcher;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.multijvm.ipc.os.JdkInternals;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A thread dump of a JVM, asked of the JVM itself through the JDK's attach interface. */
public final class ThreadDump {
    private ThreadDump() {}

    /** The dump, with locks. */
    public static String of(Child child) throws IOException {
        VirtualMachine machine;
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

    private static void removeSocket(int pid) {
        try {
            Files.deleteIfExists(Path.of("/tmp", ".java_pid" + pid));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
