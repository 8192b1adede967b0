package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@ForkTest
final class ManagedPoolTest {
    private static final List<Integer> TEN = IntStream.range(0, 10).boxed().toList();
    private static final List<Integer> SQUARES =
            TEN.stream().map(each -> each * each).toList();
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Manager manager = Manager.start(ManagerOptions.defaults());

    /** With it what its first child brings along goes. */
    @AfterEach
    void end() {
        manager.shutdown();
    }

    private static int square(int number) {
        return number * number;
    }

    private static int failing(int number) {
        throw new IllegalStateException("no square of " + number);
    }

    private static int wait(int number) throws InterruptedException {
        new CountDownLatch(1).await();
        return number;
    }

    @Test
    @Conforms({"WithManagerTestPool.test_map", "WithManagerTestPool.test_map_async", "WithManagerTestPool.test_async"})
    void mapAndApply_valuesInOrder() throws Exception {
        try (ManagedPool pool = manager.pool(2)) {
            assertThat(pool.apply(() -> square(7))).isEqualTo(49);
            assertThat(pool.applyAsync(() -> square(8)).get(SOON)).isEqualTo(64);
            assertThat(pool.<Integer, Integer>map(ManagedPoolTest::square, TEN)).isEqualTo(SQUARES);
            assertThat(pool.<Integer, Integer>map(ManagedPoolTest::square, TEN, 3))
                    .isEqualTo(SQUARES);
            assertThat(pool.<Integer, Integer>mapAsync(ManagedPoolTest::square, TEN)
                            .get(SOON))
                    .isEqualTo(SQUARES);
        }
    }

    @Test
    @Conforms({"WithManagerTestPool.test_starmap", "WithManagerTestPool.test_starmap_async"})
    void starmap_pairs_areTwoParameters() throws Exception {
        List<Map.Entry<Integer, Integer>> pairs =
                TEN.stream().map(each -> Map.entry(each, 10)).toList();
        List<Integer> expected = TEN.stream().map(each -> each * 10).toList();
        try (ManagedPool pool = manager.pool(2)) {
            assertThat(pool.<Integer, Integer, Integer>starmap((a, b) -> a * b, pairs, 4))
                    .isEqualTo(expected);
            assertThat(pool.<Integer, Integer, Integer>starmapAsync((a, b) -> a * b, pairs)
                            .get(SOON))
                    .isEqualTo(expected);
        }
    }

    @Test
    @Conforms({"WithManagerTestPool.test_imap_unordered", "WithManagerTestPool.test_empty_iterable"})
    void imap_iterators_giveAllValuesOnce() throws Exception {
        try (ManagedPool pool = manager.pool(2)) {
            assertThat(all(pool.<Integer, Integer>imap(ManagedPoolTest::square, TEN, 1)))
                    .isEqualTo(SQUARES);
            assertThat(all(pool.<Integer, Integer>imapUnordered(ManagedPoolTest::square, TEN, 3)))
                    .containsExactlyInAnyOrderElementsOf(SQUARES);
            assertThat(all(pool.<Integer, Integer>imap(ManagedPoolTest::square, List.of(), 1)))
                    .isEmpty();
            assertThat(pool.<Integer, Integer>map(ManagedPoolTest::square, List.of()))
                    .isEmpty();
        }
    }

    private static <T> List<T> all(Iterator<T> values) {
        var list = new ArrayList<T>();
        values.forEachRemaining(list::add);
        return list;
    }

    @Test
    @Conforms("WithManagerTestPool.test_map_async_callbacks")
    void callbacks_runInTheServerBeforeTheResultIsOne() throws Exception {
        ManagedList<String> seen = manager.list();
        try (ManagedPool pool = manager.pool(1)) {
            var good = pool.<Integer, Integer>mapAsync(
                    ManagedPoolTest::square,
                    List.of(1, 2),
                    1,
                    values -> seen.add("values " + values),
                    failure -> seen.add("wrong"));
            assertThat(good.await(SOON)).isTrue();
            assertThat(good.successful()).isTrue();
            var bad = pool.<Integer, Integer>mapAsync(
                    ManagedPoolTest::failing,
                    List.of(1, 2),
                    1,
                    values -> seen.add("wrong"),
                    failure -> seen.add("failed " + failure.getMessage()));
            assertThat(bad.await(SOON)).isTrue();
            assertThat(bad.successful()).isFalse();
        }

        assertThat(seen).containsExactly("values [1, 4]", "failed no square of 1");
    }

