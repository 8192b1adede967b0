package io.multijvm.ipc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.testkit.JdkTest;
import io.multijvm.testkit.StressTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@JdkTest
final class CodecTest {
    private static final ClassLoader LOADER = CodecTest.class.getClassLoader();
    private static final String LONE_HIGH = "a\ud83d";
    private static final String LONE_LOW = "\ude00b";

    private static Stream<Object> valuesOfAllKinds() {
        return Stream.of(
                true,
                false,
                0,
                Integer.MIN_VALUE,
                Integer.MAX_VALUE,
                Long.MIN_VALUE,
                -1L,
                0.0,
                -0.0,
                Double.NaN,
                Double.MIN_VALUE,
                Double.NEGATIVE_INFINITY,
                "",
                "plain",
                "äöü€ \ud83d\ude00 \0 \uffff",
                LONE_HIGH,
                LONE_LOW,
                LONE_LOW + LONE_HIGH,
                "x".repeat(100_000),
                "\ud83d".repeat(100_000),
                (byte) -1,
                (short) 12,
                'c',
                '\ud83d',
                1.5f,
                Float.NaN,
                TimeUnit.DAYS,
                UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                LocalDate.of(2000, 2, 29),
                Duration.ofNanos(1),
                List.of(1, "two", 3.0),
                Map.of("key", List.of(LONE_HIGH)),
                new ArrayList<>(Arrays.asList(null, "x", null)),
                new LinkedHashMap<>(Map.of(1, 2)),
                EnumSet.of(TimeUnit.DAYS, TimeUnit.HOURS),
                propertiesOf("key", "value"),
                BitSet.valueOf(new long[] {5}),
                new ConcurrentHashMap<>(Map.of("a", 1)),
                new ConcurrentSkipListMap<>(Map.of("a", 1)),
                new CopyOnWriteArrayList<>(List.of("a")),
                int.class,
                String[].class,
                CodecTest.class,
                new Point(1, "r"));
    }

    private static Properties propertiesOf(String key, String value) {
        var properties = new Properties();
        properties.setProperty(key, value);
        return properties;
    }

    @TestFactory
    Stream<DynamicTest> decode_valueOfAnyKind_isEqualAndOfTheSameType() {
        return DynamicTest.stream(
                valuesOfAllKinds(),
                CodecTest::typeOf,
                value -> assertThat(copy(value)).isEqualTo(value).hasSameClassAs(value));
    }

    private static String typeOf(Object value) {
        return value.getClass().getTypeName();
    }

    @Test
    void decode_null_isNull() throws Exception {
        assertThat(copy(null)).isNull();
    }

    private static Stream<Object> arrays() {
        return Stream.of(
                new byte[0],
                new byte[] {1, -1, 0},
                new byte[200_000],
                new int[] {1, 2},
                new long[][] {{1}, {}, null},
                new boolean[] {true},
                new char[] {'\ud83d'},
                new Object[0],
                new Object[] {null, 1, 2L, 3.0, true, false, "s", new byte[] {4}},
                new Object[] {"before", LONE_HIGH, "between", LONE_LOW, new byte[] {1, 2}, 7, null, "after"},
                new Object[] {1, new Object[] {"in", new Object[] {LONE_LOW, null}}, List.of()},
                new String[] {"a", null, LONE_HIGH},
                new Integer[] {1, null},
                new Object[][] {{1}, null, {}},
                new Serializable[] {"a", 1},
                new Object[10_000]);
    }

    @TestFactory
    Stream<DynamicTest> decode_array_isDeeplyEqualAndOfTheSameType() {
        return DynamicTest.stream(arrays(), CodecTest::typeOf, array -> {
            Object copy = copy(array);

            assertThat(Objects.deepEquals(copy, array)).isTrue();
            assertThat(copy).hasSameClassAs(array);
        });
    }

