package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The first start of a JVM of its own, by the default method: prints the milliseconds to the first instruction. */
public final class FirstStart {
    private FirstStart() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println(new Starter(MultiJvm.getContext()).toFirstInstruction(Path.of(args[0])));
    }

    static double inFreshJvm(Path stamp) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        FirstStart.class.getName(),
                        stamp.toString())
                .redirectError(Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException("first start in a fresh JVM: exit status " + status + ", printed '" + printed + "'");
        }
        return Double.parseDouble(printed);
    }
}
