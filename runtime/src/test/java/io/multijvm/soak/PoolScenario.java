package io.multijvm.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.pool.Pool;
import io.multijvm.pool.PoolOptions;
import io.multijvm.pool.ResultIterator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Short-lived pools, each with one kind of work, whose workers are replaced all the time. */
final class PoolScenario implements Scenario {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final List<Integer> NUMBERS = IntStream.range(0, 40).boxed().toList();
    private static final List<Integer> SQUARES =
            NUMBERS.stream().map(number -> number * number).toList();

    private final Random random;
    private int pools;

    PoolScenario(long seed) {
        random = new Random(seed);
    }

    @Override
    public void round() throws Exception {
        pools++;
        PoolOptions options = PoolOptions.defaults()
                .workers(2)
                .maxTasksPerChild(5 + random.nextInt(20))
                .idleTimeout(Duration.ofMillis(100 + random.nextInt(400)))
                .grace(Duration.ofMillis(200));
        try (Pool pool = MultiJvm.pool(options)) {
            int kind = random.nextInt(4);
            switch (kind) {
                case 0 ->
                    assertThat(pool.map(number -> number * number, NUMBERS, 3)).isEqualTo(SQUARES);
                case 1 -> readAfterShutdown(pool);
                case 2 -> {
                    var results = new ArrayList<Integer>();
                    pool.imapUnordered(number -> number * number, NUMBERS).forEachRemaining(results::add);
                    assertThat(results).containsExactlyInAnyOrderElementsOf(SQUARES);
                }
                default -> callbackThatWaits(pool);
            }
            if (random.nextBoolean()) {
                pool.shutdown();
                assertThat(pool.join(PATIENCE)).isTrue();
            }
        }
    }

    private static void readAfterShutdown(Pool pool) {
        ResultIterator<Integer> results = pool.imap(number -> number * number, NUMBERS);
        pool.shutdown();
        var read = new ArrayList<Integer>();
        results.forEachRemaining(read::add);
        assertThat(read).isEqualTo(SQUARES);
    }

    private static void callbackThatWaits(Pool pool) throws Exception {
        var answer = new CompletableFuture<Integer>();
        var unused = pool.applyAsync(() -> 3, value -> {
            try {
                answer.complete(pool.apply(() -> value * value));
            } catch (ExecutionException | InterruptedException e) {
                answer.completeExceptionally(e);
            }
        });
        assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(9);
    }

    @Override
    public String report() {
        return pools + " pools";
    }
}
