package io.multijvm.ipc.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.JdkTest;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.SimpleDateFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Random;
import java.util.Scanner;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies within one JVM: what is the same in both has to come back as such, and all else be another of the kind. */
@SuppressWarnings({"JavaUtilDate", "JdkObsolete", "ImmutableEnumChecker", "LockNotBeforeTry", "UnusedVariable"
}) // as programs do
@JdkTest
final class SnapshotTest {
    private static final Scope HERE = new Scope() {
        @Override
        public boolean isApplication(Class<?> type) {
            return type.getName().startsWith(SnapshotTest.class.getName());
        }

        @Override
        public boolean isLocal(Class<?> type) {
            return type == Background.class;
        }
    };

    @TempDir
    private Path directory;

    @SuppressWarnings("unchecked")
    private static <T> T copy(T value) {
        return (T) Objects.requireNonNull(copies(value)[0]);
    }

    private static @Nullable Object[] copies(@Nullable Object... values) {
        try (var snapshot = new SnapshotWriter(HERE)) {
            for (Object value : values) {
                snapshot.addRoot(value, "it");
            }
            return restore(snapshot.finish());
        }
    }

    private static @Nullable Object[] restore(Encoded encoded) {
        try (encoded) {
            return SnapshotReader.restore(encoded.bytes(), encoded.descriptors(), SnapshotTest.class.getClassLoader())
                    .roots();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Nothing of it is serialisable. */
    private static class Node {
        final String name;
        final int[] numbers = {1, 2, 3};
        final long large = Long.MIN_VALUE;
        final double real = Math.PI;
        final float small = -0.5f;
        final char letter = 'x';
        final short few = -2;
        final byte tiny = 7;
        final boolean truth = true;

        @Nullable
        Node next;

        Node(String name) {
            this.name = name;
        }

        class Inner {
            String outer() {
                return name;
            }
        }
    }

    @Test
    void copy_fieldsOfAllTypes_areThere() {
        var node = copy(new Node("a"));

        assertThat(node.name).isEqualTo("a");
        assertThat(node.numbers).containsExactly(1, 2, 3);
        assertThat(node.large).isEqualTo(Long.MIN_VALUE);
        assertThat(node.real).isEqualTo(Math.PI);
        assertThat(node.small).isEqualTo(-0.5f);
        assertThat(node.letter).isEqualTo('x');
        assertThat(node.few).isEqualTo((short) -2);
        assertThat(node.tiny).isEqualTo((byte) 7);
        assertThat(node.truth).isTrue();
        assertThat(node.next).isNull();
    }

    @Test
    void copy_cycleAndSharedObject_keepIdentity() {
        var first = new Node("first");
        var second = new Node("second");
        first.next = second;
        second.next = first;

        Object[] copies = copies(first, second, List.of(first, second));

        var copied = (Node) Objects.requireNonNull(copies[0]);
        assertThat(copied).isNotSameAs(first);
        assertThat(Objects.requireNonNull(copied.next).next).isSameAs(copied);
        assertThat(copies[1]).isSameAs(copied.next);
        assertThat(((List<?>) Objects.requireNonNull(copies[2])).get(1)).isSameAs(copied.next);
    }

    @Test
    void copy_listOfManyLinks_needsNoStack() {
        Node first = new Node("0");
        Node last = first;
        for (int i = 1; i < 50_000; i++) {
            last.next = new Node(String.valueOf(i));
            last = last.next;
        }

        Node each = copy(first);
        int count = 0;
        for (Node link = each; link != null; link = link.next) {
            count++;
        }

        assertThat(count).isEqualTo(50_000);
    }

    @Test
    void copy_strings_areTheSame() {
        for (String text : List.of("", "plain", "grün", "武沛齐", "half \ud800 pair", "x".repeat(100_000))) {
            assertThat(copy(text)).isEqualTo(text).hasSameHashCodeAs(text);
        }
    }

    @Test
    void copy_boxes_areTheJdksOwnWhereItHasOnlyOne() {
        assertThat(copy((Object) 5)).isSameAs(5);
        assertThat(copy((Object) 100_000)).isEqualTo(100_000);
        assertThat(copy((Object) true)).isSameAs(true);
        assertThat(copy((Object) 1.5)).isEqualTo(1.5);
        assertThat(copy((Object) 'ß')).isEqualTo('ß');
        assertThat(copy((Object) 0f)).isEqualTo(0f);
    }

    private enum Colour {
        RED,
        GREEN {
            @Override
            String call() {
                return "green";
            }
        };

        int used;

        String call() {
            return "red";
        }
    }

    @Test
    void copy_enumConstant_isTheReceiversWithItsFields() {
        Colour.RED.used = 3;
        byte[] bytes;
        try (var snapshot = new SnapshotWriter(HERE)) {
            snapshot.addRoot(Colour.RED, "it");
            snapshot.addRoot(Colour.GREEN, "it");
            Encoded encoded = snapshot.finish();
            Colour.RED.used = 4;

            Object[] copies = restore(encoded);

            bytes = encoded.bytes();
            assertThat(copies).containsExactly(Colour.RED, Colour.GREEN);
            assertThat(Colour.RED.used).isEqualTo(3);
        } finally {
            Colour.RED.used = 0;
        }
        assertThat(bytes).isNotEmpty();
        assertThat(copy(Colour.GREEN).call()).isEqualTo("green");
        assertThat(copy(Colour.RED).call()).isEqualTo("red");
    }

    @Test
    void copy_collections_areEqual() {
        var arrayDeque = new ArrayDeque<>(List.of(1, 2, 3));
        assertThat(new ArrayList<>(copy(arrayDeque))).containsExactly(1, 2, 3);
        var priority = new PriorityQueue<String>(Comparator.comparing(String::length));
        priority.addAll(List.of("ccc", "a", "bb"));
        assertThat(copy(priority).poll()).isEqualTo("a");
        for (Object each : List.of(
                new ArrayList<>(List.of(1, 2)),
                new LinkedList<>(List.of(1, 2)),
                List.of(),
                List.of(1),
                List.of(1, 2, 3),
                Set.of(),
                Set.of(1),
                Set.of(1, 2, 3, 4),
                Map.of(),
                Map.of(1, 2),
                Map.of(1, 2, 3, 4, 5, 6),
                new HashSet<>(List.of("a", "b")),
                new LinkedHashSet<>(List.of("b", "a")),
                new TreeSet<>(List.of(3, 1, 2)),
                new TreeMap<>(Map.of("a", 1)),
                new HashMap<>(Map.of("a", 1)),
                new Hashtable<>(Map.of("a", 1)),
                new ConcurrentHashMap<>(Map.of("a", 1)),
                new ConcurrentSkipListMap<>(Map.of("a", 1)),
                new WeakHashMap<>(Map.of("a", 1)),
                Collections.unmodifiableList(new ArrayList<>(List.of(1))),
                Collections.synchronizedMap(new HashMap<>(Map.of(1, 2))),
                Collections.emptyList(),
                Arrays.asList(1, 2),
                EnumSet.of(Colour.GREEN),
                new EnumMap<>(Map.of(Colour.RED, 1)),
                BitSet.valueOf(new long[] {5}),
                Optional.of("x"),
                Optional.empty())) {
            assertThat(copy(each)).isEqualTo(each).hasSameClassAs(each);
        }
    }

    @Test
    void copy_sets_canBeChanged() {
        var hash = copy(new HashSet<>(List.of("a", "b")));
        var tree = copy(new TreeSet<>(List.of("a", "b")));

        assertThat(hash.remove("a")).isTrue();
        assertThat(hash.add("b")).isFalse();
        assertThat(tree.remove("a")).isTrue();
        assertThat(tree.add("c")).isTrue();
    }

    @Test
    void copy_mapsByIdentity_findTheCopiesOfTheirKeys() {
        var key = new Node("key");
        var hash = new HashMap<Node, String>(Map.of(key, "hash"));
        var identity = new IdentityHashMap<Node, String>();
        identity.put(key, "identity");
        var concurrent = new ConcurrentHashMap<Node, String>(Map.of(key, "concurrent"));
        var weak = new WeakHashMap<Node, String>(Map.of(key, "weak"));
        var immutable = Map.of(key, "immutable", new Node("other"), "other");
        var set = Set.of(key, new Node("1"), new Node("2"));

        Object[] copies = copies(key, hash, identity, concurrent, weak, immutable, set);

        Object copied = Objects.requireNonNull(copies[0]);
        for (int i = 1; i < 6; i++) {
            assertThat(((Map<?, ?>) Objects.requireNonNull(copies[i])).get(copied))
                    .isNotNull();
        }
        assertThat(((Set<?>) Objects.requireNonNull(copies[6])).contains(copied))
                .isTrue();
    }

    @Test
    void copy_mapsWithCollectionsAsKeys_findThem() {
        var set = new HashSet<Object>(List.of("a", Colour.RED));
        var inner = new HashMap<Object, Object>(Map.of(set, 1));
        var outer = new HashMap<Object, Object>();
        Object[] holder = {set, outer};
        outer.put(inner, "found");
        outer.put(List.of(inner, set), "in a list");

        Object[] copies = copies(holder, outer);

        Map<?, ?> copied = (Map<?, ?>) Objects.requireNonNull(copies[1]);
        assertThat(copied.get(inner)).isEqualTo("found");
        assertThat(copied.get(List.of(inner, set))).isEqualTo("in a list");
    }

    @Test
    void copy_leastRecentlyUsedCache_keepsOrderAndBound() {
        var cache = new LinkedHashMap<String, Integer>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                return size() > 3;
            }
        };
        cache.put("a", 1);
        cache.put("b", 2);
        cache.put("c", 3);
        assertThat(cache.get("a")).isEqualTo(1);

        Map<String, Integer> copied = copy(cache);
        copied.put("d", 4);

        assertThat(copied.keySet()).containsExactly("c", "a", "d");
    }

