package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.codec.ForeignClasses;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Sockets;
import io.multijvm.ipc.socket.Handshake;
import io.multijvm.ipc.socket.MessageSocket;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.Fault;
import io.multijvm.testkit.Rounds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several processes of one family, played by several {@link Family} objects of this one. */
final class FamilyClassesTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final String GONE = Here.class.getName().replace("Here", "Gone");
    /** Of the program that is asked; what is noted once stays noted as long as it is reachable. */
    private static final Plugin PLUGIN = new Plugin();

    private final Family root = new Family(null, KEY, RunDirectory.ROOT);
    private final FamilyClasses asked = new FamilyClasses(root);
    private final List<FamilyClasses> askers = new CopyOnWriteArrayList<>();
    private FamilyClasses asker;

    /** Under another name, it is a class that no class path has. */
    public static final class Here {
        @Override
        public String toString() {
            return "made elsewhere";
        }
    }

    @BeforeEach
    void makeFamily() throws ReflectiveOperationException, IOException {
        PLUGIN.answers.clear();
        PLUGIN.requests.clear();
        PLUGIN.answers.put(file(GONE), FamilyClassesTest::goneClass);
        ForeignClasses.met(PLUGIN.loadClass(GONE));
        PLUGIN.requests.clear();
        asker = member(2);
        asked.offer();
    }

    @AfterEach
    void endFamily() {
        FaultPoint.inject(null);
        askers.forEach(FamilyClasses::close);
        asked.close();
        root.close();
    }

    /** A receiver must find the class of an object that is sent after the method has returned. */
    @Test
    void exchangeClasses_whileAnotherThreadBegins_returnsWhenTheyCanBeAskedFor() throws Exception {
        for (int i = 0; i < Rounds.of(100, 2_000); i++) {
            var family = new Family(null, KEY, RunDirectory.ROOT);
            var start = new CyclicBarrier(2);
            Callable<Path> begin = () -> {
                start.await();
                family.exchangeClasses();
                return family.directory().file("classes-" + RunDirectory.ROOT + ".sock");
            };
            var other = Background.run(begin);
            try {
                assertThat(begin.call()).exists();
                assertThat(other.get()).exists();
            } finally {
                family.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_faultInTheProcessThatIsAsked_isAnsweredLater(Fault fault) {
        for (String place : List.of("multijvm-classes", "class-loader")) {
            answer(place, "content"); // what was found once is not asked for again
            Fault.Injector struck = fault.at(place, 1);
            FaultPoint.inject(struck);

            Eventually.holds(() -> asks(place) && struck.hasStruck());
        }
    }

    private boolean asks(String name) throws IOException {
        asker.close(); // the next is another client
        asker = member(askers.size() + 2);
        return asker.read(name) != null;
    }

    @Test
    void read_resourceOfAnotherProcess_isItsContent() throws IOException {
        answer("a/text", "content");
        answer("empty", "");

        assertThat(asker.read("a/text")).asString().isEqualTo("content");
        assertThat(asker.read("empty")).isEmpty();
    }

    @Test
    void read_missing_isNull() throws IOException {
        assertThat(asker.read("no/such/thing")).isNull();
        assertThat(PLUGIN.requests).containsExactly("no/such/thing");
    }

    @Test
    void read_large_isWhole() throws IOException {
        byte[] large = new byte[3_000_000];
        large[large.length - 1] = 1;
        PLUGIN.answers.put("large", () -> large);

        assertThat(asker.read("large")).isEqualTo(large);
    }

    @Test
    void read_again_asksNobody() throws IOException {
        answer("text", "content");
        assertThat(asker.read("text")).asString().isEqualTo("content");
        asked.close();

        assertThat(asker.read("text")).asString().isEqualTo("content");
        assertThat(member(3).read("text")).asString().isEqualTo("content");
        assertThat(PLUGIN.requests).containsExactly("text");
    }

    @Test
    void read_nameThatLeadsOutOfTheCache_isNeitherAskedForNorFound() throws IOException {
        answer("../secret", "content");
        Files.writeString(root.directory().file("secret"), "content");

        for (String name : List.of("../secret", "/etc/passwd", "a/../../secret", "", "nul\0", ".")) {
            assertThat(asker.read(name)).as(name).isNull();
            assertThat(asker.find(name)).as(name).isNull();
        }
        assertThat(PLUGIN.requests).isEmpty();
    }

    @Test
    void read_nameOfADirectoryToo_isFoundAllTheSame() throws IOException {
        answer("both/file", "file");
        answer("both", "directory");

        assertThat(asker.read("both/file")).asString().isEqualTo("file");
        assertThat(asker.read("both")).asString().isEqualTo("directory");
    }

    @Test
    void read_nobodyOffersAnything_isNull() throws IOException {
        var alone = new Family(null, KEY, RunDirectory.ROOT);
        try {
            assertThat(new FamilyClasses(alone).read("text")).isNull();
        } finally {
            alone.close();
        }
    }

    @Test
    void read_processDiesWhileItIsAsked_theNextIsAsked() throws Exception {
        asked.close();
        Files.delete(socket(1));
        try (Descriptor listener = Sockets.listen(socket(7), 1)) {
            var dying = Background.run(() -> {
                try (MessageSocket client = accept(listener, KEY)) {
                    return new String(client.receive().bytes(), StandardCharsets.UTF_8);
                }
            });

            assertThat(asker.read("text")).isNull();
            assertThat(dying.get()).isEqualTo("text");
        }
        Files.delete(socket(7));
        answer("text", "content");
        var other = new FamilyClasses(new Family(root.directory().path(), KEY, 8));
        askers.add(other);
        other.offer();

        assertThat(asker.read("text")).asString().isEqualTo("content");
    }

    @Test
    void read_deadProcesssSocket_isPassedOver() throws IOException {
        Sockets.listen(socket(0), 1).close();
        Sockets.listen(socket(9), 1).close();
        answer("text", "content");

        assertThat(asker.read("text")).asString().isEqualTo("content");
        assertThat(asker.read("other")).isNull();
    }

    @Test
    void read_oneProcessHasItNot_theOtherIsAsked() throws Exception {
        answer("text", "content");
        try (Descriptor listener = Sockets.listen(socket(0), 1);
                Descriptor another = Sockets.listen(socket(9), 1)) {
            for (Descriptor each : List.of(listener, another)) {
                Background.run(() -> {
                    try (MessageSocket client = accept(each, KEY)) {
                        client.receive().discard();
                        client.send(new byte[] {0});
                        return client.receive();
                    }
                });
            }

            assertThat(asker.read("text")).asString().isEqualTo("content");
        }
    }

    @Test
    void read_processWithAnotherKey_isNotBelieved() throws Exception {
        try (Descriptor listener = Sockets.listen(socket(0), 1)) {
            var stranger = Background.run(() -> accept(listener, new byte[] {9}));

            assertThat(asker.read("text")).isNull();
            assertThat(stranger.failure()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void read_byWhoIsAsked_asksNobodyElse() throws IOException {
        FamilyClasses third = member(3);
        third.offer();
        var nested = new ArrayList<@Nullable Object>();
        answer("inner", "content");
        PLUGIN.answers.put("outer", () -> {
            try {
                nested.add(asked.read("inner"));
            } catch (IOException e) {
                nested.add(e);
            }
            return new byte[0];
        });

        assertThat(asker.read("outer")).isEmpty();

        assertThat(nested).containsExactly((Object) null);
        assertThat(asked.read("inner")).asString().isEqualTo("content");
    }

    @Test
    void read_manyAskersAtOnce_allGetIt() throws Exception {
        int threads = 4;
        answer("text", "content");
        var together = new CyclicBarrier(threads);
        var reads = new ArrayList<Background<byte[]>>();
        for (int i = 0; i < threads; i++) {
            FamilyClasses each = i % 2 == 0 ? asker : member(10 + i);
            reads.add(Background.run(() -> {
                together.await();
                return each.read("text");
            }));
        }

        for (Background<byte[]> read : reads) {
            assertThat(read.get()).asString().isEqualTo("content");
        }
    }

    @Test
    void offer_twice_isOnce() {
        asked.offer();

        assertThat(socket(1)).exists();
    }

    @Test
    void loadClass_ofAnotherProcess_isDefinedHere() throws Exception {
        ClassLoader loader = asker.elsewhere();

        Class<?> gone = loader.loadClass(GONE);

        assertThat(gone.getClassLoader()).isSameAs(loader);
        assertThat(gone.getDeclaredConstructor().newInstance()).hasToString("made elsewhere");
        assertThat(loader.loadClass(GONE)).isSameAs(gone);
        assertThat(PLUGIN.requests).containsExactly(file(GONE));
        assertThat(asker.elsewhere()).isSameAs(loader);
        assertThat(asker.isElsewhere(loader)).isTrue();
        assertThat(asker.isElsewhere(PLUGIN)).isFalse();
    }

    @Test
    void loadClass_ofTheClassPath_isNotAskedFor() throws Exception {
        assertThat(asker.elsewhere().loadClass(Here.class.getName())).isSameAs(Here.class);
        assertThat(PLUGIN.requests).isEmpty();
    }

    @Test
    void loadClass_missing_saysWhereItWasLookedFor() {
        assertThatThrownBy(() -> asker.elsewhere().loadClass("no.such.Type"))
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessage("no.such.Type, neither on the class path nor as a resource of a class loader of another"
                        + " process");
        assertThat(PLUGIN.requests).containsExactly("no/such/Type.class");
    }

    @Test
    void loadClass_contentIsNoClass_isAFormatError() {
        answer("no/Type.class", "no class");

        assertThatThrownBy(() -> asker.elsewhere().loadClass("no.Type")).isInstanceOf(ClassFormatError.class);
    }

    @Test
    void loadClass_twoThreadsAtOnce_getTheSame() throws Exception {
        ClassLoader loader = asker.elsewhere();
        var together = new CyclicBarrier(2);
        var first = Background.run(() -> {
            together.await();
            return loader.loadClass(GONE);
        });
        together.await();

        Class<?> second = loader.loadClass(GONE);

        assertThat(first.get()).isEqualTo(second);
    }

    @Test
    void getResource_ofAnotherProcess_isAFile() throws Exception {
        answer("a/text", "content");
        ClassLoader loader = asker.elsewhere();

        Path found =
                Path.of(Objects.requireNonNull(loader.getResource("a/text")).toURI());

        assertThat(found).startsWith(root.directory().path()).hasContent("content");
        assertThat(Collections.list(loader.getResources("a/text")))
                .containsExactly(found.toUri().toURL());
        assertThat(loader.getResource("no/text")).isNull();
        assertThat(Collections.list(loader.getResources("no/text"))).isEmpty();
    }

    private FamilyClasses member(int number) {
        var member = new FamilyClasses(new Family(root.directory().path(), KEY, number));
        askers.add(member);
        return member;
    }

    private Path socket(int number) {
        return root.directory().file("classes-" + number + ".sock");
    }

    private static MessageSocket accept(Descriptor listener, byte[] key) throws IOException {
        listener.sleepUntilReadable();
        var client = new MessageSocket(Sockets.accept(listener));
        try {
            Handshake.accept(client, key, Deadline.after(StandIn.PATIENCE));
            return client;
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    private static void answer(String name, String content) {
        PLUGIN.answers.put(name, () -> content.getBytes(StandardCharsets.UTF_8));
    }

    private static String file(String className) {
        return className.replace('.', '/') + ".class";
    }

    /** {@link Here} by a name of the same length. */
    private static byte[] goneClass() {
        try (InputStream in =
                Objects.requireNonNull(Here.class.getClassLoader().getResourceAsStream(file(Here.class.getName())))) {
            String content = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            return content.replace("Here", "Gone").getBytes(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The loader of the process that is asked. */
    private static final class Plugin extends ClassLoader {
        final Map<String, Supplier<byte[]>> answers = new ConcurrentHashMap<>();
        final List<String> requests = new CopyOnWriteArrayList<>();

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            requests.add(name);
            Supplier<byte[]> answer = answers.get(name);
            return answer == null ? null : new ByteArrayInputStream(answer.get());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(file(name))) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] content = in.readAllBytes();
                return defineClass(name, content, 0, content.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
