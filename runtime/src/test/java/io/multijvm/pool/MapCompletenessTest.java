package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.multijvm.StartMethod;
import io.multijvm.contract.Gate;
import io.multijvm.contract.PoolParties;
import io.multijvm.executor.MapOptions;
import io.multijvm.shared.SharedInt;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.ForkTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Maps whose results are read late, in part or never, and whose arguments come late or never. */
@ForkTest
final class MapCompletenessTest extends PoolParties {
    private static final int COUNT = 200; // several windows
    private static final List<Integer> NUMBERS =
            IntStream.range(0, COUNT).boxed().toList();

    private final SharedInt ran = SharedInt.raw(0);

    MapCompletenessTest() {
        super(StartMethod.FORKSERVER);
    }

    /** No collection, so they are drawn as there is room. */
    private static Iterator<Integer> generator() {
        return NUMBERS.iterator();
    }

    private TaskFunction<Integer, Integer> counting() {
        SharedInt counter = ran;
        return number -> {
            counter.incrementAndGet();
            return number;
        };
    }

    private static <T> List<T> rest(Iterator<T> results) {
        var all = new ArrayList<T>();
        results.forEachRemaining(all::add);
        return all;
    }

    @Test
    void executorClosed_resultsNeverRead_allCallsAreMade() {
        try (var executor = newExecutor(2)) {
            executor.map(counting(), NUMBERS);
            executor.map(counting(), MapCompletenessTest::generator);
            executor.map(counting(), NUMBERS, MapOptions.defaults().bufferSize(3));
            executor.map(counting(), NUMBERS, MapOptions.defaults().chunkSize(7));
        }

        assertThat(ran.get()).isEqualTo(4 * COUNT);
    }

    @Test
    void executorClosed_resultsReadAfterwards_areAllThere() {
        ResultIterator<Integer> unread;
        ResultIterator<Integer> begun;
        try (var executor = newExecutor(2)) {
            unread = executor.map(number -> number, MapCompletenessTest::generator);
            begun = executor.map(number -> number, NUMBERS);
            assertThat(begun.next()).isZero();
        }

        assertThat(rest(unread)).isEqualTo(NUMBERS);
        assertThat(rest(begun)).isEqualTo(NUMBERS.subList(1, COUNT));
    }