    @Test
    void copy_valuesOfTheJdk_areEqual() throws Exception {
        for (Object each : List.of(
                Locale.GERMANY,
                StandardCharsets.UTF_8,
                BigInteger.TEN.pow(50),
                Instant.EPOCH,
                ZonedDateTime.of(2020, 1, 2, 3, 4, 5, 6, ZoneId.of("Europe/Berlin")),
                new Date(5),
                new File("/tmp"),
                Path.of("/tmp"),
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                TimeUnit.DAYS,
                String.class,
                int.class,
                Node[].class,
                String.class.getMethod("length"),
                Object.class.getModule())) {
            assertThat(copy(each)).isEqualTo(each);
        }
        assertThat(copy(Pattern.compile("a+")).matcher("aa").matches()).isTrue();
        var format = new SimpleDateFormat("yyyy-MM-dd", Locale.ROOT);
        assertThat(copy(format).format(new Date(0))).isEqualTo(format.format(new Date(0)));
        var random = new Random(5);
        assertThat(copy(random).nextInt()).isEqualTo(random.nextInt());
        var properties = new Properties(new Properties());
        properties.setProperty("a", "b");
        assertThat(copy(properties).getProperty("a")).isEqualTo("b");
        assertThat(copy(new StringBuilder("ab")).append('c').toString()).isEqualTo("abc");
        assertThat(copy(new AtomicInteger(4)).incrementAndGet()).isEqualTo(5);
        var adder = new LongAdder();
        adder.add(5);
        assertThat(copy(adder).sum()).isEqualTo(5);
        assertThat(copy(new LinkedBlockingQueue<>(List.of(1, 2))).poll()).isEqualTo(1);
        assertThat(copy(new Scanner("1 2").useDelimiter(" ")).nextInt()).isEqualTo(1);
    }

