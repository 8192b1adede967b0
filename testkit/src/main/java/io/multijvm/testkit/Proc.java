package io.multijvm.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's files about processes, in {@code /proc}. */
public final class Proc {
    private static final Path PROC = Path.of("/proc");

    private Proc() {}

    /** A file of {@code /proc/PID}, empty when the process is gone or not ours to look at. */
    public static String read(long pid, String file) {
        try {
            var bytes = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve(file));
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
