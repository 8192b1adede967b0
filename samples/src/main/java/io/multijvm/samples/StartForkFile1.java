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
 * A forked process has a copy of an open writer, with the text in it that is not written yet, and shares the open file.
 *
 * <p>Expect: the file ends up with the text of the parent, then the child's, then the parent's again: both had it in their
 * writers.
 */
public final class StartForkFile1 {
    private static BufferedWriter file = new BufferedWriter(Writer.nullWriter()); // until main opens one

    private StartForkFile1() {}

    public static void main(String[] args) throws Exception {
        MultiJvm.setStartMethod(StartMethod.FORK);
        Path path = Files.createTempFile("start-fork-file-1", ".txt");
        file = Files.newBufferedWriter(path, StandardOpenOption.APPEND);
        file.write("wupeiqi\n");

        var child = MultiJvm.process(StartForkFile1::task);
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