    @Test
    void copy_standardStreams_areTheReceivers() {
        assertThat(copy(System.out)).isSameAs(System.out);
        assertThat(copy(System.err)).isSameAs(System.err);
        assertThat(copies(new Object[] {new Object[] {System.in}})[0])
                .isInstanceOfSatisfying(
                        Object[].class, array -> assertThat(array[0]).isSameAs(System.in));
    }

    @Test
    void copy_buffers_areWhole() {
        ByteBuffer direct = ByteBuffer.allocateDirect(8).put((byte) 3);
        CharBuffer heap = CharBuffer.allocate(4).put('x');

        assertThat(copy(direct).flip()).isEqualTo(direct.flip());
        assertThat(copy(heap).flip().toString()).isEqualTo("x");
    }

    @Test
    void copy_throwable_keepsItsStack() {
        var failure = new IllegalStateException("outer", new RuntimeException("inner"));

        var copied = copy(failure);

        assertThat(copied.getStackTrace()).isEqualTo(failure.getStackTrace());
        assertThat(copied.getCause()).hasMessage("inner");
        copied.addSuppressed(new Exception());
    }

    private interface Named {
        String name();
    }

    private interface Pair<A, B> {
        B of(A first);
    }

    private interface TextPair extends Pair<String, Integer> {
        @Override
        Integer of(String first);
    }

