package io.multijvm.samples;

import io.multijvm.MultiJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A task that waits can be cancelled; {@code shutdown} that does not wait returns at once, and the work is done all the same.
 *
 * <p>Expect: the cancelled task never runs, the others do, although the main code has ended by then.
 */
public final class ExecutorCancel {
    private static final int TASKS = 4;

    private ExecutorCancel() {}

    public static void main(String[] args) throws Exception {
        var executor = MultiJvm.executor(1);
        var begun = MultiJvm.event();
        var mayEnd = MultiJvm.event();
        var first = executor.submit(() -> {
            begun.set();
            mayEnd.await(); // stands for work that takes longer than what main does meanwhile
            return work(0);
        });
        begun.await();
        List<String> states = new ArrayList<>();
        var second = executor.submit(() -> work(1));
        for (int i = 2; i < TASKS; i++) {
            int n = i;
            var unused = executor.submit(() -> work(n));
        }
        states.add("cancel of a waiting task: " + second.cancel(false));
        states.add("cancel of a running task, which may not be interrupted: " + first.cancel(false));
        states.add("cancelled: " + second.isCancelled() + ", done: " + second.isDone());
        states.forEach(System.out::println);

        executor.shutdown(false, false);
        System.out.println("shutdown has returned, the first task is done: " + first.isDone());
        System.out.println("main code ends");
        mayEnd.set();
    }

    private static int work(int n) {
        Work.pretend(Duration.ofMillis(100));
        System.out.println("task " + n + " has run");
        return n;
    }
}
