package io.multijvm.ipc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.OpenFiles;
import io.multijvm.ipc.os.Descriptor;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HandleTest {
    private static final ClassLoader LOADER = HandleTest.class.getClassLoader();

    @TempDir
    Path directory;

    @Test
    void decode_handle_isMadeOfItsPartsWithoutSerialisation() throws Exception {
        try (var encoded = Codec.encode(new Key("front door"))) {
            assertThat(encoded.array()[0]).isNotEqualTo((byte) Tag.SERIALISED);
            var copy = (Key) Copies.decode(encoded);

            assertThat(copy.name).isEqualTo("front door");
            assertThat(copy.way).isEqualTo("by parts");
        }
    }

    @Test
    void decode_handleInsideOfCommonValues_isMadeOfItsParts() throws Exception {
        var key = new Key("k");
        for (Object value : List.of(
                new ArrayList<>(List.of(1, key)),
                Map.of("key", key),
                new Object[] {key},
                new Box(key, 2),
                List.of(key))) {
            try (var encoded = Codec.encode(value)) {
                assertThat(encoded.array()[0]).as("%s", value).isNotEqualTo((byte) Tag.SERIALISED);
                assertThat(keyIn(Copies.decode(encoded)).way).isEqualTo("by parts");
            }
        }
    }

    private static Key keyIn(Object value) {
        if (value instanceof Box box) {
            return box.key;
        }
        if (value instanceof Map<?, ?> map) {
            return (Key) map.get("key");
        }
        List<?> elements = value instanceof Object[] array ? Arrays.asList(array) : (List<?>) value;
        return (Key) elements.get(elements.size() - 1);
    }

    @Test
    void decode_handleInsideOfSomethingSerialised_isMadeByItsReadResolve() throws Exception {
        try (var encoded = Codec.encode(new Object[] {new AtomicInteger(1), new Key("k")})) {
            assertThat(encoded.array()[0]).isEqualTo((byte) Tag.SERIALISED);

            var copy = (Key) ((Object[]) Copies.decode(encoded))[1];

            assertThat(copy.name).isEqualTo("k");
            assertThat(copy.way).isEqualTo("by readResolve");
        }
    }

    @Test
    void decode_handleMetTwice_isOne() throws Exception {
        var one = new Key("one");
        var other = new Key("other");
        var ring = new Ring(one);
        try (var encoded = Codec.encode(new Object[] {one, ring, other, one, ring})) {
            assertThat(encoded.array()[0]).isNotEqualTo((byte) Tag.SERIALISED);

            var copy = (Object[]) Copies.decode(encoded);

            assertThat(copy[3]).isSameAs(copy[0]);
            assertThat(copy[4]).isSameAs(copy[1]);
            assertThat(((Ring) copy[1]).key).isSameAs(copy[0]);
            assertThat(((Key) copy[2]).name).isEqualTo("other");
        }
    }

    @Test
    void decode_handleOfASubclass_usesTheHookItInherits() throws Exception {
        try (var encoded = Codec.encode(new SubKey("sub"))) {
            assertThat(encoded.array()[0]).isNotEqualTo((byte) Tag.SERIALISED);
            assertThat(((Key) Copies.decode(encoded)).name).isEqualTo("sub");
        }
    }

    @Test
    void decode_handleWithADescriptor_opensWhatCameWithIt() throws Exception {
        Path file = directory.resolve("file");
        try (Descriptor open = Descriptor.openForWriting(file, false);
                var encoded = Codec.encode(List.of(new Door(open), 1))) {
            assertThat(encoded.array()[0]).isNotEqualTo((byte) Tag.SERIALISED);
            assertThat(encoded.descriptors()).hasSize(1);

            var copy = (Door) ((List<?>) Copies.decode(encoded)).get(0);

            assertThat(OpenFiles.of(file)).isEqualTo(3);
            copy.open.close();
        }
        assertThat(OpenFiles.of(file)).isZero();
        assertThatThrownBy(() -> Luggage.unpack(0)).isInstanceOf(IOException.class);
    }

    @Test
    void encode_serialisedAfterAll_packsOnce() throws Exception {
        Path file = directory.resolve("file");
        try (Descriptor open = Descriptor.openForWriting(file, false);
                var encoded = Codec.encode(new Object[] {new Door(open), new AtomicInteger(1)})) {
            assertThat(encoded.descriptors()).hasSize(1);
            assertThat(OpenFiles.of(file)).isEqualTo(2);
        }
    }

    @Test
    void encode_failsBesideAHandle_closesWhatWasPacked() throws Exception {
        Path file = directory.resolve("file");
        try (Descriptor open = Descriptor.openForWriting(file, false)) {
            assertThatThrownBy(() -> Codec.encode(new Object[] {new Door(open), new Object()}))
                    .isInstanceOf(NotSendableException.class);

            assertThat(OpenFiles.of(file)).isEqualTo(1);
        }
    }

    @Test
    void encode_handleThatCannotTravelNow_saysWhy() {
        assertThatThrownBy(() -> Codec.encode(List.of(new Key(null))))
                .isInstanceOf(NotSendableException.class)
                .hasMessageContaining("a key without a name");
    }

    @Test
    void decode_partsThatMakeNoHandle_isAnIoError() throws IOException {
        String passed = PassedKey.class.getName();
        for (byte[] bytes : List.of(
                handle(passed), // no part
                handle(passed, Tag.INT, 0, 0, 0, 1), // of another type
                handle(passed, Tag.NULL),
                handle(String.class.getName(), Tag.NULL),
                handle(NoWay.class.getName(), Tag.NULL),
                handle("gone.Away", Tag.NULL))) {
            assertThatThrownBy(() -> Codec.decode(bytes, List.of(), LOADER))
                    .isInstanceOfAny(IOException.class, ClassNotFoundException.class);
        }
        assertThatThrownBy(
                        () -> Codec.decode(handle(PassedDoor.class.getName(), Tag.INT, 0, 0, 0, 0), List.of(), LOADER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no descriptor 0");
    }

    @Test
    void decode_referenceToWhatWasNotThere_isAnIoError() {
        for (int tag : new int[] {Tag.HANDLE_AGAIN, Tag.RECORD_AGAIN}) {
            assertThatThrownBy(() -> Codec.decode(new byte[] {(byte) tag, 0}, List.of(), LOADER))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not there");
        }
    }

    private static byte[] handle(String type, int... parts) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(Tag.HANDLE);
        out.write(type.length());
        out.write(type.getBytes(StandardCharsets.US_ASCII));
        out.write(parts.length == 0 ? 0 : 1);
        for (int part : parts) {
            out.write(part);
        }
        return bytes.toByteArray();
    }

    record Box(Key key, int number) implements Serializable {}

    static class Key implements Handle {
        private static final long serialVersionUID = 1;

        private final transient @Nullable String name;
        private final transient String way;

        Key(@Nullable String name) {
            this(name, "made");
        }

        Key(@Nullable String name, String way) {
            this.name = name;
            this.way = way;
        }

        @Serial
        final Object writeReplace() throws InvalidObjectException {
            if (name == null) {
                throw new InvalidObjectException("a key without a name");
            }
            return new PassedKey(name);
        }
    }

    static final class SubKey extends Key {
        private static final long serialVersionUID = 1;

        SubKey(String name) {
            super(name);
        }
    }

    static final class PassedKey implements Passable {
        private static final long serialVersionUID = 1;

        private final String name;

        PassedKey(String name) {
            this.name = name;
        }

        @Override
        public Object[] parts() {
            return new Object[] {name};
        }

        static Object arrived(Object[] parts) throws InvalidObjectException {
            if (parts[0] == null) {
                throw new InvalidObjectException("no name");
            }
            return new Key((String) parts[0], "by parts");
        }

        @Serial
        private Object readResolve() {
            return new Key(name, "by readResolve");
        }
    }

    /** A handle made of another. */
    static final class Ring implements Handle {
        private static final long serialVersionUID = 1;

        private final transient Key key;

        Ring(Key key) {
            this.key = key;
        }

        @Serial
        private Object writeReplace() {
            return new PassedRing(key);
        }
    }

    static final class PassedRing implements Passable {
        private static final long serialVersionUID = 1;

        private final Key key;

        PassedRing(Key key) {
            this.key = key;
        }

        @Override
        public Object[] parts() {
            return new Object[] {key};
        }

        static Object arrived(Object[] parts) {
            return new Ring((Key) parts[0]);
        }
    }

    /** A handle with something open. */
    static final class Door implements Handle {
        private static final long serialVersionUID = 1;

        private final transient Descriptor open;

        Door(Descriptor open) {
            this.open = open;
        }

        @Serial
        private Object writeReplace() throws InvalidObjectException {
            try {
                return new PassedDoor(Luggage.pack(open));
            } catch (IOException e) {
                throw new InvalidObjectException(e.getMessage());
            }
        }
    }

    static final class PassedDoor implements Passable {
        private static final long serialVersionUID = 1;

        private final int index;

        PassedDoor(int index) {
            this.index = index;
        }

        @Override
        public Object[] parts() {
            return new Object[] {index};
        }

        static Object arrived(Object[] parts) throws IOException {
            return new Door(Luggage.unpack((int) parts[0]));
        }
    }

    /** Has no way to arrive. */
    static final class NoWay implements Passable {
        private static final long serialVersionUID = 1;

        @Override
        public Object[] parts() {
            return new Object[0];
        }
    }
}
