package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.connection.Connection;
import io.multijvm.contract.PoolParties;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import java.io.EOFException;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Shared objects in tasks and in results. */
@ForkTest
@JdkTest
final class PoolPassingTest extends PoolParties {
    PoolPassingTest() {
        super(StartMethod.FORKSERVER);
    }

    @Test
    void queue_inTasks_isTheSame() throws Exception {
        Pool pool = sharedPool(2);
        var queue = MultiJvm.<Integer>queue();

        pool.map(
                n -> {
                    queue.put(n);
                    return n;
                },
                IntStream.range(0, 20).boxed().toList(),
                1);

        assertThat(IntStream.range(0, 20).mapToObj(n -> queue.poll()))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 20).boxed().toList());
        queue.put(42);
        assertThat(pool.apply(() -> queue.take())).isEqualTo(42);
    }

    @Test
    void queue_asArgumentAndResult_isTheSame() throws Exception {
        Pool pool = sharedPool(1);
        var queue = MultiJvm.<String>queue();

        var back = pool.map(each -> each, List.of(queue)).get(0);
        back.put("through the copy");
        assertThat(queue.take()).isEqualTo("through the copy");
        var made = pool.apply(() -> {
            var other = MultiJvm.<String>queue();
            other.put("made there");
            return other;
        });
        assertThat(made.take()).isEqualTo("made there");
    }

    @Test
    void lockAndArray_inTasks_countRight() throws Exception {
        Pool pool = sharedPool(2);
        var lock = MultiJvm.lock();
        try (var count = io.multijvm.shared.SharedIntArray.of(1)) {
            pool.map(
                    n -> {
                        lock.lock();
                        try {
                            count.set(0, count.get(0) + 1);
                        } finally {
                            lock.unlock();
                        }
                        return n;
                    },
                    IntStream.range(0, 500).boxed().toList(),
                    10);
            assertThat(count.get(0)).isEqualTo(500);
        }
    }

    @Test
    void connection_inATask_worksAndEndsWithTheLastCopy() throws Exception {
        Pool pool = sharedPool(1);
        try (var pipe = MultiJvm.pipe(false)) {
            Connection writer = pipe.writer();
            var sent = pool.applyAsync(() -> {
                writer.send("from the task");
                writer.close();
                return "sent";
            });
            assertThat(sent.get(PATIENCE)).isEqualTo("sent");
            assertThat(pipe.reader().recv()).isEqualTo("from the task");
            writer.close();
            Assertions.assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(() -> pipe.reader().recv());
        }
    }

    @Test
    void connection_inAFunction_servesEveryWorker() throws Exception {
        Pool pool = sharedPool(2);
        try (var pipe = MultiJvm.pipe(false)) {
            Connection writer = pipe.writer();
            var lock = MultiJvm.lock();
            pool.map(
                    n -> {
                        lock.lock();
                        try {
                            writer.send(n);
                        } finally {
                            lock.unlock();
                        }
                        return n;
                    },
                    List.of(1, 2, 3, 4),
                    1);
            var seen = new java.util.ArrayList<Object>();
            for (int i = 0; i < 4; i++) {
                seen.add(pipe.reader().recv());
            }
            assertThat(seen).containsExactlyInAnyOrder(1, 2, 3, 4);
        }
    }

    @Test
    void connection_asResult_works() throws Exception {
        Pool pool = sharedPool(1);

        Connection reader = pool.apply(() -> {
            var pipe = MultiJvm.pipe(false);
            pipe.writer().send("made there");
            pipe.writer().close();
            return pipe.reader();
        });

        assertThat(reader.recv()).isEqualTo("made there");
        reader.close();
    }

    @Test
    void connections_inTasksThatNeverRun_areGivenUp() throws Exception {
        Pool pool = sharedPool(1);
        try (var pipe = MultiJvm.pipe(false)) {
            Connection writer = pipe.writer();
            var gate = new io.multijvm.contract.Gate();
            var first = pool.applyAsync(() -> gate.passWith(1));
            gate.awaitArrivals(1);
            var waiting = pool.applyAsync(() -> {
                writer.send("never");
                return 1;
            });
            waiting.cancel(true);
            writer.close();

            Assertions.assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(() -> pipe.reader().recv());
            gate.open();
            first.get(PATIENCE);
        }
    }

    @Test
    void worker_isAProcessWithAParentAndMayHaveChildren() throws Exception {
        Pool pool = sharedPool(1);

        assertThat(pool.apply(() -> MultiJvm.parentProcess().orElseThrow().pid()))
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(pool.apply(() -> MultiJvm.currentProcess().isDaemon())).isFalse();
    }

    @Test
    void pools_threeDeep_work() throws Exception {
        Pool pool = newPool(1);

        assertThat(pool.apply(() -> {
                    try (Pool second = MultiJvm.pool(1)) {
                        return second.apply(() -> {
                            try (Pool third = MultiJvm.pool(1)) {
                                return third.apply(() -> 3);
                            }
                        });
                    }
                }))
                .isEqualTo(3);
    }
}
