package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.Worker;
import io.multijvm.sync.ProcessBarrier;
import java.util.ArrayList;
import java.util.List;

/**
 * An initialiser runs in each worker before its first task; what it leaves in the worker's state is there for every task.
 *
 * <p>Expect: three workers, three initialisations with the arguments captured, and nine tasks that find what was left.
 */
public final class PoolInitializer {
    private static final int WORKERS = 3;
    private static final int ROUNDS = 3;

    private PoolInitializer() {}

    public static void main(String[] args) throws Exception {
        var greeting = "hello";
        int factor = 7;
        try (var pool = MultiJvm.pool(WORKERS, () -> prepare(greeting, factor))) {
            var together = MultiJvm.barrier(WORKERS); // so that each worker gets one task of each round
            for (int round = 1; round <= ROUNDS; round++) {
                List<AsyncResult<String>> results = new ArrayList<>();
                for (int i = 0; i < WORKERS; i++) {
                    results.add(pool.applyAsync(() -> use(together)));
                }
                for (var result : results) {
                    System.out.println("round " + round + ": " + result.get());
                }
            }
        }
    }

    private static void prepare(String greeting, int factor) {
        var self = Worker.current().orElseThrow();
        System.out.println("worker " + self.number() + " is initialised with " + greeting + ", " + factor);
        self.state().put("greeting", greeting);
        self.state().put("product", factor * self.number());
    }

    private static String use(ProcessBarrier together) throws Exception {
        together.await();
        var self = Worker.current().orElseThrow();
        return "worker " + self.number() + " says " + self.state().get("greeting") + ", has "
                + self.state().get("product");
    }
}
