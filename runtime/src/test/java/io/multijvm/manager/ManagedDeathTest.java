package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.StartMethod;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.Waits;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients leave behind in a manager's server when they die. */
@ForkTest
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // a test that fails needs its lock no more
final class ManagedDeathTest extends ProcessParties {
    private static Manager manager;

    ManagedDeathTest() {
        super(StartMethod.FORKSERVER);
    }

    @BeforeAll
    static void start() {
        manager = Manager.start(ManagerOptions.defaults());
    }

    @AfterAll
    static void end() {
        manager.shutdown();
    }

    @Test
    void lock_holderKilled_goesToWhoWaits() throws Exception {
        for (AbstractManagedLock lock : List.of(manager.lock(), manager.rlock())) {
            var holder = after(lock::lock);
            var waiting = Background.run(() -> {
                        lock.lock();
                        boolean inherited = lock.isInherited();
                        lock.unlock();
                        return inherited;
                    })
                    .awaitWaiting();
            assertThat(waiting.isDone()).isFalse();

            holder.kill();

            assertThat(waiting.get()).isTrue();
            assertThat(lock.locked()).isFalse();
            lock.lock();
            assertThat(lock.isInherited()).isFalse();
            lock.unlock();
        }
    }

    @Test
    void rlock_holderKilled_isNobodyElsesToRelease() throws Exception {
        var lock = manager.rlock();
        after(() -> {
                    lock.lock();
                    lock.lock();
                })
                .kill();
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(lock::unlock);

        assertThat(lock.tryLock(30, TimeUnit.SECONDS)).isTrue();
        assertThat(lock.isInherited()).isTrue();
        assertThat(lock.holdCount()).isEqualTo(1);
        lock.unlock();
        assertThat(lock.locked()).isFalse();
    }

    @Test
    void lock_waitersKilled_areSkipped() throws Exception {
        var lock = manager.lock();
        lock.lock();
        var killed = List.of(inLock(lock), inLock(lock));
        killed.forEach(JvmProcess::kill);

        lock.unlock();

        assertThat(lock.acquire(Duration.ofSeconds(30))).isTrue();
        assertThat(lock.isInherited()).isFalse();
        lock.unlock();
    }

    private JvmProcess inLock(ManagedLock lock) throws IOException {
        return waitingIn(lock::lock, "AbstractManagedLock.lock(");
    }

    @Test
    void semaphore_holderKilled_permitsComeBackWhenNeeded() throws Exception {
        var semaphore = manager.semaphore(2);
        after(() -> {
                    semaphore.acquire();
                    semaphore.acquire();
                })
                .kill();

        assertThat(semaphore.acquire(Duration.ofSeconds(30))).isTrue();
        assertThat(semaphore.acquire(Duration.ofSeconds(30))).isTrue();
        assertThat(semaphore.tryAcquire()).isFalse();
        assertThat(semaphore.recoveredPermits()).isEqualTo(2);
    }

    @Test
    void semaphore_usedAsASignal_nothingComesBack() throws Exception {
        var semaphore = manager.semaphore(0);
        var killed = waitingIn(semaphore::acquireUninterruptibly, "ManagedSemaphore.acquire");
        semaphore.release();
        Waits.until(() -> semaphore.availablePermits() == 0);
        killed.kill();

        assertThat(semaphore.acquire(Duration.ofMillis(200))).isFalse();
        assertThat(semaphore.recoveredPermits()).isZero();
    }

    @Test
    void condition_waiterKilled_doesNotCountAndTakesNoSignal() throws Exception {
        var condition = manager.condition();
        var killed = started(() -> {
            condition.acquire();
            condition.await();
        });
        Waits.until(() -> waiting(condition) == 1);
        var living = Background.run(() -> {
            condition.acquire();
            boolean told = condition.await(Duration.ofSeconds(30));
            condition.release();
            return told;
        });
        Waits.until(() -> waiting(condition) == 2);
        killed.kill();
        Waits.until(() -> waiting(condition) == 1);

        condition.acquire();
        condition.signal();
        condition.release();

        assertThat(living.get()).isTrue();
        assertThat(waiting(condition)).isZero();
    }

