package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import java.time.Duration;

/**
 * How a child ended: its exit code.
 *
 * <p>Expect: null while it runs, 0 after success, 1 after an uncaught exception (the child prints the trace on its
 * standard error), n after {@code System.exit(n)}, and -N when signal N ended it.
 */
public final class ProcExitcode {
    private ProcExitcode() {}

    public static void main(String[] args) throws Exception {
        var running = started(() -> Work.pretend(Duration.ofMinutes(1)));
        System.out.println("running: " + running.exitCode());
        running.kill();
        running.join();
        System.out.println("killed: " + running.exitCode());

        var terminated = started(() -> Work.pretend(Duration.ofMinutes(1)));
        terminated.terminate();
        terminated.join();
        System.out.println("terminated: " + terminated.exitCode());

        System.out.println("success: " + exitCodeOf(() -> System.out.println("child: all is well")));
        System.out.println("uncaught exception: " + exitCodeOf(ProcExitcode::fail));
        System.out.println("exit(7): " + exitCodeOf(() -> System.exit(7)));
    }

    private static void fail() {
        throw new ArithmeticException("this failure is part of the sample");
    }

    private static JvmProcess started(Target target) {
        var child = MultiJvm.process(target);
        child.start();
        return child;
    }

    private static String exitCodeOf(Target target) throws InterruptedException {
        var child = started(target);
        child.join();
        return String.valueOf(child.exitCode());
    }
}
