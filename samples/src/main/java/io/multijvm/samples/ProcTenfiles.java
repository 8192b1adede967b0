package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Ten children write ten files at once; the parent joins them all before it reads what they wrote.
 *
 * <p>Expect: after the joins all ten files are there, file number i holding i stars; they are removed afterwards.
 */
public final class ProcTenfiles {
    private ProcTenfiles() {}

    public static void main(String[] args) throws Exception {
        var directory = Files.createTempDirectory("tenfiles");
        List<JvmProcess> writers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            var file = directory.resolve("file_" + i).toString();
            var content = "*".repeat(i);
            var writer = MultiJvm.process(() -> write(file, content));
            writer.start();
            writers.add(writer);
        }
        for (var writer : writers) {
            writer.join();
        }
        System.out.println("files with the right content: " + readAndRemove(directory));
    }

    private static void write(String file, String content) throws IOException {
        Files.writeString(Path.of(file), content);
    }

    private static int readAndRemove(Path directory) throws IOException {
        int right = 0;
        for (int i = 0; i < 10; i++) {
            var file = directory.resolve("file_" + i);
            var content = Files.readString(file);
            System.out.println(file.getFileName() + ": '" + content + "'");
            right += content.equals("*".repeat(i)) ? 1 : 0;
            Files.delete(file);
        }
        Files.delete(directory);
        return right;
    }
}
