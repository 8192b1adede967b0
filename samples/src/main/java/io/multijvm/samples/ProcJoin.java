package io.multijvm.samples;

import io.multijvm.MultiJvm;
import java.time.Duration;

/**
 * {@code join()} waits for a child's end; without it the parent runs on.
 *
 * <p>Expect: in the first part the parent's last line comes after the child's last line, in the second part before it.
 * The program as a whole still ends after the second child, because a child that is no daemon is waited for.
 */
public final class ProcJoin {
    private ProcJoin() {}

    public static void main(String[] args) throws Exception {
        var joined = MultiJvm.process(() -> work("with join"));
        joined.start();
        joined.join();
        System.out.println("with join: parent's last line");

        var free = MultiJvm.process(() -> work("without join"));
        free.start();
        System.out.println("without join: parent's last line");
    }

    private static void work(String part) {
        System.out.println(part + ": child's first line");
        Work.pretend(Duration.ofSeconds(1));
        System.out.println(part + ": child's last line");
    }
}