    @Test
    void executorClosed_endlessArgumentsReadInPart_endsAndSaysSo() {
        ResultIterator<Integer> results;
        try (var executor = newExecutor(2)) {
            results = executor.map(
                    number -> number, () -> Stream.iterate(0, n -> n + 1).iterator());
            assertThat(results.next()).isZero();
        }

        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> rest(results))
                .withMessageContaining("was closed before further arguments were drawn");
        assertThat(results.hasNext()).isFalse();
    }

    @Test
    void shutdown_resultsReadAfterwards_areAllThere() throws Exception {
        Pool pool = newPool(2);
        var ordered = pool.imap(number -> number, MapCompletenessTest::generator, 3);
        var unordered = pool.imapUnordered(number -> number, MapCompletenessTest::generator);
        assertThat(ordered.next()).isZero();

        pool.shutdown();

        assertThat(rest(ordered)).isEqualTo(NUMBERS.subList(1, COUNT));
        assertThat(rest(unordered)).containsExactlyInAnyOrderElementsOf(NUMBERS);
        pool.join();
    }

    @Test
    void shutdownAndJoin_resultsNeverRead_allCallsAreMade() throws Exception {
        Pool pool = newPool(2);
        pool.imap(counting(), MapCompletenessTest::generator);
        pool.imapUnordered(counting(), NUMBERS, 3);
        pool.shutdown();

        pool.join();

        assertThat(ran.get()).isEqualTo(2 * COUNT);
    }

    @Test
    void iterator_garbageAndNeverRead_allCallsAreMade() {
        var executor = newExecutor(2);
        executor.map(counting(), NUMBERS);

        Eventually.holds(() -> {
            System.gc();
            return ran.get() == COUNT;
        });
    }

    @Test
    void iterator_garbageAndReadInPart_isClosed() {
        Pool pool = newPool(2);
        var interrupted = new CountDownLatch(1);
        readOne(pool, interrupted);

        Eventually.holds(() -> {
            System.gc();
            return interrupted.getCount() == 0;
        });
    }

    /** Its second argument does not come. */
    private static void readOne(Pool pool, CountDownLatch interrupted) {
        assertThat(pool.imap(
                                number -> number,
                                () -> Stream.concat(
                                                Stream.of(5),
                                                Stream.generate(() -> waiting(new CountDownLatch(1), interrupted)
                                                        .next()))
                                        .iterator())
                        .next())
                .isEqualTo(5);
    }

    @Test
    void arguments_thatDependOnTheLastResult_areDrawn() {
        var source = new LinkedBlockingQueue<>(List.of(0));
        var results = newPool(2).imap(number -> number + 1, () -> new Draining(source));
        var seen = new ArrayList<Integer>();

        while (results.hasNext()) {
            int result = results.next();
            seen.add(result);
            source.add(result < 5 ? result : -1);
        }

        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
    }

    /** Takes from a queue up to -1. */
    private static final class Draining implements Iterator<Integer> {
        private final LinkedBlockingQueue<Integer> queue;
        private Integer next;

        Draining(LinkedBlockingQueue<Integer> queue) {
            this.queue = queue;
        }

        @Override
        public boolean hasNext() {
            try {
                next = queue.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            return next != -1;
        }

        @Override
        public Integer next() {
            return next;
        }
    }

    @Test
    void nextWithTimeout_argumentsDoNotCome_givesWhatIsThereAndThenTimesOut() throws Exception {
        var source = new LinkedBlockingQueue<>(List.of(1, 2));
        for (var results : List.of(
                newPool(1).imap(number -> number, () -> new Draining(source)),
                newPool(1)
                        .imapUnordered(
                                number -> number, () -> new Draining(new LinkedBlockingQueue<>(List.of(1, 2)))))) {
            assertThat(results.next(PATIENCE)).isEqualTo(1);
            assertThat(results.next(PATIENCE)).isEqualTo(2);
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> results.next(Duration.ofMillis(10)));
            results.close();
        }
    }

    @Test
    void mapWithTimeout_argumentsDoNotCome_timesOut() {
        var options = MapOptions.defaults().timeout(Duration.ofMillis(50));
        var results = newExecutor(1).map(number -> number, () -> new Draining(new LinkedBlockingQueue<>()), options);

        assertThat(results.hasNext()).isTrue();
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(results::next)
                .withCauseInstanceOf(TimeoutException.class);
        assertThat(results.hasNext()).isFalse();
    }

    @Test
    void arguments_thatFail_areToldAfterTheResults() {
        for (Throwable failure : List.of(new IllegalStateException("drawn"), new AssertionError("drawn"))) {
            var results = newPool(2)
                    .imap(
                            number -> number,
                            () -> IntStream.range(0, 3)
                                    .peek(number -> {
                                        if (number == 2) {
                                            throwing(failure);
                                        }
                                    })
                                    .boxed()
                                    .iterator());

            assertThat(results.next()).isZero();
            assertThat(results.next()).isEqualTo(1);
            assertThat(results.hasNext()).isTrue();
            assertThat(catchThrowable(results::next)).isSameAs(failure);
            assertThat(results.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(results::next);
        }
    }

    private static void throwing(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    @Test
    void close_argumentsDoNotCome_interruptsTheirThread() throws Exception {
        var interrupted = new CountDownLatch(1);
        var drawing = new CountDownLatch(1);
        var results = newPool(1).imap(number -> number, () -> waiting(drawing, interrupted));
        drawing.await();

        results.close();

        interrupted.await();
        assertThat(results.hasNext()).isFalse();
    }

    private static Iterator<Integer> waiting(CountDownLatch drawing, CountDownLatch interrupted) {
        return Stream.generate(() -> {
                    drawing.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                    return 1;
                })
                .iterator();
    }

    @Test
    void terminate_argumentsDoNotCome_endsThePoolAndTheReader() throws Exception {
        var drawing = new CountDownLatch(1);
        Pool pool = newPool(1);
        var results = pool.imap(number -> number, () -> waiting(drawing, new CountDownLatch(1)));
        var reader = Background.run(() -> catchThrowable(results::next));
        drawing.await();

        pool.close();

        assertThat(reader.get()).isInstanceOf(CancellationException.class);
    }

    @Test
    void fullPool_thatRejects_makesAMapWait() throws Exception {
        var executor = newExecutor(PoolOptions.defaults().workers(1).capacity(1, PoolOptions.WhenFull.REJECT));
        var gate = new Gate();
        var results = executor.map(gate::passWith, NUMBERS);
        gate.awaitArrivals(1);
        gate.open();

        assertThat(rest(results)).isEqualTo(NUMBERS);
    }
}