    private String instance(int number) {
        return directory.getFileName() + " " + number;
    }

    @Test
    void copy_lambdas_doTheSame() {
        var list = new ArrayList<>(List.of("a"));
        int number = 3;
        long large = 4;
        double real = 0.5;
        boolean truth = true;
        char letter = 'x';
        Supplier<String> captures = () -> list + " " + number + large + real + truth + letter;
        Function<String, Integer> reference = String::length;
        ToIntFunction<String> toInt = String::length;
        Supplier<List<String>> constructor = ArrayList::new;
        IntFunction<int[]> array = int[]::new;
        Function<Integer, String> bound = this::instance;
        BiFunction<String, String, Boolean> two = String::startsWith;
        Runnable nothing = () -> {};
        TextPair bridged = String::length;
        Supplier<String> serialisable = (Supplier<String> & Serializable) () -> "s" + list;
        Function<Object, String> composed = reference.compose(Object::toString).andThen(String::valueOf);

        assertThat(copy(captures).get()).isEqualTo(captures.get());
        assertThat(copy(reference).apply("abc")).isEqualTo(3);
        assertThat(copy(toInt).applyAsInt("abc")).isEqualTo(3);
        assertThat(copy(constructor).get()).isEmpty();
        assertThat(copy(array).apply(2)).hasSize(2);
        assertThat(copy(bound).apply(1)).isEqualTo(instance(1));
        assertThat(copy(two).apply("ab", "a")).isTrue();
        copy(nothing).run();
        assertThat(((Pair<String, Integer>) copy(bridged)).of("abc")).isEqualTo(3);
        assertThat(copy(serialisable).get()).isEqualTo("s[a]");
        assertThat(copy(serialisable)).isInstanceOf(Serializable.class);
        assertThat(copy(composed).apply(17)).isEqualTo("2");
    }

    @Test
    void copy_lambdaInCycle_keepsIdentity() {
        Object[] holder = new Object[2];
        Supplier<Object> lambda = () -> holder;
        holder[0] = lambda;

        var copied = copy(holder);

        assertThat(((Supplier<?>) Objects.requireNonNull(copied[0])).get()).isSameAs(copied);
    }

    @Test
    void copy_anonymousAndInnerObjects_keepTheirOuterOnes() {
        var outer = new Node("outer");
        Node.Inner inner = outer.new Inner();
        String captured = "captured";
        Named anonymous = new Named() {
            @Override
            public String name() {
                return captured + inner.outer();
            }
        };

        assertThat(copy(anonymous).name()).isEqualTo("capturedouter");
    }