    @Test
    @Conforms("WithManagerTestPool.test_wrapped_exception")
    void apply_failing_throwsWhatTheTaskHasThrown() {
        try (ManagedPool pool = manager.pool(1)) {
            assertThatThrownBy(() -> pool.apply(() -> failing(3)))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no square of 3");
        }
    }

    /** Nothing that can be sent, but to itself. */
    private static final class Unsendable implements Serializable {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("unused")
        private final Object field = new Object();
    }

    @Test
    @Conforms("WithManagerTestPool.test_map_unplicklable")
    void map_unsendable_saysSo() {
        List<Object> items = List.of(new Unsendable(), new Unsendable());
        try (ManagedPool pool = manager.pool(1)) {
            assertThatThrownBy(() -> pool.map(item -> item, items)).isInstanceOf(NotSendableException.class);
        }
    }

    @Test
    @Conforms("WithManagerTestPool.test_async_timeout")
    void get_notInTime_timesOutAndTheTaskGoesOn() throws Exception {
        try (ManagedPool pool = manager.pool(1)) {
            ManagedResult<Integer> result = pool.applyAsync(() -> wait(1));

            assertThatThrownBy(() -> result.get(Duration.ofMillis(100))).isInstanceOf(TimeoutException.class);

            assertThat(result.ready()).isFalse();
            assertThat(result.cancel(true)).isTrue();
            assertThatThrownBy(() -> result.get(SOON)).isInstanceOf(CancellationException.class);
            assertThat(result.isCancelled()).isTrue();
        }
    }

    @Test
    @Conforms("WithManagerTestPool.test_make_pool")
    void pool_size_isHowManyWorkersThereAre() throws Exception {
        assertThatThrownBy(() -> manager.pool(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> manager.pool(-1)).isInstanceOf(IllegalArgumentException.class);
        try (ManagedPool pool = manager.pool(3)) {
            var pids = new HashSet<Long>();
            for (int i = 0; i < 200 && pids.size() < 3; i++) {
                pids.addAll(pool.<Integer, Long>map(
                        number -> ProcessHandle.current().pid(), TEN, 1));
            }
            assertThat(pids).containsExactlyInAnyOrderElementsOf(pool.pids()).hasSize(3);
        }
    }

    @Test
    @Conforms("WithManagerTestPool.test_terminate")
    void terminate_longTasks_endsAtOnce() throws Exception {
        ManagedPool pool = manager.pool(2);
        ManagedResult<List<Integer>> result = pool.mapAsync(
                ManagedPoolTest::wait, IntStream.range(0, 10_000).boxed().toList(), 1, null, null);

        pool.terminate();

        assertThat(pool.join(SOON))
                .as(() -> manager.process().orElseThrow().threadDump())
                .isTrue();
        assertThatThrownBy(result::get).isInstanceOf(CancellationException.class);
    }

    @Test
    @Conforms("WithManagerTestPool.test_map_no_failfast")
    void map_failing_waitsForTheOthers() throws Exception {
        ManagedList<Integer> ran = manager.list();
        ManagedPool pool = manager.pool(2);
        assertThatThrownBy(() -> pool.map(
                        number -> {
                            ran.add(number);
                            throw new IllegalStateException("x".repeat(1 << 20) + number);
                        },
                        TEN,
                        1))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .hasMessageEndingWith("x0");

        assertThat(ran).containsExactlyInAnyOrderElementsOf(TEN);
        pool.shutdown();
        assertThat(pool.join(SOON)).isTrue();
    }
}
