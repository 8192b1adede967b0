package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.PoolParties;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.testkit.Fault;
import io.multijvm.testkit.ForkTest;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A thread of a pool's fails, is interrupted or delayed at each place where that may happen: whatever was submitted is
 * accounted for, and the pool ends.
 */
@ForkTest
final class EngineFaultTest extends PoolParties {
    private static final PoolOptions OPTIONS =
            PoolOptions.defaults().workers(2).grace(Duration.ofMillis(200)).listener(new PoolListener() {});
    private static final Set<Class<?>> INJECTED = Set.of(
            AssertionError.class,
            OutOfMemoryError.class,
            StackOverflowError.class,
            ThreadDeath.class,
            IllegalStateException.class);
    private static final int TASKS = 20;
    private static final int TIMES = 2; // one start more that fails, and a pool is broken

    EngineFaultTest() {
        super(StartMethod.FORKSERVER);
    }

    /** Takes code of the program to rebuild. */
    record Value(int number) implements Serializable {}

    private static int failing(int number) {
        throw new IllegalArgumentException("task " + number);
    }

    @AfterEach
    void mend() {
        FaultPoint.inject(null);
    }

    /** Threads of the pool alone: on the test's own thread a failure would be its. */
    private static Fault.Injector inject(Fault fault, String place) {
        Thread test = Thread.currentThread();
        Fault.Injector injector = fault.at(place, TIMES);
        FaultPoint.inject(name -> {
            if (Thread.currentThread() != test) {
                injector.accept(name);
            }
        });
        return injector;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pool.results",
                "pool.user",
                "pool.callbacks",
                "pool.callback",
                "pool.dependents",
                "pool.decode",
                "pool.encode",
                "pool.arguments"
            })
    void fault_whereTasksPass_losesNothing(String place) throws Exception {
        Pool pool = newPool(OPTIONS);
        for (Fault fault : Fault.values()) {
            Fault.Injector injector = inject(fault, place);
            work(pool);
            assertThat(injector.hasStruck()).as("%s at %s", fault, place).isTrue();
        }
        assertEnds(pool);
    }

    /** An IllegalStateException says that no worker can ever be started: it breaks the pool. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EXCEPTION")
    void fault_whereWorkersStart_losesNothing(Fault fault) throws Exception {
        Fault.Injector injector = inject(fault, "pool.start");
        Pool pool = newPool(OPTIONS);
        work(pool);
        assertThat(injector.hasStruck()).isTrue();
        assertEnds(pool);
    }

    private static void assertEnds(Pool pool) throws InterruptedException {
        pool.shutdown();
        assertThat(pool.join(Duration.ofMinutes(1))).isTrue();
        PoolStats stats = pool.stats();
        assertThat(stats.queued() + stats.running()).isZero();
    }

    /** Every way in and out. */
    private static void work(Pool pool) throws Exception {
        var results = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < TASKS; i++) {
            int number = i;
            results.add(pool.applyAsync(() -> new Value(number)));
            results.add(pool.applyAsync(() -> number).thenApply(value -> value + 1));
            results.add(pool.applyAsync(() -> failing(number)).handle((value, failure) -> failure));
            results.add(pool.applyAsync(() -> number, value -> {}, failure -> {}));
        }
        var maps = List.of(
                pool.imap(Value::new, EngineFaultTest::arguments), pool.imapUnordered(Value::new, List.of(1, 2, 3)));

        for (CompletableFuture<?> each : results) {
            assertThat(isAccountedFor(each)).isTrue();
        }
        for (ResultIterator<Value> each : maps) {
            readAll(each);
        }
    }

    private static Iterator<Integer> arguments() {
        return IntStream.range(0, 100).boxed().iterator();
    }

    private static boolean isAccountedFor(CompletableFuture<?> future) throws Exception {
        try {
            future.get(1, TimeUnit.MINUTES);
        } catch (ExecutionException | CancellationException e) {
            // it says so
        }
        return future.isDone();
    }

    /** Results, or the failures of calls, up to the end or the failure of the arguments. */
    private static void readAll(ResultIterator<Value> results) {
        boolean goesOn = true;
        while (goesOn && results.hasNext()) {
            try {
                results.next();
            } catch (CompletionException e) {
                // of one call
            } catch (Error | RuntimeException e) {
                assertThat(e.getClass()).isIn(INJECTED);
                goesOn = false;
            }
        }
    }
}