    private static final class Echo implements InvocationHandler {
        private final String answer;

        Echo(String answer) {
            this.answer = answer;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
            return answer;
        }
    }

    @Test
    void copy_proxy_hasACopiedHandler() {
        var proxy = (Named) Proxy.newProxyInstance(
                SnapshotTest.class.getClassLoader(), new Class<?>[] {Named.class}, new Echo("echo"));

        assertThat(copy(proxy).name()).isEqualTo("echo");
    }

    @Test
    void copy_heldLock_isHeldByThisThread() throws Exception {
        var lock = new ReentrantLock();
        lock.lock();
        lock.lock();

        ReentrantLock copied = copy(lock);

        assertThat(copied.isHeldByCurrentThread()).isTrue();
        assertThat(copied.getHoldCount()).isEqualTo(2);
        var other = Background.run(() -> taken(copied));
        copied.unlock();
        assertThat(other.isDone()).isFalse();
        copied.unlock();
        assertThat(other.get()).isTrue();
        assertThat(lock.isHeldByCurrentThread()).isTrue();
    }

    @Test
    void copy_lockHeldByAnother_isHeldByNobodyAlive() throws Exception {
        var lock = new ReentrantLock();
        var holder = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var other = Background.run(() -> {
            lock.lock();
            holder.countDown();
            end.await();
            lock.unlock();
            return true;
        });
        holder.await();

        ReentrantLock copied = copy(lock);

        assertThat(copied.isLocked()).isTrue();
        assertThat(copied.isHeldByCurrentThread()).isFalse();
        assertThat(copied.tryLock()).isFalse();
        end.countDown();
        assertThat(other.get()).isTrue();
        assertThat(copied.isLocked()).isTrue();
    }

    @Test
    void copy_lockWithWaiters_hasNone() throws Exception {
        var lock = new ReentrantLock();
        lock.lock();
        var waiting = Background.run(() -> taken(lock));
        Eventually.holds(lock::hasQueuedThreads);

        ReentrantLock copied = copy(lock);

        assertThat(copied.hasQueuedThreads()).isFalse();
        copied.unlock();
        assertThat(Background.run(() -> taken(copied)).get()).isTrue();
        lock.unlock();
        assertThat(waiting.get()).isTrue();
    }

    private static boolean taken(ReentrantLock lock) {
        lock.lock();
        lock.unlock();
        return true;
    }

    @Test
    void copy_readWriteLock_isHeldAsItWas() {
        var lock = new ReentrantReadWriteLock();
        lock.readLock().lock();
        lock.readLock().lock();

        ReentrantReadWriteLock copied = copy(lock);

        assertThat(copied.getReadHoldCount()).isEqualTo(2);
        copied.readLock().unlock();
        copied.readLock().unlock();
        assertThat(copied.writeLock().tryLock()).isTrue();
    }

    @Test
    void copy_semaphore_hasItsPermits() {
        var semaphore = new Semaphore(3);
        assertThat(semaphore.tryAcquire()).isTrue();

        assertThat(copy(semaphore).availablePermits()).isEqualTo(2);
    }

    @Test
    void copy_threads_areNotAlive() throws Exception {
        var end = new CountDownLatch(1);
        var thread = new Thread(() -> Eventually.holds(() -> end.getCount() == 0), "runs");
        thread.start();

        Thread copied = copy(thread);

        assertThat(copied.getName()).isEqualTo("runs");
        assertThat(copied.isAlive()).isFalse();
        assertThat(copied.getState()).isEqualTo(Thread.State.TERMINATED);
        copied.join();
        assertThat(copy(Thread.currentThread())).isSameAs(Thread.currentThread());
        end.countDown();
        thread.join();
    }

