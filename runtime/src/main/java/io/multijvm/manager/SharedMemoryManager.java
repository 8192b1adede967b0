package io.multijvm.manager;

import io.multijvm.process.ExitHook;
import io.multijvm.shared.ShareableList;
import io.multijvm.shared.SharedMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of shared memory that go together: all are closed here and unlinked when this is shut down, or else when its process
 * ends in order, after its children have been joined.
 *
 * <p>It needs no server: blocks are files of the program's, which are removed with it however it ends. They may be captured by
 * a process's target or sent in any way; what other processes make by themselves is theirs to unlink. Python:
 * {@code multiprocessing.managers.SharedMemoryManager}.
 */
public final class SharedMemoryManager implements AutoCloseable {
    private static final int AFTER_THE_CHILDREN = -10;

    private final Deque<Made> blocks = new ArrayDeque<>(); // guarded by this, as is the next
    private boolean shutDown;
    private @Nullable ExitHook atExit;

    private SharedMemoryManager() {}

    /** A block, mapped here as long as somebody here uses it; its name is to be removed in any case. */
    private record Made(WeakReference<SharedMemory> block, String name) {
        static Made of(SharedMemory block) {
            return new Made(new WeakReference<>(block), block.name());
        }

        void end() {
            SharedMemory open = block.get();
            try {
                if (open == null) {
                    open = SharedMemory.attach(name);
                }
                open.close();
                open.unlink();
            } catch (NoSuchFileException e) {
                // somebody has
            } catch (IOException e) {
                throw new UncheckedIOException("cannot unlink the shared memory " + name, e);
            }
        }
    }

    /** A manager without any blocks. */
    public static SharedMemoryManager start() {
        var manager = new SharedMemoryManager();
        synchronized (manager) {
            manager.atExit = ExitHook.register(manager::shutdown, AFTER_THE_CHILDREN);
        }
        return manager;
    }

    /**
     * A new block of {@code size} zero bytes, with a name of its own.
     *
     * @throws IllegalStateException when this is shut down
     * @throws IOException when there is no room
     */
    public synchronized SharedMemory sharedMemory(long size) throws IOException {
        requireRunning();
        SharedMemory block = SharedMemory.create(size);
        blocks.add(Made.of(block));
        return block;
    }

    /**
     * A list of {@code values} in a block of its own, as {@link ShareableList#of(Collection)} makes it.
     *
     * @throws IllegalStateException when this is shut down
     */
    public synchronized ShareableList shareableList(Collection<? extends @Nullable Object> values) {
        requireRunning();
        ShareableList list = ShareableList.of(values);
        blocks.add(Made.of(list.shm()));
        return list;
    }

    /** As {@link #shareableList(Collection)}. */
    public ShareableList shareableList(@Nullable Object... values) {
        return shareableList(Arrays.asList(values));
    }

    /** Closes and unlinks all blocks; those that are unlinked already are no error. Idempotent. */
    public synchronized void shutdown() {
        shutDown = true;
        if (atExit != null) {
            atExit.cancel();
        }
        for (Made block = blocks.poll(); block != null; block = blocks.poll()) {
            block.end();
        }
    }

    /** As {@link #shutdown()}. */
    @Override
    public void close() {
        shutdown();
    }

    private void requireRunning() {
        if (shutDown) {
            throw new IllegalStateException("the manager of shared memory is shut down");
        }
    }

    @Override
    public synchronized String toString() {
        return "SharedMemoryManager[" + (shutDown ? "shut down" : blocks.size() + " blocks") + "]";
    }
}
