package io.multijvm.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What a JVM is doing right now, as text: its threads and the end of what it wrote. */
final class Evidence {
    private static final int TAIL = 4_000;
    private static final int JCMD_SECONDS = 5;

    private Evidence() {}

    static String ofThisJvm() {
        var threads = ManagementFactory.getThreadMXBean().dumpAllThreads(true, true);
        return Arrays.stream(threads).map(Object::toString).collect(Collectors.joining());
    }

    static String of(ProcessHandle process) {
        return Family.describe(process) + "\nstderr: " + errorTail(process) + "\n" + threads(process);
    }

    /** What {@code jcmd} says, in a few seconds, as a stopped JVM never answers; it would kill what is no JVM. */
    private static String threads(ProcessHandle process) {
        if (!process.info().command().orElse("").endsWith("/java")) {
            return "(no JVM)";
        }
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            var output = Files.createTempFile("threads", ".txt");
            try {
                var asking = new ProcessBuilder(jcmd, Long.toString(process.pid()), "Thread.print")
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                var answered = asking.waitFor(JCMD_SECONDS, TimeUnit.SECONDS);
                asking.destroyForcibly();
                return (answered ? "" : "(no answer to jcmd)\n") + Files.readString(output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            return "(no thread dump: " + e + ")";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "(no thread dump: interrupted)";
        }
    }

    private static String errorTail(ProcessHandle process) {
        var target = Path.of("/proc", Long.toString(process.pid()), "fd", "2");
        if (!Files.isRegularFile(target)) {
            return "(not a file)";
        }
        try (var file = new RandomAccessFile(target.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - TAIL));
            var tail = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(unreadable: " + e + ")";
        }
    }
}