    @Test
    void copy_threadNotStarted_canBe() throws Exception {
        var ran = new AtomicInteger();
        var thread = new Thread(ran::incrementAndGet, "later");

        Object[] copies = copies(thread, ran);
        var copied = (Thread) Objects.requireNonNull(copies[0]);
        copied.start();
        copied.join();

        assertThat(((AtomicInteger) Objects.requireNonNull(copies[1])).get()).isEqualTo(1);
        assertThat(ran.get()).isZero();
    }

    @Test
    void copy_threadLocal_hasThisThreadsValue() {
        ThreadLocal<List<String>> local = ThreadLocal.withInitial(ArrayList::new);
        local.get().add("mine");
        ThreadLocal<List<String>> unused = ThreadLocal.withInitial(ArrayList::new);

        assertThat(copy(local).get()).containsExactly("mine").isNotSameAs(local.get());
        assertThat(copy(unused).get()).isEmpty();
    }

    @Test
    void copy_openWriter_keepsWhatIsNotFlushedAndSharesTheOffset() throws Exception {
        Path file = directory.resolve("written");
        try (var writer = new BufferedWriter(
                new OutputStreamWriter(new FileOutputStream(file.toFile()), StandardCharsets.UTF_8))) {
            writer.write("武沛齐\n");

            try (BufferedWriter copied = copy(writer)) {
                copied.write("alex\n");
            }
        }

        assertThat(Files.readString(file)).isEqualTo("武沛齐\nalex\n武沛齐\n");
    }

    @Test
    void copy_openReader_sharesTheOffset() throws Exception {
        Path file = Files.writeString(directory.resolve("read"), "abcdef");
        try (var in = new FileInputStream(file.toFile());
                var random = new RandomAccessFile(file.toFile(), "rw");
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            assertThat(in.read()).isEqualTo('a');
            random.seek(2);
            channel.position(3);

            try (FileInputStream copiedIn = copy(in);
                    RandomAccessFile copiedRandom = copy(random);
                    FileChannel copiedChannel = copy(channel)) {
                assertThat(copiedIn.read()).isEqualTo('b');
                assertThat(copiedRandom.read()).isEqualTo('c');
                assertThat(copiedChannel.read(ByteBuffer.allocate(1))).isEqualTo(1);
            }

            assertThat(in.read()).isEqualTo('c');
            assertThat(random.read()).isEqualTo('d');
            assertThat(channel.position()).isEqualTo(4);
        }
    }

    @Test
    void copy_streamAndItsChannel_shareOneDescriptor() throws Exception {
        Path file = directory.resolve("both");
        try (var out = new FileOutputStream(file.toFile())) {
            FileChannel channel = out.getChannel();

            Object[] copies = copies(out, channel);

            var copied = (FileOutputStream) Objects.requireNonNull(copies[0]);
            assertThat(copied.getChannel()).isSameAs(copies[1]);
            copied.write('x');
            copied.close();
            assertThat(((FileChannel) Objects.requireNonNull(copies[1])).isOpen())
                    .isFalse();
            out.write('y');
        }
        assertThat(Files.readString(file)).isEqualTo("xy");
    }

    @Test
    void copy_printStream_writesOn() throws Exception {
        Path file = directory.resolve("printed");
        try (var out = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
            out.print("a");
            try (PrintStream copied = copy(out)) {
                copied.print("b");
            }
        }
        assertThat(Files.readString(file)).contains("b");
    }

    @Test
    @SuppressWarnings("try") // closed early
    void copy_socketAndItsStreams_areConnected() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            Object[] copies = copies(accepted, accepted.getOutputStream(), server);

