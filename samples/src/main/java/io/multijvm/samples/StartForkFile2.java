package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What is flushed before the fork is in the file, and not in the forked process's copy of the writer.
 *
 * <p>Expect: the text of the parent once, then the child's.
 */
public final class StartForkFile2 {
    private static BufferedWriter file = new BufferedWriter(Writer.nullWriter()); // until main opens one

    private StartForkFile2() {}

    public static void main(String[] args) throws Exception {
        MultiJvm.setStartMethod(StartMethod.FORK);
        Path path = Files.createTempFile("start-fork-file-2", ".txt");
        file = Files.newBufferedWriter(path, StandardOpenOption.APPEND);
        file.write("wupeiqi\n");
        file.flush();

        var child = MultiJvm.process(StartForkFile2::task);
        child.start();
        child.join();
        file.close();
        System.out.println("the file: " + Files.readAllLines(path));
        Files.delete(path);
    }

    private static void task() throws IOException {
        file.write("alex\n");
        file.flush();
    }
}
