package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.AsyncResult;
import io.multijvm.sync.ProcessEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Results as they finish, not as they were asked for.
 *
 * <p>Expect: five tasks, of which the one submitted first is the last to end; their results come in the order of their ends.
 */
public final class AsCompleted {
    private static final int TASKS = 5;

    private AsCompleted() {}

    public static void main(String[] args) throws Exception {
        try (var executor = MultiJvm.executor(TASKS)) {
            List<ProcessEvent> ends = new ArrayList<>();
            List<AsyncResult<String>> futures = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                int n = i;
                var end = MultiJvm.event();
                ends.add(end);
                futures.add(executor.submit(() -> {
                    end.await();
                    return "task " + n;
                }));
            }
            var done = MultiJvm.asCompleted(futures, null);
            for (int n = TASKS - 1; n >= 0; n--) {
                ends.get(n).set();
                System.out.println(done.next().get());
            }
        }
        System.out.println("main ends");
    }
}
