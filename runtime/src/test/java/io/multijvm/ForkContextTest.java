package io.multijvm;

import static io.multijvm.contract.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.manager.ManagedMap;
import io.multijvm.manager.Manager;
import io.multijvm.pool.Pool;
import io.multijvm.process.JvmProcess;
import io.multijvm.queue.JoinableQueue;
import io.multijvm.queue.ProcessQueue;
import io.multijvm.shared.SharedValue;
import io.multijvm.sync.ProcessEvent;
import io.multijvm.sync.ProcessLock;
import io.multijvm.sync.ProcessSemaphore;
import io.multijvm.testkit.ForkTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What else there is than processes, in a context whose processes are forked, or in the state that they get. */
@ForkTest
final class ForkContextTest {
    private final Context context = MultiJvm.getContext(StartMethod.FORK);

    @AfterEach
    void forget() {
        context.close();
        State.TABLE.clear();
        State.shared = null;
        State.dict = null;
    }

    /** Objects of several processes in one object of a single one's. */
    private static final class Shared {
        final ProcessQueue<String> queue;
        final JoinableQueue<String> tasks;
        final ProcessLock lock;
        final ProcessSemaphore semaphore;
        final ProcessEvent event;
        final SharedValue<Integer> count;

        Shared(Context context) {
            queue = context.queue();
            tasks = context.joinableQueue();
            lock = context.lock();
            semaphore = context.semaphore(2);
            event = context.event();
            count = context.value('i', 0);
        }

        void close() {
            queue.close();
            tasks.close();
        }
    }

    private static final class State {
        static final Map<Integer, String> TABLE = new HashMap<>();

        static @Nullable Shared shared;

        static @Nullable ManagedMap<String, Integer> dict;

        static Shared shared() {
            Shared it = shared;
            if (it == null) {
                throw new IllegalStateException("not forked");
            }
            return it;
        }

        static String lookUp(int number) {
            return TABLE.getOrDefault(number, "unknown");
        }
    }

    @Test
    void pool_itsWorkers_haveTheStateOfTheirStart() throws Exception {
        State.TABLE.put(1, "one");
        State.TABLE.put(2, "two");
        try (Pool pool = context.pool(2)) {
            assertThat(pool.map(State::lookUp, List.of(1, 2, 3))).containsExactly("one", "two", "unknown");
        }
    }

    @Test
    void pool_workerThatTakesAnothersPlace_hasTheStateOfItsOwnStart() throws Exception {
        State.TABLE.put(1, "before");
        try (Pool pool = context.pool(1)) {
            assertThat(pool.<String>apply(() -> State.lookUp(1))).isEqualTo("before");
            State.TABLE.put(1, "later");
            assertThat(pool.<String>apply(() -> State.lookUp(1))).isEqualTo("before");

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> pool.apply(() -> Runtime.getRuntime().halt(3)));
            assertThat(pool.<String>apply(() -> State.lookUp(1))).isEqualTo("later");
        }
    }

    @Test
    void executor_itsWorkers_haveTheStateOfTheirStart() throws Exception {
        State.TABLE.put(7, "seven");
        try (ProcessPoolExecutor executor = context.executor(2)) {
            assertThat(executor.submit(() -> State.lookUp(7)).get()).isEqualTo("seven");
            assertThat(executor.submit(() -> State.lookUp(8)).get()).isEqualTo("unknown");
        }
    }

    @Test
    void manager_itsObjectsInTheState_areTheSame() throws Exception {
        try (Manager manager = context.manager()) {
            ManagedMap<String, Integer> dict = manager.dict();
            dict.put("parent", 1);
            State.dict = dict;

            assertThat(answer(context, () -> {
                        ManagedMap<String, Integer> same = State.dict;
                        if (same == null) {
                            return -1;
                        }
                        same.put("child", 2);
                        return same.get("parent");
                    }))
                    .isEqualTo(1);
            assertThat(dict).containsEntry("child", 2);
        }
    }

    @Test
    void state_sharedObjects_areTheSameInTheChild() throws Exception {
        var shared = new Shared(context);
        State.shared = shared;
        shared.semaphore.acquire();
        shared.tasks.put("task");
        JvmProcess child = context.process(() -> {
            Shared same = State.shared();
            same.queue.put(same.lock.tryLock() + " " + same.semaphore.tryAcquire() + same.semaphore.tryAcquire());
            same.lock.lock();
            try {
                same.count.set(same.count.get() + 1);
            } finally {
                same.lock.unlock();
            }
            same.queue.put(same.tasks.take());
            same.tasks.taskDone();
            same.event.set();
        });
        shared.lock.lock();
        try {
            child.start();
            assertThat(shared.queue.take()).isEqualTo("false truefalse");
            shared.count.set(41);
        } finally {
            shared.lock.unlock();
        }

        shared.event.await();
        shared.tasks.join();
        child.joinOrThrow();
        assertThat(shared.count.get()).isEqualTo(42);
        assertThat(shared.queue.take()).isEqualTo("task");
        assertThat(shared.queue.poll()).isNull();
        shared.close();
    }

    @Test
    void state_ofAChildsPool_isTheChilds() throws Exception {
        State.TABLE.put(1, "root");

        assertThat(answer(context, () -> {
                    State.TABLE.put(1, "child");
                    try (Pool pool = MultiJvm.getContext(StartMethod.FORK).pool(1)) {
                        return pool.<String>apply(() -> State.lookUp(1));
                    }
                }))
                .isEqualTo("child");
    }
}
