package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.queue.UnreadableItemException;
import io.multijvm.testkit.Conforms;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.math.BigInteger;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What may be an item of a queue of ours, and what may not. */
public interface QueueItemsContract {
    /** A new, empty queue; unbounded unless {@code maxsize} is positive. */
    <E> QueueVerbs<E> newQueue(int maxsize);

    /** An item with items. */
    record Order(int number, List<String> lines, Map<String, Object> details, Instant when) implements Serializable {}

    @Test
    default void items_ofAllKinds_comeBackAsTheyWere() throws Exception {
        var details = new LinkedHashMap<String, Object>();
        details.put("pi", Math.PI);
        details.put("none", null);
        details.put("inner", new Order(2, List.of(), Map.of(), Instant.EPOCH));
        var items = List.of(
                true,
                (byte) -1,
                'c',
                Short.MIN_VALUE,
                Integer.MAX_VALUE,
                Long.MIN_VALUE,
                Float.NaN,
                -0.0,
                "",
                "text with \ud83d\ude00 and \0",
                BigInteger.TWO.pow(200),
                Duration.ofNanos(1),
                StandardOpenOption.APPEND,
                EnumSet.of(StandardOpenOption.READ),
                String.class,
                Arrays.asList(1, null, "three"),
                new ArrayList<>(),
                Map.of(1, List.of(2.5, Map.of())),
                new Order(1, List.of("a", "b"), details, Instant.MAX));
        var queue = newQueue(0);
        for (Object item : items) {
            queue.put(item);
        }
        assertThat(queue).containsExactlyElementsOf(items);

        for (Object item : items) {
            assertThat(queue.get()).isEqualTo(item).isExactlyInstanceOf(item.getClass());
        }
    }

    @Test
    default void items_arraysOfAllSizes_comeBackAsTheyWere() throws Exception {
        var queue = this.<byte[]>newQueue(0);
        var sizes = List.of(0, 1, 1023, 64 * 1024, 1024 * 1024, 20 * 1024 * 1024, 100, 0);
        for (int size : sizes) {
            queue.put(random(size));
        }
        assertThat(queue.size()).isEqualTo(sizes.size());

        for (int size : sizes) {
            assertThat(queue.get()).isEqualTo(random(size));
        }
        assertThat(queue.isEmpty()).isTrue();
    }

    private static byte[] random(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    default void item_thatContainsItself_comesBackAsItWas() throws Exception {
        var queue = this.<Object[]>newQueue(0);
        var knot = new Object[] {null, "tied"};
        knot[0] = knot;

        queue.put(knot);

        var back = queue.get();
        assertThat(back[0]).isSameAs(back);
        assertThat(back[1]).isEqualTo("tied");
    }

    @Test
    default void item_changedAfterPut_isAsItWasThen() throws Exception {
        var queue = this.<List<String>>newQueue(0);
        var item = new ArrayList<>(List.of("a"));
        queue.put(item);
        item.add("b");

        assertThat(queue.peek()).containsExactly("a");
        assertThat(queue.get()).containsExactly("a");
    }

    /** Has a field that is not sendable. */
    record Parcel(String name, Wrapping wrapping) implements Serializable {}

    /** So has this. */
    final class Wrapping implements Serializable {
        private static final long serialVersionUID = 1;

        @SuppressWarnings({"serial", "UnusedVariable"}) // that is the point
        private final Object string = new Thread("not sendable");
    }

    @Test
    @Conforms({"_TestQueue.test_queue_feeder_donot_stop_onexc", "_TestQueue.test_queue_feeder_on_queue_feeder_error"})
    default void put_notSendable_namesTheFieldAndLeavesTheQueueUnharmed() throws Exception {
        var queue = newQueue(1);
        var parcel = new Parcel("first", new Wrapping());
        for (var way : QueueSource.waysOfPutting()) {
            assertThatExceptionOfType(NotSendableException.class)
                    .isThrownBy(() -> way.put(queue, parcel))
                    .withMessageContaining("wrapping")
                    .withMessageContaining("string")
                    .withMessageContaining("Thread");
        }
        for (var way : QueueSource.waysOfTryingToPut()) {
            assertThatExceptionOfType(NotSendableException.class).isThrownBy(() -> way.put(queue, parcel));
        }
        assertThatExceptionOfType(NotSendableException.class).isThrownBy(() -> queue.put(List.of(parcel), null));
        assertThatExceptionOfType(NotSendableException.class).isThrownBy(() -> queue.putNowait(parcel));
        assertThatExceptionOfType(NotSendableException.class).isThrownBy(() -> queue.add(parcel));
        assertThat(queue.qsize()).isZero();
        assertThat(queue.remainingCapacity()).isEqualTo(1);

        queue.put("next");

        assertThat(queue.qsize()).isEqualTo(1);
        assertThat(queue.get(Duration.ofSeconds(30))).isEqualTo("next");
        assertThat(queue.empty()).isTrue();
    }

    /** Can be written, and never be read again. */
    final class OneWay implements Serializable {
        private static final long serialVersionUID = 1;

        @Serial
        @SuppressWarnings("UnusedMethod")
        private void readObject(ObjectInputStream in) throws IOException {
            throw new InvalidObjectException("nobody may read this");
        }
    }

    @Test
    default void get_itemThatCannotBeRebuilt_saysSoAndGoesOnWithTheNext() throws Exception {
        var queue = newQueue(0);
        for (var way : QueueSource.waysOfTaking()) {
            queue.put(new OneWay());
            queue.put("next");

            assertThatThrownBy(() -> way.take(queue))
                    .isInstanceOf(UnreadableItemException.class)
                    .hasStackTraceContaining("nobody may read this");

            assertThat(queue.qsize()).isEqualTo(1);
            assertThat(way.take(queue)).isEqualTo("next");
            assertThat(queue.empty()).isTrue();
        }
    }

    /** Looks at a queue while it is written and read, as user code may. */
    final class Nosy implements Serializable {
        private static final long serialVersionUID = 1;
        private static final AtomicReference<QueueVerbs<Object>> WATCHED = new AtomicReference<>();

        @Serial
        private void writeObject(ObjectOutputStream out) throws IOException {
            out.writeInt(WATCHED.get().size());
        }

        @Serial
        private void readObject(ObjectInputStream in) throws IOException {
            if (in.readInt() != WATCHED.get().size()) {
                throw new InvalidObjectException("size has changed");
            }
            assertThat(WATCHED.get().offer("from inside")).isTrue();
        }
    }

    @Test
    default void userCode_runsWhileNothingIsHeld() throws Exception {
        var queue = newQueue(2);
        Nosy.WATCHED.set(queue);

        queue.put(new Nosy());
        assertThat(queue.get()).isInstanceOf(Nosy.class);

        assertThat(queue.get()).isEqualTo("from inside");
        assertThat(queue.empty()).isTrue();
    }
}