    @Test
    void decode_notANumber_keepsWhatIsNotANumber() throws Exception {
        assertThat((Double) copy(Double.longBitsToDouble(0x7ff8000000000000L))).isNaN();
        assertThat(Double.doubleToRawLongBits((Double) copy(-0.0))).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void decode_sameObjectTwice_isTheSameAgain() throws Exception {
        var shared = new ArrayList<>(List.of("x"));
        var copy = (List<?>) copy(new ArrayList<>(List.of(shared, new ArrayList<>(List.of("x")), shared)));

        assertThat(copy.get(0)).isSameAs(copy.get(2)).isNotSameAs(copy.get(1));
    }

    @Test
    void decode_sameByteArrayTwiceInAnArray_isTheSameAgain() throws Exception {
        byte[] shared = {1, 2, 3};

        var copy = (Object[]) copy(new Object[] {shared, shared});

        assertThat(copy[0]).isSameAs(copy[1]).isEqualTo(shared);
    }

    @Test
    void decode_cycles_areClosedAgain() throws Exception {
        var list = new ArrayList<Object>();
        list.add(list);
        var listCopy = (List<?>) copy(list);
        assertThat(listCopy.get(0)).isSameAs(listCopy);

        var array = new Object[2];
        array[1] = array;
        var arrayCopy = (Object[]) copy(array);
        assertThat(arrayCopy[1]).isSameAs(arrayCopy);

        var node = new Node("a", new Node("b", null));
        node.next.next = node;
        var nodeCopy = (Node) copy(node);
        assertThat(nodeCopy.next.next).isSameAs(nodeCopy).isNotSameAs(node);
        assertThat(nodeCopy.next.name).isEqualTo("b");
    }

    @Test
    void decode_mutableValues_areIndependentCopies() throws Exception {
        var counter = new AtomicInteger(7);
        var copy = (AtomicInteger) copy(counter);
        counter.set(8);

        assertThat(copy).hasValue(7);
    }

    @Test
    void decode_exception_keepsTypeMessageCauseAndStack() throws Exception {
        var failure = new IllegalStateException("outer", new IOException("inner"));

        var copy = (Throwable) copy(failure);

        assertThat(copy).isInstanceOf(IllegalStateException.class).hasMessage("outer");
        assertThat(copy.getCause()).isInstanceOf(IOException.class).hasMessage("inner");
        assertThat(copy.getStackTrace()).isEqualTo(failure.getStackTrace());
    }

    @Test
    void decode_lambda_runsHere() throws Exception {
        int captured = 5;
        SerialFunction twice = number -> number * 2 + captured;

        assertThat(((SerialFunction) copy(twice)).apply(10)).isEqualTo(25);
    }

    @Test
    void encode_commonValues_needsNoSerialisation() {
        var accessed = new LinkedHashMap<Object, Object>(16, 0.75f, false);
        accessed.put(Instant.EPOCH, new TreeMap<>(Map.of("k", new BigDecimal("1.50"))));
        for (Object value : new Object[] {
            "s",
            1,
            1L,
            1.0,
            true,
            null,
            new byte[1],
            new Object[] {"a", 1, null},
            new long[3],
            List.of(),
            Set.of(1, 2),
            Map.of("a", List.of("b")),
            Stream.of(1, 2).toList(),
            new ArrayDeque<>(List.of(1)),
            accessed,
            new TreeSet<>(Set.of(3, 1)),
            new HashSet<>(List.of('c')),
            new Point(1, "x"),
            TimeUnit.DAYS,
            LocalTime.NOON,
            LocalDateTime.MIN,
            UUID.randomUUID(),
            BigInteger.TEN.pow(40),
            new String[] {"a", null}
        }) {
            try (var encoded = Codec.encode(value)) {
                assertThat(encoded.bytes()[0]).as("%s", value).isNotZero();
                assertThat(encoded.descriptors()).isEmpty();
            }
        }
    }

    @Test
    void encode_whatOnlySerialisationKeeps_isSerialised() {
        var inAccessOrder = new LinkedHashMap<>(16, 0.75f, true);
        var compared = new TreeMap<String, Integer>(String.CASE_INSENSITIVE_ORDER);
        var twice = new ArrayList<>();
        for (Object value : new Object[] {
            inAccessOrder,
            compared,
            new ArrayList<>(List.of(twice, twice)),
            new Integer[] {1},
            new BitSet(),
            new Replaced(1),
            List.of(new BitSet()),
            Map.of(1, inAccessOrder)
        }) {
            assertThat(Codec.encode(value).bytes()[0]).as("%s", value).isZero();
        }
    }

    @Test
    void decode_recordWithAHook_isAskedForIt() throws Exception {
        assertThat(copy(new Replaced(1))).isEqualTo("replaced 1");
    }

    @Test
    void decode_recordWhoseConstructorRefuses_saysWhy() {
        byte[] bytes = Codec.encode(new Positive(1)).bytes();
        bytes[bytes.length - 1] = -1;
        bytes[bytes.length - 4] = -1; // -16777215

        assertThatThrownBy(() -> Codec.decode(bytes, List.of(), LOADER))
                .isInstanceOf(InvalidObjectException.class)
                .hasMessageContaining("at least 1");
    }

    @Test
    void decode_listsOfStreams_mayBeAskedForNull() throws Exception {
        assertThat(((List<?>) copy(Stream.of(1, 2, 3).toList())).contains(null)).isFalse();
        var strict = (List<?>) copy(List.of(1, 2, 3));
        assertThatThrownBy(() -> strict.contains(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void decode_deepButNotEndless_isTheSame() throws Exception {
        Object deep = "bottom";
        for (int i = 0; i < 150; i++) {
            deep = new ArrayList<>(List.of(deep));
        }

        assertThat(copy(deep)).isEqualTo(deep);
    }

    @Test
    void decode_manyCollections_keepsThoseThatAreOne() throws Exception {
        var lists = new ArrayList<List<Integer>>();
        for (int i = 0; i < 100; i++) {
            lists.add(new ArrayList<>(List.of(i)));
        }
        assertThat(copy(lists)).isEqualTo(lists);
        lists.add(lists.get(0));

        var copy = (List<?>) copy(lists);

        assertThat(copy.get(100)).isSameAs(copy.get(0));
    }

    @Test
    void encode_lockInAField_isRefusedNamingTheWay() {
        var holder = new Holder(new ReentrantLock());

        assertThatThrownBy(() -> Codec.encode(holder))
                .isInstanceOf(NotSendableException.class)
                .hasMessageContaining(
                        Holder.class.getTypeName() + " -> held (java.util.concurrent.locks.ReentrantLock)")
                .hasMessageContaining("locks nothing outside its own JVM")
                .hasMessageContaining("transient");
    }

    private static Stream<Object> localToOneJvm() {
        return Stream.of(
                new ReentrantLock(),
                new ReentrantReadWriteLock(),
                new ReentrantReadWriteLock().readLock(),
                new StampedLock(),
                new Semaphore(1),
                new Thread("never started"),
                new ByteArrayInputStream(new byte[1]),
                new ByteArrayOutputStream(),
                InputStream.nullInputStream(),
                System.out,
                new Object(),
                Optional.of(1),
                ByteBuffer.allocate(1),
                LOADER);
    }

    @TestFactory
    Stream<DynamicTest> encode_whatBelongsToOneJvm_isRefusedNamingItsType() {
        return DynamicTest.stream(localToOneJvm(), CodecTest::typeOf, local -> {
            String type = local.getClass().getTypeName();

            assertThatThrownBy(() -> Codec.encode(local))
                    .isInstanceOf(NotSendableException.class)
                    .hasMessageContaining(type);
            assertThatThrownBy(() -> Codec.encode(new Object[] {"x", new Holder(local)}))
                    .isInstanceOf(NotSendableException.class)
                    .hasMessageContaining(
                            "java.lang.Object[] -> [1] (" + Holder.class.getTypeName() + ") -> held (" + type + ")");
        });
    }

    @Test
    void encode_deepInCollections_namesElementAndKey() {
        assertThatThrownBy(() -> Codec.encode(new ArrayList<>(List.of("ok", List.of(1, new Thread("t"))))))
                .hasMessageContaining("-> element 1 (")
                .hasMessageContaining("-> element 1 (java.lang.Thread)");
        assertThatThrownBy(() -> Codec.encode(new HashMap<>(Map.of("k", new Object()))))
                .hasMessageContaining("-> value of key k (java.lang.Object)");
        assertThatThrownBy(() -> Codec.encode(new ConcurrentHashMap<>(Map.of("k", new Object()))))
                .hasMessageContaining("-> value of key k (java.lang.Object)");
    }

    @Test
    void encode_inASuperclass_namesTheField() {
        assertThatThrownBy(() -> Codec.encode(new SubHolder(new Thread("t"))))
                .hasMessageContaining(SubHolder.class.getTypeName() + " -> held (java.lang.Thread)");
    }

    @Test
    void encode_capturedByALambda_namesTheArgument() {
        var lock = new ReentrantLock();
        var text = "fine";
        SerialFunction function = number -> lock.isLocked() ? number : text.length();

        assertThatThrownBy(() -> Codec.encode(function))
                .isInstanceOf(NotSendableException.class)
                .hasMessageContaining(
                        "the lambda in " + CodecTest.class.getName() + ".encode_capturedByALambda_namesTheArgument")
                .hasMessageContaining("captured argument 1 (java.util.concurrent.locks.ReentrantLock)");
    }

    @Test
    void encode_capturedThis_namesTheClassThatIsNotSerializable() {
        SerialFunction function = number -> number + hashCode();

        assertThatThrownBy(() -> Codec.encode(function))
                .hasMessageContaining("captured argument 1 (" + CodecTest.class.getTypeName() + ")");
    }

    @Test
    void encode_cycleAroundSomethingUnsendable_endsAndNamesIt() {
        var list = new ArrayList<Object>();
        list.add(list);
        list.add(new Holder(new Holder(new Thread("t"))));

        assertThatThrownBy(() -> Codec.encode(list))
                .hasMessageContaining("-> held (" + Holder.class.getTypeName() + ") -> held (java.lang.Thread)");
    }

    @Test
    void encode_transientField_isLeftOut() throws Exception {
        var copy = (Forgetful) copy(new Forgetful("kept"));

        assertThat(copy.kept).isEqualTo("kept");
        assertThat(copy.lock).isNull();
    }

    @Test
    void encode_concurrentCollections_areNoLocks() throws Exception {
        assertThat((Object) ((ConcurrentLinkedQueue<?>) copy(new ConcurrentLinkedQueue<>(List.of(1)))).peek())
                .isEqualTo(1);
        var nested = new ConcurrentHashMap<>(Map.of("m", new ConcurrentHashMap<>(Map.of("n", 1))));
        assertThat(copy(nested)).isEqualTo(nested);
        assertThat(copy(ConcurrentHashMap.newKeySet(8))).isEqualTo(java.util.Set.of());
    }

    /** Python refuses a {@code queue.Queue}, too: its copy would connect nobody. */
    @Test
    void encode_blockingQueue_isRefusedForItsLock() {
        for (Object queue : List.of(new LinkedBlockingQueue<>(List.of(1)), new ArrayBlockingQueue<>(1))) {
            assertThatThrownBy(() -> Codec.encode(new Holder(queue)))
                    .isInstanceOf(NotSendableException.class)
                    .hasMessageContaining("ReentrantLock locks nothing outside its own JVM");
        }
    }

    @Test
    void encode_failingWriteObject_saysWhatFailed() {
        assertThatThrownBy(() -> Codec.encode(new Unwilling()))
                .isInstanceOf(NotSendableException.class)
                .hasMessageContaining("will not be written")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void encode_nestedTooDeeply_isRefused() {
        Node chain = null;
        for (int i = 0; i < 100_000; i++) {
            chain = new Node("n", chain);
        }
        var head = chain;

        assertThatThrownBy(() -> Codec.encode(head))
                .isInstanceOf(NotSendableException.class)
                .hasMessageContaining("too deeply");
    }

    @TestFactory
    Stream<DynamicTest> decode_cutShortAnywhere_isAnIoErrorNotAnotherValue() {
        return DynamicTest.stream(
                Stream.concat(valuesOfAllKinds(), arrays()), CodecTest::typeOf, CodecTest::assertNoPartIsAValue);
    }

    private static void assertNoPartIsAValue(Object value) {
        byte[] whole = Codec.encode(value).bytes();
        int step = Math.max(1, whole.length / 50);
        for (int length = 0; length < whole.length; length += step) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Codec.decode(part, List.of(), LOADER))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(IOException.class);
        }
    }

    /** Counts that are negative, of too many bytes, or far beyond what is there, of whatever is counted. */
    @ParameterizedTest
    @ValueSource(strings = {"ffffffff0f", "ffffffff07", "8080808008", "8080808080808000", "e807", "04"})
    void decode_wrongCount_isAnIoError(String count) {
        for (int tag :
                new int[] {7, 12, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 50, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61}) {
            byte[] bytes = HexFormat.of().parseHex(HexFormat.of().toHexDigits((byte) tag) + count + "010101");
            assertThatThrownBy(() -> Codec.decode(bytes, List.of(), LOADER))
                    .as("tag %d", tag)
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {39, 50, 52, 58})
    void decode_inEachOtherWithoutEnd_isAnIoError(int tag) {
        byte[] bytes = new byte[5_000_000];
        for (int i = 0; i < bytes.length; i += 2) {
            bytes[i] = (byte) tag;
            bytes[i + 1] = 1;
        }

        assertThatThrownBy(() -> Codec.decode(bytes, List.of(), LOADER)).isInstanceOf(IOException.class);
    }

    @Test
    void decode_nullOrTwiceWhereNeitherMayBe_isAnIoError() {
        for (String hex : List.of("3a0101", "3c0101", "3d01010101", "3c0203030303", "36010104", "330101", "390101")) {
            byte[] bytes = HexFormat.of().parseHex(hex);
            assertThatThrownBy(() -> Codec.decode(bytes, List.of(), LOADER))
                    .as(hex)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void decode_unknownTag_saysSo() {
        assertThatThrownBy(() -> Codec.decode(new byte[] {99}, List.of(), LOADER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unknown tag 99");
    }

    static Stream<Object> changeable() {
        var map = new HashMap<Object, Object>(Map.of("a", new Point(1, "x"), 2, new int[] {1, 2}));
        map.put(LocalTime.NOON, new TreeSet<>(List.of("p", "q")));
        return Stream.of(
                new Holder(new Point(1, "x")), map, new Object[] {TimeUnit.DAYS, List.of(BigInteger.TEN, 1.5f)});
    }

    @ParameterizedTest
    @MethodSource("changeable")
    void decode_changedBytes_throwsOrGivesSomething(Object value) {
        decodeChanged(value, 300);
    }

    @StressTest
    @ParameterizedTest
    @MethodSource("changeable")
    void decode_bytesChangedInManyWays_throwsOrGivesSomething(Object value) {
        decodeChanged(value, 20_000);
    }

    private static void decodeChanged(Object value, int times) {
        byte[] whole = Codec.encode(value).bytes();
        var random = new Random(1);
        for (int i = 0; i < times; i++) {
            byte[] changed = whole.clone();
            changed[1 + random.nextInt(changed.length - 1)] = (byte) random.nextInt(256);
            try {
                Codec.decode(changed, List.of(), LOADER);
            } catch (IOException | ClassNotFoundException | RuntimeException e) {
                assertThat(e).isNotNull();
            }
        }
    }

    @Test
    void decode_unknownClass_namesIt() {
        byte[] bytes = Codec.encode(new Point(1, "x")).bytes();
        var bare = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader());
        // The JDK's own rule finds the class in the nearest loader of the stack, so it must be renamed.
        byte[] renamed = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
                .replace("Point", "Paint")
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> Codec.decode(renamed, List.of(), bare))
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessageContaining("Paint");
    }

    @Test
    void decode_descriptorThatDidNotCome_isAnIoError() throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(0);
        try (var objects = new ObjectOutputStream(out)) {
            objects.writeObject(new PassedChannel(PassedChannel.Kind.FILE, 3, null));
        }

        assertThatThrownBy(() -> Codec.decode(out.toByteArray(), List.of(), LOADER))
                .isInstanceOf(IOException.class)
                .rootCause()
                .hasMessageContaining("no descriptor 3");
    }

    private static Object copy(Object value) throws IOException, ClassNotFoundException {
        return Copies.copy(value);
    }

    interface SerialFunction extends Serializable {
        int apply(int number);
    }

    record Point(int x, String label) implements Serializable {}

    static class Holder implements Serializable {
        private static final long serialVersionUID = 1;

        @SuppressWarnings({"serial", "unused"})
        private final Object held;

        Holder(Object held) {
            this.held = held;
        }
    }

    static final class SubHolder extends Holder {
        private static final long serialVersionUID = 1;

        SubHolder(Object held) {
            super(held);
        }
    }

    static final class Node implements Serializable {
        private static final long serialVersionUID = 1;

        private final String name;
        private Node next;

        Node(String name, Node next) {
            this.name = name;
            this.next = next;
        }
    }

    static final class Forgetful implements Serializable {
        private static final long serialVersionUID = 1;

        private final String kept;
        private final transient ReentrantLock lock = new ReentrantLock();

        Forgetful(String kept) {
            this.kept = kept;
        }
    }

    static final class Unwilling implements Serializable {
        private static final long serialVersionUID = 1;

        private void writeObject(@SuppressWarnings("unused") ObjectOutputStream out) {
            throw new IllegalStateException("will not be written");
        }
    }

    private record Replaced(int number) implements Serializable {
        private Object writeReplace() {
            return "replaced " + number;
        }
    }

    private record Positive(int number) implements Serializable {
        Positive {
            if (number < 1) {
                throw new IllegalArgumentException(number + ", at least 1 expected");
            }
        }
    }
}
