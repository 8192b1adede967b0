package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.Gate;
import io.multijvm.contract.PoolParties;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.ForkTest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Results that are asked for one by one, of inputs without end. */
@ForkTest
final class ResultIteratorTest extends PoolParties {
    private static final int WINDOW = 32; // chunks, of two workers

    ResultIteratorTest() {
        super(StartMethod.FORKSERVER);
    }

    private static Iterable<Integer> counted(AtomicInteger taken) {
        return () -> Stream.generate(taken::getAndIncrement).iterator();
    }

    @Test
    void imap_endlessInput_takesNoMoreThanTheWindow() throws Exception {
        Pool pool = newPool(2);
        var gate = new Gate();
        gate.open();
        for (int chunk : new int[] {1, 5}) {
            var taken = new AtomicInteger();
            try (var results = pool.imap(gate::passWith, counted(taken), chunk)) {
                gate.awaitArrivals(WINDOW * chunk);
                assertThat(taken).hasValue(WINDOW * chunk);
                for (int i = 0; i < 200; i++) {
                    assertThat(results.next()).isEqualTo(i);
                    assertThat(taken.get()).isLessThanOrEqualTo((WINDOW + i / chunk + 1) * chunk);
                }
            }
            int whenClosed = taken.get();
            assertThat(pool.apply(() -> 1)).isEqualTo(1);
            assertThat(taken).hasValue(whenClosed);
            while (gate.hasArrivals()) {
                gate.awaitArrivals(1);
            }
        }
    }

    @Test
    void imapUnordered_endlessInput_takesNoMoreThanTheWindow() {
        Pool pool = newPool(2);
        var taken = new AtomicInteger();
        try (var results = pool.imapUnordered(n -> n, counted(taken))) {
            Eventually.holds(() -> taken.get() == WINDOW);
            for (int i = 0; i < 500; i++) {
                results.next();
                assertThat(taken.get()).isLessThanOrEqualTo(WINDOW + i + 1);
            }
        }
    }

    @Test
    void stream_endlessInput_isLazy() {
        Pool pool = newPool(2);
        var taken = new AtomicInteger();

        try (var results = pool.imap(n -> n * 2, counted(taken)).stream()) {
            assertThat(results.filter(n -> n % 3 == 0).limit(5)).containsExactly(0, 6, 12, 18, 24);
        }
        assertThat(taken.get()).isLessThan(100);
    }

    @Test
    @Timeout(300)
    void imap_millionLargeInputs_fitIntoASmallHeap() throws Exception {
        try (var program = ChildJvm.of(Million.class).flags("-Xmx24m").start()) {
            assertThat(program.awaitExit(Duration.ofMinutes(4))).isZero();
            assertThat(program.stdout()).isEqualTo("1000000 499999500000\n");
        }
    }

    static final class Million {
        public static void main(String[] args) {
            long count = 0;
            long sum = 0;
            try (var pool = MultiJvm.pool(2)) {
                var numbers = new AtomicInteger();
                Iterable<byte[]> input = () -> Stream.generate(() -> {
                            byte[] next = new byte[100];
                            java.nio.ByteBuffer.wrap(next).putInt(numbers.getAndIncrement());
                            return next;
                        })
                        .limit(1_000_000)
                        .iterator();
                var results = pool.imap(each -> java.nio.ByteBuffer.wrap(each).getInt(), input, 50);
                while (results.hasNext()) {
                    sum += results.next();
                    count++;
                }
            }
            System.out.println(count + " " + sum);
        }
    }
}