            accepted.close();
            try (var copied = (Socket) Objects.requireNonNull(copies[0]);
                    var out = (java.io.OutputStream) Objects.requireNonNull(copies[1]);
                    var copiedServer = (ServerSocket) Objects.requireNonNull(copies[2])) {
                out.write('x');
                assertThat(copied.getPort()).isEqualTo(client.getLocalPort());
                assertThat(copiedServer.getLocalPort()).isEqualTo(server.getLocalPort());
                assertThat(client.getInputStream().read()).isEqualTo('x');
            }
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void copy_primitives_inBulk() {
        double[] reals = new double[100_000];
        reals[99_999] = 1.5;

        assertThat(copy(reals)).isEqualTo(reals);
        assertThat(copy(new boolean[] {true, false})).containsExactly(true, false);
        assertThat(copy(new char[] {'a'})).containsExactly('a');
        assertThat(copy(new Object[][] {{1, null}, {}})).isDeepEqualTo(new Object[][] {{1, null}, {}});
    }

    private static final class Holder {
        private final @Nullable Object inner;

        Holder(@Nullable Object inner) {
            this.inner = inner;
        }
    }

    @Test
    void addRoot_whatCannotBeCopied_namesTheWay() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        var holder = new Holder(new ArrayList<>(List.of(new Holder(process))));

        try (var snapshot = new SnapshotWriter(HERE)) {
            snapshot.addRoot("before", "it");
            assertThatThrownBy(() -> snapshot.addRoot(holder, "captured argument 1"))
                    .isInstanceOf(NotSendableException.class)
                    .hasMessageContaining("captured argument 1 (")
                    .hasMessageContaining("inner (java.util.ArrayList)")
                    .hasMessageContaining("inner (java.lang.ProcessImpl)");
            snapshot.addRoot("after", "it");

            assertThat(restore(snapshot.finish())).containsExactly("before", "after");
        }
    }

    /** Fields of all kinds, one of which cannot be copied. */
    private static final class State {
        static final List<String> NAMES = new ArrayList<>();
        static int count = 1;
        static @Nullable Object shared = NAMES;
        static @Nullable Object local;
        static final boolean FLAG = Boolean.parseBoolean("true");
    }

    @Test
    void addStatics_fieldsChangedAfterwards_areAsTheyWere() throws Exception {
        State.NAMES.add("a");
        State.count = 2;
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        State.local = new Holder(process);
        List<String> names = State.NAMES;
        try (var snapshot = new SnapshotWriter(HERE)) {
            List<SnapshotWriter.Skipped> skipped = snapshot.addStatics(State.class);
            Encoded encoded = snapshot.finish();
            State.NAMES.add("b");
            State.count = 3;

            restore(encoded);

            assertThat(skipped).hasSize(1);
            assertThat(skipped.get(0).field().getName()).isEqualTo("local");
            assertThat(skipped.get(0).reason()).contains("inner (java.lang.ProcessImpl)");
            assertThat((List<?>) State.shared).isEqualTo(List.of("a")).isNotSameAs(names);
            assertThat(State.count).isEqualTo(2);
            assertThat(State.FLAG).isTrue();
        }
    }

    @Test
    void finish_largeState_travelsInAFile() {
        var map = new HashMap<String, byte[]>();
        for (int i = 0; i < 100; i++) {
            map.put("key " + i, new byte[10_000]);
        }
        try (var snapshot = new SnapshotWriter(HERE)) {
            snapshot.addRoot(map, "it");
            Encoded encoded = snapshot.finish();

            assertThat(encoded.length()).isEqualTo(1);
            assertThat(encoded.descriptors()).hasSize(1);
            Object[] copies = restore(encoded);
            assertThat((Map<?, ?>) copies[0]).hasSize(100);
        }
    }

    @Test
    void copy_everythingElse_isOrdinary() {
        var out = new ByteArrayOutputStream();
        out.write(5);
        Iterator<Integer> iterator = new ArrayList<>(List.of(1, 2)).iterator();
        iterator.next();

        assertThat(copy(out).toByteArray()).containsExactly(5);
        assertThat(copy(iterator).next()).isEqualTo(2);
        assertThat(copy(new Object())).isNotNull();
    }
}
