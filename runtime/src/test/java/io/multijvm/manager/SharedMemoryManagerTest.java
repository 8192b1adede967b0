package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multijvm.MultiJvm;
import io.multijvm.shared.ShareableList;
import io.multijvm.shared.SharedMemory;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SharedMemoryManagerTest {
    @Test
    @Conforms("_TestSharedMemory.test_shared_memory_SharedMemoryManager_basics")
    void close_everythingItMade_isUnlinked() throws IOException {
        String block;
        String list;
        var manager = SharedMemoryManager.start();
        try (manager) {
            SharedMemory made = manager.sharedMemory(4096);
            made.buffer().putInt(0, 42);
            block = made.name();
            list = manager.shareableList("a", 2L, null).shm().name();
            assertThat(manager.shareableList(List.of("b"))).containsExactly("b");
            try (SharedMemory attached = SharedMemory.attach(block);
                    ShareableList other = ShareableList.attach(list)) {
                assertThat(attached.buffer().getInt(0)).isEqualTo(42);
                assertThat(other).containsExactly("a", 2L, null);
            }
            assertThat(manager).hasToString("SharedMemoryManager[3 blocks]");
        }

        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> SharedMemory.attach(block));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> ShareableList.attach(list));
        assertThatIllegalStateException().isThrownBy(() -> manager.sharedMemory(1));
        assertThatIllegalStateException().isThrownBy(() -> manager.shareableList(1));
        manager.shutdown();
    }

    @Test
    void close_blockUnlinkedBefore_isNoError() throws IOException {
        try (var manager = SharedMemoryManager.start()) {
            var first = manager.sharedMemory(1);
            var second = manager.sharedMemory(1);
            first.unlink();
            manager.shutdown();

            assertThat(second.isClosed()).isTrue();
            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> SharedMemory.attach(second.name()));
        }
    }

    @Test
    @ForkTest
    void process_endsWithoutClosing_unlinksItsBlocks() throws Exception {
        try (var pipe = MultiJvm.pipe()) {
            var theirs = pipe.second();
            var child = MultiJvm.process(() -> {
                theirs.send(SharedMemoryManager.start().sharedMemory(1));
                theirs.recv();
            });
            child.start();
            var block = pipe.first().recv(SharedMemory.class);
            pipe.first().send("has it");
            block.buffer().put(0, (byte) 1);
            child.joinOrThrow();

            assertThat(block.buffer().get(0)).isEqualTo((byte) 1);
            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(block::unlink);
            block.close();
        }
    }
}