    @Test
    void condition_toldOneKilledBeforeItHasTheLock_signalGoesOn() throws Exception {
        var condition = manager.condition(manager.lock());
        var killed = started(() -> {
            condition.acquire();
            condition.await();
        });
        Waits.until(() -> waiting(condition) == 1);
        var living = Background.run(() -> {
            condition.acquire();
            boolean told = condition.await(Duration.ofSeconds(30));
            condition.release();
            return told;
        });
        Waits.until(() -> waiting(condition) == 2);

        condition.acquire();
        condition.signal();
        killed.kill();
        Waits.until(() -> condition.waiting() == 0);
        condition.release();

        assertThat(living.get()).isTrue();
    }

    @Test
    void condition_holderThatHasAnotherThreadWaitingKilled_isFree() throws Exception {
        var condition = manager.condition();
        var killed = after(() -> {
            var other = new Thread(() -> {
                condition.lock().lock();
                condition.awaitUninterruptibly();
            });
            other.setDaemon(true);
            other.start();
            Waits.until(() -> waiting(condition) == 1);
            condition.acquire();
            condition.signal(); // who was waiting waits for the lock now
        });

        killed.kill();

        assertThat(condition.acquire(Duration.ofSeconds(30))).isTrue();
        assertThat(condition.waiting()).isZero();
        condition.release();
    }

    private static int waiting(ManagedCondition condition) throws InterruptedException {
        condition.acquire();
        try {
            return condition.waiting();
        } finally {
            condition.release();
        }
    }

    @Test
    void barrier_waiterKilled_breaks() throws Exception {
        var barrier = manager.barrier(3);
        var killed = started(barrier::await);
        var patient = Background.run(() -> barrier.await());
        Waits.until(() -> barrier.numberWaiting() == 2);

        killed.kill();

        assertThat(patient.failure()).isInstanceOf(BrokenBarrierException.class);
        assertThat(barrier.isBroken()).isTrue();
    }

    @Test
    void barrier_killedInTheAction_breaks() throws Exception {
        var begun = manager.event();
        var never = manager.event();
        var barrier = manager.barrier(2, () -> {
            begun.set();
            never.await();
        });
        var patient = Background.run(() -> barrier.await());
        Waits.until(() -> barrier.numberWaiting() == 1);
        var killed = started(barrier::await);
        begun.await();
        assertThat(patient.isDone()).isFalse();

        killed.kill();

        assertThat(patient.failure()).isInstanceOf(BrokenBarrierException.class);
    }

    @Test
    void joinableQueue_takerKilledOrEnded_itemComesBackFirst() throws Exception {
        ManagedJoinableQueue<String> queue = manager.joinableQueue(2);
        for (boolean killed : new boolean[] {true, false}) {
            queue.put("a");
            queue.put("b");
            if (killed) {
                after(() -> assertThat(queue.take()).isEqualTo("a")).kill();
            } else {
                var ended = started(() -> assertThat(queue.take()).isEqualTo("a"));
                ended.joinOrThrow();
            }
            Waits.until(() -> queue.size() == 2);

            var again = queue.getDelivery(Duration.ofSeconds(30));
            assertThat(again.item()).isEqualTo("a");
            assertThat(again.isRedelivered()).isTrue();
            again.done();
            var other = queue.getDelivery(Duration.ZERO);
            assertThat(other.isRedelivered()).isFalse();
            other.done();
            queue.join();
        }
    }

    @Test
    void queue_waitersKilled_areSkipped() throws Exception {
        ManagedQueue<Integer> queue = manager.queue(1);
        var killed =
                List.of(waitingIn(queue::take, "ManagedQueue.take("), waitingIn(queue::take, "ManagedQueue.take("));
        killed.forEach(JvmProcess::kill);
        Waits.until(() -> manager.statistics().get("clients") == 1);
        queue.put(1);
        assertThat(queue.poll(30, TimeUnit.SECONDS)).isEqualTo(1);

        queue.put(2);
        var putter = waitingIn(() -> queue.put(3), "ManagedQueue.put(");
        putter.kill();
        Waits.until(() -> manager.statistics().get("clients") == 1);
        assertThat(queue.take()).isEqualTo(2);
        assertThat(queue.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }
}
