package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The first start of a JVM of its own, by the default method: prints the milliseconds to the first instruction. */
public final class FirstStart {
    private FirstStart() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println(
                new Starter(MultiJvm.getContext(), JvmOptions.defaults()).toFirstInstruction(Path.of(args[0])));
    }

    static double inFreshJvm(List<String> jvmArguments, Path stamp) throws IOException, InterruptedException {
        return Double.parseDouble(FreshJvm.run(jvmArguments, FirstStart.class, stamp.toString()));
    }
}
