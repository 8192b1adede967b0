package io.multijvm.ipc.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.sync.InProcessFamily;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.StressTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class SharedHeapTest {
    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final SharedHeap heap = family.member().heap();

    @Test
    @Conforms("_TestHeap.test_heap")
    void allocate_manySizes_tilesTheFilesWithoutOverlap() throws Exception {
        var random = new Random(4);
        var blocks = new ArrayList<Block>();
        for (int i = 0; i < 2000; i++) {
            int size = 1 + random.nextInt(1000);
            Block block = heap.allocate(size);
            assertThat(block.size()).isGreaterThanOrEqualTo(size);
            blocks.add(block);
        }

        blocks.sort(Comparator.comparing((Block block) -> block.ref().file())
                .thenComparing(block -> block.ref().offset()));
        for (int i = 0; i < blocks.size(); i++) {
            Block.Ref now = blocks.get(i).ref();
            Block.Ref before = i == 0 ? null : blocks.get(i - 1).ref();
            boolean first = before == null || !before.file().equals(now.file());
            assertThat(now.offset()).isEqualTo(first ? 0 : before.offset() + before.size());
        }
    }

    @Test
    void allocate_manyBlocks_takesFewFilesAndAFewLinesEach() throws Exception {
        var blocks = new ArrayList<Block>();
        for (int i = 0; i < 10_000; i++) {
            blocks.add(heap.allocate(64));
        }

        assertThat(blocks).doesNotHaveDuplicates();
        assertThat(bytes()).isLessThan(10_000 * 64 + 128 * 1024);
    }

    @Test
    void allocate_moreThanASegment_isOneBlock() throws Exception {
        Block block = heap.allocate(1_000_000);

        block.setLong(999_992, 1);
        assertThat(family.member().heap().attach(block.ref()).getLong(999_992)).isEqualTo(1);
        assertThat(heap.allocate(8).ref().file()).isNotEmpty();
    }

    @Test
    void allocate_afterUnknownBlocksBecameGarbage_usesTheirMemoryAgainZeroed() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            heap.allocate(64).setLong(0, -1);
        }
        long full = bytes();

        // Ten thousand more, again and again, would take as much again if nothing came back.
        Eventually.holds(() -> {
            System.gc();
            long before = bytes();
            for (int i = 0; i < 10_000; i++) {
                Block block = heap.allocate(64);
                assertThat(block.getLong(0)).isZero();
                block.setLong(0, -1);
            }
            return bytes() == before;
        });
        assertThat(bytes()).isLessThan(10 * full);
    }

    @Test
    void block_knownElsewhere_isNeverGivenAway() throws Exception {
        var known = new ArrayList<Block.Ref>();
        for (int i = 0; i < 100; i++) {
            Block block = heap.allocate(64);
            block.setLong(0, 1 + i);
            known.add(block.ref());
        }
        awaitCollection();
        for (int i = 0; i < 1000; i++) {
            assertThat(known).doesNotContain(heap.allocate(64).ref());
        }

        for (int i = 0; i < 100; i++) {
            assertThat(heap.attach(known.get(i)).getLong(0)).isEqualTo(1 + i);
        }
    }

    /** Until an unknown block that is garbage is handed out again, so that others had their chance. */
    private void awaitCollection() throws IOException {
        String unknown = heap.allocate(192).toString();
        Eventually.holds(() -> {
            System.gc();
            return heap.allocate(192).toString().equals(unknown);
        });
    }

    @Test
    @Conforms("_TestHeap.test_free_from_gc")
    void allocate_byManyThreadsWhileGarbageComesBack_neitherHangsNorMixesThemUp() throws Exception {
        assertNothingIsMixedUp(2_000, 4);
    }

    @Test
    @StressTest
    void allocate_oftenByManyThreadsWhileGarbageComesBack_neitherHangsNorMixesThemUp() throws Exception {
        assertNothingIsMixedUp(50_000, 100);
    }

    private void assertNothingIsMixedUp(int blocks, int collections) throws Exception {
        var threads = new ArrayList<CompletableFuture<Void>>();
        for (int t = 1; t <= 4; t++) {
            long mark = t;
            threads.add(CompletableFuture.runAsync(() -> allocateAndDrop(mark, blocks)));
        }
        for (int i = 0; i < collections; i++) {
            System.gc();
        }

        for (var thread : threads) {
            thread.get();
        }
    }

    private void allocateAndDrop(long mark, int blocks) {
        try {
            var alive = new ArrayList<Block>();
            for (int i = 0; i < blocks; i++) {
                Block block = heap.allocate(64 * (1 + i % 3));
                assertThat(block.getLong(0)).isZero();
                block.setLong(0, mark);
                alive.add(block);
                if (alive.size() == 50) {
                    assertThat(alive).allMatch(each -> each.getLong(0) == mark);
                    alive.clear();
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void attach_nonsense_isRefused() throws Exception {
        String file = heap.allocate(64).ref().file();

        for (Block.Ref nonsense : List.of(
                new Block.Ref(file, -64, 64),
                new Block.Ref(file, 0, 0),
                new Block.Ref(file, 0, -1),
                new Block.Ref(file, 64 * 1024, 64),
                new Block.Ref(file, Integer.MAX_VALUE, Integer.MAX_VALUE),
                new Block.Ref(file, 0, 64 * 1024 + 1))) {
            assertThatThrownBy(() -> heap.attach(nonsense))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no such block");
        }
        assertThatThrownBy(() -> heap.attach(new Block.Ref("heap-7-1", 0, 64))).isInstanceOf(NoSuchFileException.class);
    }

    private long bytes() throws IOException {
        try (Stream<Path> files = Files.list(family.directory().path())) {
            return files.filter(file -> file.getFileName().toString().startsWith("heap"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
