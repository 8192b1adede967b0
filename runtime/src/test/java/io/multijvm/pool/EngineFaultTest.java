package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.PoolParties;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.testkit.ForkTest;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A thread of a pool's fails, is interrupted or delayed at each place where that may happen: whatever was submitted is
 * accounted for, and the pool ends.
 */
@ForkTest
final class EngineFaultTest extends PoolParties {
    private static final List<String> PLACES = List.of(
            "pool.results",
            "pool.user",
            "pool.callbacks",
            "pool.callback",
            "pool.dependents",
            "pool.decode",
            "pool.encode",
            "pool.arguments",
            "pool.start");
    private static final int TASKS = 30;
    private static final int EVERY = 3; // time a place is passed, the fault happens

    EngineFaultTest() {
        super(StartMethod.FORKSERVER);
    }

    /** What happens to the thread. */
    enum Fault {
        ERROR {
            @Override
            void happen() {
                throw new AssertionError("injected");
            }
        },
        OUT_OF_MEMORY {
            @Override
            void happen() {
                throw new OutOfMemoryError("injected");
            }
        },
        STACK_OVERFLOW {
            @Override
            void happen() {
                throw new StackOverflowError("injected");
            }
        },
        INTERRUPT {
            @Override
            void happen() {
                Thread.currentThread().interrupt();
            }
        },
        DELAY {
            @Override
            void happen() {
                try {
                    boolean unused = new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };

        abstract void happen();
    }

    static Stream<Arguments> faults() {
        return PLACES.stream().flatMap(place -> Stream.of(Fault.values()).map(fault -> Arguments.of(place, fault)));
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

    @ParameterizedTest
    @MethodSource("faults")
    void fault_atEveryPlace_losesNothing(String place, Fault fault) throws Exception {
        var executor = newExecutor(PoolOptions.defaults().workers(2).grace(Duration.ofMillis(200)));
        executor.submit(() -> 0).get();
        var passed = new AtomicInteger();
        Thread test = Thread.currentThread();
        FaultPoint.inject(name -> {
            if (name.equals(place) && Thread.currentThread() != test && passed.incrementAndGet() % EVERY == 1) {
                fault.happen();
            }
        });
        var results = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < TASKS; i++) {
            int number = i;
            results.add(executor.submit(() -> new Value(number)));
            results.add(executor.submit(() -> number).thenApply(value -> value + 1));
            results.add(executor.submit(() -> failing(number)).handle((value, failure) -> failure));
        }
        var maps = List.of(
                executor.map(number -> new Value(number), EngineFaultTest::arguments),
                executor.map(number -> new Value(number), List.of(1, 2, 3)));

        for (CompletableFuture<?> each : results) {
            assertThat(isAccountedFor(each)).isTrue();
        }
        for (ResultIterator<Value> each : maps) {
            readAll(each);
        }
        executor.shutdown();
        assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        FaultPoint.inject(null);
        assertThat(executor.stats().queued() + executor.stats().running()).isZero();
    }

    private static Iterator<Integer> arguments() {
        return IntStream.range(0, 100).boxed().iterator();
    }

    private static boolean isAccountedFor(CompletableFuture<?> future) throws Exception {
        try {
            future.get(1, TimeUnit.MINUTES);
        } catch (java.util.concurrent.ExecutionException | CancellationException e) {
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
            } catch (CompletionException | RejectedExecutionException e) {
                // of one call
            } catch (Error | RuntimeException e) {
                assertThat(e).hasMessageContaining("injected");
                goesOn = false;
            }
        }
    }
}
