package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.Pool;
import io.multijvm.shared.SharedInt;
import io.multijvm.sync.ProcessBarrier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where {@code get} stands decides: in the loop that submits, each task waits for the one before; after it, they run together.
 *
 * <p>Expect: the same results both times; five tasks of 0.3 s run one at a time with {@code get} in the loop, which takes at least
 * 1.5 s, and all at once with {@code get} after it, which takes little more than 0.3 s.
 */
public final class PoolAsyncGetLoop {
    private static final int TASKS = 5;

    private PoolAsyncGetLoop() {}

    public static void main(String[] args) throws Exception {
        try (var pool = MultiJvm.pool(TASKS)) {
            awaitWorkers(pool);
            var atWork = SharedInt.of(0);
            var most = SharedInt.of(0);

            var alone = MultiJvm.barrier(1);
            long begin = System.nanoTime();
            List<Integer> inLoop = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                int n = i;
                var result = pool.applyAsync(() -> square(n, alone, atWork, most));
                inLoop.add(result.get());
            }
            report("get in the loop: " + inLoop, begin, most);

            var all = MultiJvm.barrier(TASKS);
            begin = System.nanoTime();
            List<AsyncResult<Integer>> results = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                int n = i;
                results.add(pool.applyAsync(() -> square(n, all, atWork, most)));
            }
            List<Integer> afterLoop = new ArrayList<>();
            for (var result : results) {
                afterLoop.add(result.get());
            }
            report("get after the loop: " + afterLoop, begin, most);
        }
    }

    /** Has every worker run something, so that no start is measured. */
    private static void awaitWorkers(Pool pool) throws Exception {
        var all = MultiJvm.barrier(TASKS);
        List<AsyncResult<Integer>> arrivals = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            arrivals.add(pool.applyAsync(() -> all.await()));
        }
        for (var arrival : arrivals) {
            arrival.get();
        }
    }

    private static int square(int n, ProcessBarrier others, SharedInt atWork, SharedInt most) throws Exception {
        most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
        others.await(); // so that a busy machine shows the same
        Work.pretend(Duration.ofMillis(300));
        atWork.decrementAndGet();
        return n * n;
    }

    private static void report(String what, long begin, SharedInt most) {
        System.out.printf(
                Locale.ROOT, "%s, %.2f s, at work at once: %d%n", what, (System.nanoTime() - begin) / 1e9, most.get());
    }
}
