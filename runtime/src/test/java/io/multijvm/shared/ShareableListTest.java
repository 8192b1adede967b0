package io.multijvm.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ShareableListTest {
    static Stream<Context> contexts() {
        return Sent.contexts();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(Sent.files("shm-")).isEmpty();
    }

    @Test
    @Conforms("_TestSharedMemory.test_shared_memory_ShareableList_basics")
    void list_ofEveryType_isReadWrittenAndSearched() throws Exception {
        ShareableList list = MultiJvm.shareableList("howdy", bytes("HoWdY"), -273.154, 100, null, true, 42);
        assertThat(list.format()).isEqualTo("8s8sdqxxxxxx?xxxxxxxx?q");
        assertThat(list).hasSize(7);
        assertThat(list.get(0)).isEqualTo("howdy");
        assertThat(list.get(-6)).isEqualTo(bytes("HoWdY"));
        assertThat(list.get(2)).isEqualTo(-273.154);
        assertThat(list.get(3)).isEqualTo(100L);
        assertThat(list.get(4)).isNull();
        assertThat(list.get(5)).isEqualTo(true);
        assertThat(list.get(-1)).isEqualTo(42L);
        assertThatThrownBy(() -> list.get(7))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("index 7, length 7");
        assertThatThrownBy(() -> list.get(-8)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.set(7, 2)).isInstanceOf(IndexOutOfBoundsException.class);

        assertThat(list.indexOf("howdy")).isZero();
        assertThat(list.indexOf(bytes("HoWdY"))).isEqualTo(1);
        assertThat(list.indexOf(100)).isEqualTo(3);
        assertThat(list.indexOf("nothing")).isEqualTo(-1);
        assertThat(list.contains(null)).isTrue();
        assertThat(list.count(42L)).isEqualTo(1);

        assertThat(list.set(3, 42)).isEqualTo(100L);
        assertThat(list.count(42)).isEqualTo(2);
        assertThat(list.lastIndexOf(42)).isEqualTo(6);
        list.set(4, "some");
        list.set(-5, true);
        assertThat(list.format()).isEqualTo("8s8sxxxxxxx?q8sxxxxxxx?q");
        list.set(2, null);
        list.set(2, 1.5);
        list.set(1, bytes("b\0\0"));
        assertThat(list.get(1)).isEqualTo(bytes("b\0\0"));
        list.set(0, "12345678");
        assertThat(list.get(0)).isEqualTo("12345678");
        list.set(0, "");
        assertThat(list.get(0)).isEqualTo("");

        list.set(0, "\u00e9\u00e9\u00e9\u00e9");
        assertThatThrownBy(() -> list.set(0, "\u00e9\u00e9\u00e9\u00e9x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("value of 9 bytes exceeds available storage: element 0 has 8");
        assertThatThrownBy(() -> list.set(4, bytes("123456789"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(list.get(0)).isEqualTo("\u00e9\u00e9\u00e9\u00e9");
        assertThat(list.get(4)).isEqualTo("some");
        remove(list);
    }

    @Test
    @Conforms("_TestSharedMemory.test_shared_memory_ShareableList_basics")
    void list_copiedAttachedOrEmpty_isIndependentSharedOrEmpty() throws Exception {
        ShareableList list = MultiJvm.shareableList("howdy", null, 3);
        ShareableList copy = ShareableList.of(list);
        ShareableList attached = ShareableList.attach(list.shm().name());
        ShareableList empty = MultiJvm.shareableList();

        list.set(0, "changed");
        assertThat(copy).containsExactly("howdy", null, 3L);
        assertThat(copy.shm().name()).isNotEqualTo(list.shm().name());
        assertThat(attached).containsExactly("changed", null, 3L).isEqualTo(list);
        attached.set(-1, -1L);
        assertThat(list.get(2)).isEqualTo(-1L);
        attached.close();

        assertThat(empty).isEmpty();
        assertThat(empty.format()).isEmpty();
        assertThatThrownBy(() -> empty.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> empty.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        remove(list);
        remove(copy);
        remove(empty);
    }

    @Test
    void of_text_hasRoomUpToTheNextMultipleOfEight() throws Exception {
        ShareableList list = ShareableList.of("1234567", "12345678", new byte[15], "");

        assertThat(list.format()).isEqualTo("8s16s16s8s");
        assertThat(list.get(1)).isEqualTo("12345678");
        remove(list);
    }

    @Test
    void of_whatItDoesNotHold_isRefused() throws Exception {
        assertThatThrownBy(() -> ShareableList.of(1, BigInteger.ONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a java.math.BigInteger");
        assertThatThrownBy(() -> ShareableList.of("\ud800")).isInstanceOf(IllegalArgumentException.class);
        ShareableList list = ShareableList.of(1, 2);
        assertThatThrownBy(() -> list.add(3)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> list.remove(0)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> list.set(0, 1f)).isInstanceOf(IllegalArgumentException.class);
        assertThat(list).containsExactly(1L, 2L);
        remove(list);
    }

    @ForkTest
    @ParameterizedTest
    @MethodSource("contexts")
    @Conforms("_TestSharedMemory.test_shared_memory_ShareableList_pickling")
    void list_sent_isTheSameList(Context context) throws Exception {
        ShareableList list = context.shareableList(0, 1, 2, "three", 4.0);

        Sent.run(context, () -> {
            list.set(-1, "last");
            list.set(0, list.size());
        });

        assertThat(list).containsExactly(5L, 1L, 2L, "three", "last");
        ShareableList copy = Sent.copy(list);
        assertThat(copy).isNotSameAs(list).isEqualTo(list);
        copy.set(1, -1);
        assertThat(list.get(1)).isEqualTo(-1L);
        copy.close();
        ShareableList longer = ShareableList.of(Collections.nCopies(400, 1));
        assertThat(Sent.encode(longer)).hasSameSizeAs(Sent.encode(list));
        remove(longer);
        remove(list);
    }

    @Test
    @Conforms("_TestSharedMemory.test_shared_memory_ShareableList_pickling_dead_object")
    void decode_listUnlinkedMeanwhile_failsAsMissing() throws Exception {
        ShareableList list = ShareableList.of(0, 1);
        byte[] underWay = Sent.encode(list);
        remove(list);

        assertThatThrownBy(() -> Sent.decode(underWay)).hasRootCauseInstanceOf(NoSuchFileException.class);
    }

    @Test
    void attach_whatIsNoList_isRefused() throws Exception {
        try (SharedMemory block = SharedMemory.create(4)) {
            assertThatThrownBy(() -> ShareableList.attach(block.name()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no list");
            block.unlink();
        }
        try (SharedMemory block = SharedMemory.create(64)) {
            block.buffer().putInt(0, ShareableListLayout.MAGIC).putInt(4, Integer.MAX_VALUE);
            assertThatThrownBy(() -> ShareableList.attach(block.name())).isInstanceOf(IOException.class);
            block.unlink();
        }
        assertThatThrownBy(() -> ShareableList.attach("none")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void anything_afterClose_isRefused() throws Exception {
        ShareableList list = ShareableList.of(List.of(1, 2));
        remove(list);

        assertThatThrownBy(() -> list.get(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
        assertThatThrownBy(() -> list.set(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(list::format).isInstanceOf(IllegalStateException.class);
        assertThat(list.size()).isEqualTo(2);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void remove(ShareableList list) throws IOException {
        list.close();
        list.shm().unlink();
    }
}
