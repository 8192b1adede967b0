package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import java.io.IOException;
import java.nio.file.Path;

/** The first start of a JVM of its own, by the default method: prints the milliseconds to the first instruction. */
public final class FirstStart {
    private FirstStart() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println(new Starter(MultiJvm.getContext()).toFirstInstruction(Path.of(args[0])));
    }

    static double inFreshJvm(Path stamp) throws IOException, InterruptedException {
        return Double.parseDouble(FreshJvm.run(FirstStart.class, stamp.toString()));
    }
}
