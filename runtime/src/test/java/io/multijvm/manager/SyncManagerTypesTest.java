package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multijvm.MultiJvm;
import io.multijvm.process.Target;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each type of a manager: what its maker sees of what a worker has done with it, and the other way round. */
@ForkTest
// A worker that ends while it holds something is what some are about; no wake-up is spurious.
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"})
final class SyncManagerTypesTest extends WithManager {
    private static void inAWorker(Target work) throws Exception {
        var worker = MultiJvm.process(work);
        worker.start();
        worker.joinOrThrow();
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_event")
    void event_workerWaitsAndClears() throws Exception {
        var event = manager.event();
        event.set();
        inAWorker(() -> {
            assertThat(event.isSet()).isTrue();
            event.await();
            event.clear();
        });

        assertThat(event.isSet()).isFalse();
        assertThat(event.await(Duration.ofMillis(1))).isFalse();
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_lock")
    void lock_workerEndsWithIt_isReleasedHereOnce() throws Exception {
        var lock = manager.lock();
        inAWorker(lock::lock);

        assertThat(lock.locked()).isTrue();
        lock.unlock();
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(lock::unlock);
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_rlock")
    void rlock_inAWorker() throws Exception {
        var lock = manager.rlock();
        inAWorker(() -> {
            lock.lock();
            lock.unlock();
        });

        assertThat(lock.locked()).isFalse();
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_semaphore")
    void semaphore_workerEndsWithAPermit_isReleasedHere() throws Exception {
        var semaphore = manager.semaphore(1);
        inAWorker(semaphore::acquire);

        assertThat(semaphore.availablePermits()).isZero();
        semaphore.release();
        assertThat(semaphore.availablePermits()).isEqualTo(1);
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_bounded_semaphore")
    void boundedSemaphore_workerEndsWithAPermit_isReleasedHere() throws Exception {
        var semaphore = manager.boundedSemaphore(1);
        inAWorker(semaphore::acquire);

        semaphore.release();
        assertThat(semaphore.availablePermits()).isEqualTo(1);
        assertThatIllegalStateException().isThrownBy(semaphore::release);
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_condition")
    void condition_inAWorker() throws Exception {
        var condition = manager.condition();
        inAWorker(() -> {
            condition.acquire();
            condition.release();
        });

        assertThat(condition.acquire(Duration.ZERO)).isTrue();
        condition.release();
    }

    @Test
    @Conforms("WithManagerTestCondition.test_wait_result")
    void condition_waitSaysWhetherItWasTold() throws Exception {
        var condition = manager.condition();
        condition.acquire();
        assertThat(condition.await(Duration.ZERO)).isFalse();
        assertThat(condition.await(Duration.ofMillis(100))).isFalse();
        var worker = MultiJvm.process(() -> {
            condition.acquire();
            condition.signal();
            condition.release();
        });
        worker.start();

        assertThat(condition.await(Duration.ofSeconds(60))).isTrue();

        condition.release();
        worker.joinOrThrow();
    }

    @Test
    void barrier_withAWorker() throws Exception {
        var barrier = manager.barrier(2);
        var worker = MultiJvm.process(barrier::await);
        worker.start();
        barrier.await();
        worker.joinOrThrow();

        assertThat(barrier.numberWaiting()).isZero();
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_queue")
    void queue_workerTakesTwo_isEmptyHere() throws Exception {
        ManagedQueue<Integer> queue = manager.queue(2);
        queue.put(5);
        queue.put(6);
        inAWorker(() -> {
            assertThat(queue.full()).isTrue();
            assertThat(queue.qsize()).isEqualTo(2);
            assertThat(queue.get()).isEqualTo(5);
            assertThat(queue.get()).isEqualTo(6);
        });

        assertThat(queue.empty()).isTrue();
        assertThat(queue.full()).isFalse();
        assertThat(queue.remainingCapacity()).isEqualTo(2);
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_joinable_queue")
    void joinableQueue_workerTakesTwo_isEmptyHere() throws Exception {
        ManagedJoinableQueue<Integer> queue = manager.joinableQueue(2);
        queue.put(5);
        queue.put(6);
        inAWorker(() -> {
            assertThat(queue.full()).isTrue();
            assertThat(queue.qsize()).isEqualTo(2);
            assertThat(queue.get()).isEqualTo(5);
            assertThat(queue.get()).isEqualTo(6);
            queue.taskDone(); // or else they come back
            queue.taskDone();
        });

        assertThat(queue.empty()).isTrue();
        assertThat(queue.full()).isFalse();
        queue.join();
    }

    @Test
    void lifoAndPriorityQueue_giveInTheirOrder() throws Exception {
        ManagedQueue<String> lifo = manager.lifoQueue(0);
        ManagedQueue<Integer> priority = manager.priorityQueue(3);
        inAWorker(() -> {
            lifo.addAll(List.of("a", "b", "c"));
            priority.addAll(List.of(3, -5, 1));
        });

        assertThat(lifo).containsExactly("c", "b", "a");
        assertThat(lifo.peek()).isEqualTo("c");
        assertThat(List.of(lifo.take(), lifo.take(), lifo.take())).containsExactly("c", "b", "a");
        assertThat(priority.full()).isTrue();
        assertThat(priority).containsExactly(-5, 1, 3);
        assertThat(List.of(priority.take(), priority.take(), priority.take())).containsExactly(-5, 1, 3);
    }

    @Test
    void priorityQueue_notComparable_isRefused() throws Exception {
        @SuppressWarnings({"unchecked", "rawtypes"}) // as a program may that does not look at warnings
        ManagedQueue<Object> queue = (ManagedQueue) manager.priorityQueue(0);

        assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> queue.put(List.of()));
        queue.put("a");
        assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> queue.put(1));
        assertThat(queue).containsExactly("a");
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_list")
    void list_workerUsesEverything_isEmptyHere() throws Exception {
        ManagedList<Integer> list = manager.list(List.of(1, 2, 3));
        list.add(4);
        inAWorker(() -> {
            assertThat(Collections.frequency(list, 4)).isEqualTo(1);
            assertThat(list.indexOf(2)).isEqualTo(1);
            assertThat(list.get(0)).isEqualTo(1);
            Collections.reverse(list);
            list.sort(null);
            list.addAll(List.of(5, 5));
            assertThat(list.copy()).containsExactly(1, 2, 3, 4, 5, 5);
            assertThat(list.remove(list.size() - 1)).isEqualTo(5);
            list.clear();
        });

        assertThat(list.isEmpty()).isTrue();
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_dict")
    void dict_workerUsesEverything_isEmptyHere() throws Exception {
        ManagedMap<String, Integer> dict = manager.dict(Map.of("a", 1));
        dict.put("b", 2);
        inAWorker(() -> {
            assertThat(dict.get("a")).isEqualTo(1);
            assertThat(dict.entrySet()).containsExactly(Map.entry("a", 1), Map.entry("b", 2));
            assertThat(dict.keySet()).containsExactly("a", "b");
            assertThat(dict.values()).containsExactly(1, 2);
            assertThat(dict.copy()).isEqualTo(Map.of("a", 1, "b", 2));
            assertThat(dict.putIfAbsent("a", 9)).isEqualTo(1);
            dict.putAll(Map.of("c", 3));
            assertThat(dict.remove("c")).isEqualTo(3);
            dict.clear();
        });

        assertThat(dict.isEmpty()).isTrue();
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_array")
    void array_workerReads() throws Exception {
        ManagedArray<Integer> array = manager.array('i', List.of(0, 1, 2, 3));
        inAWorker(() -> {
            assertThat(array).containsExactly(0, 1, 2, 3);
            assertThat(array.get(2)).isEqualTo(2);
        });
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_namespace")
    void namespace_workerReads() throws Exception {
        var namespace = manager.namespace();
        namespace.set("x", 1);
        namespace.set("y", "why");
        inAWorker(() -> {
            assertThat(namespace.get("x")).isEqualTo(1);
            assertThat(namespace.get("y")).isEqualTo("why");
        });
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_set_init")
    void set_ofWhatever_isIterable() {
        assertThat(manager.set(Set.of(1, 2))).containsExactlyInAnyOrder(1, 2);
        assertThat(manager.set(List.of(1, 2, 2))).containsExactly(1, 2);
        assertThat(manager.set(Map.of("a", 1).keySet())).containsExactly("a");
    }

    @Test
    @Conforms("TestSyncManagerTypes.test_pool")
    void pool_isUsedAndClosedByAWorker() throws Exception {
        try (Manager own = Manager.start(ManagerOptions.defaults())) {
            ManagedPool pool = own.pool(2);
            inAWorker(() -> {
                try (pool) {
                    assertThat(pool.apply(() -> 6 * 7)).isEqualTo(42);
                }
            });

            assertThat(pool.join(Duration.ofSeconds(30))).isTrue();
            assertThat(pool.pids()).isEmpty();
        }
    }
}
