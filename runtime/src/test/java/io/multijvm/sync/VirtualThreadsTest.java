package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.Tally;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import io.multijvm.testkit.EveryBackend;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many virtual threads on two carriers: one that waits must not keep a carrier from the one it waits for. Each test is a
 * process of its own, whose scheduler never has more than the two.
 */
@ForkTest
@EveryBackend
@SuppressWarnings({"WaitNotInLoop", "LockNotBeforeTry"}) // the number of wake-ups matters; who fails ends
@JdkTest
final class VirtualThreadsTest extends ProcessParties {
    private static final int THREADS = 200;
    private static final int FIRST_RELEASE = 21;
    private static final long A_MOMENT_NANOS = 20_000;

    VirtualThreadsTest() {
        super(StartMethod.SPAWN);
    }

    @BeforeEach
    void assumeVirtualThreads() {
        assumeThat(Runtime.version().feature()).isGreaterThanOrEqualTo(FIRST_RELEASE);
    }

    private JvmProcess onTwoCarriers(Target target) {
        JvmProcess process = context.process(target)
                .options(JvmOptions.defaults()
                        .jvmArguments(
                                "-Djdk.virtualThreadScheduler.parallelism=2",
                                "-Djdk.virtualThreadScheduler.maxPoolSize=2"));
        process.start();
        return process;
    }

    /** Starts a virtual thread, of which the release this is compiled for knows nothing. */
    private static CompletableFuture<Void> start(Target activity) throws ReflectiveOperationException {
        var outcome = new CompletableFuture<Void>();
        Runnable body = () -> {
            try {
                activity.run();
                outcome.complete(null);
            } catch (Exception | Error e) {
                outcome.completeExceptionally(e);
            }
        };
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
        return outcome;
    }

