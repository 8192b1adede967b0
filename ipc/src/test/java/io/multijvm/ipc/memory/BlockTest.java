package io.multijvm.ipc.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.sync.InProcessFamily;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class BlockTest {
    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private Block block;
    private Block same;

    @BeforeEach
    void allocate() throws Exception {
        SharedHeap heap = family.member().heap();
        heap.allocate(64);
        block = heap.allocate(128);
        same = family.member().view(block);
    }

    @Test
    void intAccess_inEveryMode_isToTheSameWord() {
        block.setInt(4, 1);
        assertThat(same.getInt(4)).isEqualTo(1);
        block.setIntRelease(4, 2);
        assertThat(same.getIntAcquire(4)).isEqualTo(2);
        block.setIntVolatile(4, 3);
        assertThat(same.getIntVolatile(4)).isEqualTo(3);
        assertThat(block.compareAndSetInt(4, 0, 4)).isFalse();
        assertThat(block.compareAndSetInt(4, 3, 4)).isTrue();
        assertThat(block.getAndSetInt(4, 5)).isEqualTo(4);
        assertThat(block.getAndAddInt(4, 6)).isEqualTo(5);
        assertThat(same.getInt(4)).isEqualTo(11);
        assertThat(same.getInt(0)).isZero();
        assertThat(same.getInt(8)).isZero();
    }

    @Test
    void longAccess_inEveryMode_isToTheSameWord() {
        block.setLong(120, 1);
        assertThat(same.getLong(120)).isEqualTo(1);
        block.setLongRelease(120, 2);
        assertThat(same.getLongVolatile(120)).isEqualTo(2);
        block.setLongVolatile(120, 3);
        assertThat(block.compareAndSetLong(120, 0, 4)).isFalse();
        assertThat(block.compareAndSetLong(120, 3, 1L << 40)).isTrue();
        assertThat(block.getAndSetLong(120, 5)).isEqualTo(1L << 40);
        assertThat(block.getAndAddLong(120, -6)).isEqualTo(5);
        assertThat(same.getLong(120)).isEqualTo(-1);
        assertThat(same.getLong(112)).isZero();
    }

    @Test
    void block_foundByItsName_isEqual() {
        assertThat(same).isEqualTo(block).hasSameHashCodeAs(block).hasToString(block.toString());
        assertThat(same.size()).isEqualTo(128);
        assertThat(block.ref()).isEqualTo(same.ref());
        assertThat(block.address(8) - block.address(0)).isEqualTo(8);
        assertThat(block.address(0) % 64).isZero();
    }

    @Test
    void getAndAdd_byManyThreadsThroughBoth_losesNothing() {
        IntStream.range(0, 100_000).parallel().forEach(i -> (i % 2 == 0 ? block : same).getAndAddInt(0, 1));

        assertThat(block.getInt(0)).isEqualTo(100_000);
    }

    @Test
    void access_behindTheFile_isRefused() {
        assertThatThrownBy(() -> block.getInt(64 * 1024)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> block.setLong(-1024, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