    private static List<CompletableFuture<Void>> start(int threads, Target activity)
            throws ReflectiveOperationException {
        var all = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < threads; i++) {
            all.add(start(activity));
        }
        return all;
    }

    private static void join(List<CompletableFuture<Void>> all) throws Exception {
        CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).get(50, TimeUnit.SECONDS);
    }

    @Test
    void lock_holderParks_everyoneGetsIt() throws Exception {
        for (var lock : LockDeathTest.locks().toList()) {
            onTwoCarriers(() -> {
                        int[] count = new int[1];
                        join(start(THREADS, () -> addParking(lock, count, 10)));
                        assertThat(count[0]).isEqualTo(THREADS * 10);
                        assertThat(lock.locked()).isFalse();
                    })
                    .joinOrThrow();
        }
    }

    private static void addParking(AbstractProcessLock lock, int[] count, int rounds) {
        for (int i = 0; i < rounds; i++) {
            lock.lock();
            int before = count[0];
            LockSupport.parkNanos(A_MOMENT_NANOS);
            count[0] = before + 1;
            lock.unlock();
        }
    }

    @Test
    void lock_heldByAVirtualThreadOfAnotherProcess_everyoneGetsIt(@TempDir Path directory) throws Exception {
        var lock = ProcessLock.create();
        var had = Tally.in(directory, "had");
        Target contend = () -> join(start(THREADS / 2, () -> {
            lock.lock();
            LockSupport.parkNanos(A_MOMENT_NANOS);
            had.add();
            lock.unlock();
        }));
        var processes = List.of(onTwoCarriers(contend), onTwoCarriers(contend));

        for (var process : processes) {
            process.joinOrThrow();
        }

        assertThat(had.count()).isEqualTo(THREADS);
        assertThat(lock.locked()).isFalse();
    }

    @Test
    void lock_platformAndVirtualThreads_everyoneGetsIt() throws Exception {
        var lock = ReentrantProcessLock.create();
        onTwoCarriers(() -> {
                    int[] count = new int[1];
                    var virtual = start(THREADS, () -> addParking(lock, count, 5));
                    for (int i = 0; i < 1_000; i++) {
                        lock.lock();
                        count[0]++;
                        lock.unlock();
                    }
                    join(virtual);
                    assertThat(count[0]).isEqualTo(THREADS * 5 + 1_000);
                })
                .joinOrThrow();
    }

    @Test
    void tryLock_timeout_isFalseNotEarly() throws Exception {
        var lock = ProcessLock.create();
        lock.lock();
        onTwoCarriers(() -> join(start(THREADS, () -> {
                    long start = System.nanoTime();
                    assertThat(lock.tryLock(200, TimeUnit.MILLISECONDS)).isFalse();
                    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(200_000_000);
                })))
                .joinOrThrow();
        lock.unlock();
        assertThat(lock.locked()).isFalse();
    }

    @Test
    void semaphore_holdersPark_neverMoreThanPermits() throws Exception {
        var semaphore = ProcessSemaphore.create(3);
        onTwoCarriers(() -> {
                    var inside = new AtomicInteger();
                    var most = new AtomicInteger();
                    join(start(THREADS, () -> {
                        for (int i = 0; i < 10; i++) {
                            semaphore.acquire();
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            LockSupport.parkNanos(A_MOMENT_NANOS);
                            inside.decrementAndGet();
                            semaphore.release();
                        }
                    }));
                    assertThat(most).hasValue(3);
                    assertThat(semaphore.availablePermits()).isEqualTo(3);
                })
                .joinOrThrow();
    }

    @Test
    void event_allWait_setByOneOfThem() throws Exception {
        var event = ProcessEvent.create();
        onTwoCarriers(() -> {
                    var coming = new AtomicInteger();
                    join(start(THREADS, () -> {
                        if (coming.incrementAndGet() == THREADS) {
                            event.set();
                            event.clear();
                            event.set();
                        }
                        event.await();
                    }));
                })
                .joinOrThrow();
    }

    @Test
    void condition_allWait_signalledOneByOneAndTogether() throws Exception {
        for (var condition : WaiterDeathTest.conditions().toList()) {
            onTwoCarriers(() -> {
                        var woken = new AtomicInteger();
                        var waiting = start(THREADS, () -> {
                            condition.lock().lock();
                            condition.await();
                            woken.incrementAndGet();
                            LockSupport.parkNanos(A_MOMENT_NANOS);
                            condition.lock().unlock();
                        });
                        var signaller = start(() -> signalHalf(condition, woken));
                        join(waiting);
                        join(List.of(signaller));
                        assertThat(woken).hasValue(THREADS);
                    })
                    .joinOrThrow();
        }
    }

    private static void signalHalf(ProcessCondition condition, AtomicInteger woken) throws InterruptedException {
        var lock = (AbstractProcessLock) condition.lock();
        awaitCount(condition, THREADS);
        for (int told = 1; told <= THREADS / 2; told++) {
            try (Guard held = lock.guard()) {
                assertThat(held).isNotNull();
                condition.signal();
            }
        }
        awaitCount(condition, THREADS / 2);
        try (Guard held = lock.guard()) {
            assertThat(held).isNotNull();
            assertThat(woken).hasValue(THREADS / 2);
            condition.signalAll();
        }
    }

    private static void awaitCount(ProcessCondition condition, int count) {
        int waiting;
        do {
            LockSupport.parkNanos(A_MOMENT_NANOS);
            try (Guard held = condition.guard()) {
                waiting = held == null ? -1 : condition.waiting();
            }
        } while (waiting != count);
    }

    @Test
    void barrier_manyCycles_allPass() throws Exception {
        var barrier = ProcessBarrier.create(THREADS);
        onTwoCarriers(() -> {
                    join(start(THREADS, () -> {
                        for (int i = 0; i < 10; i++) {
                            barrier.await(Duration.ofSeconds(50));
                        }
                    }));
                    assertThat(barrier.isBroken()).isFalse();
                })
                .joinOrThrow();
    }

    @Test
    void holderKilled_virtualThreadInheritsIt() throws Exception {
        var lock = ProcessLock.create();
        var holder = after(lock::lock);
        var waiting = onTwoCarriers(() -> join(start(THREADS, () -> {
            lock.lock();
            lock.unlock();
        })));

        holder.kill();

        waiting.joinOrThrow();
        assertThat(lock.locked()).isFalse();
    }
}
