package io.multijvm.ipc.sync;

import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.MortalBlock;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.memory.SharedHeap;
import io.multijvm.ipc.os.Descriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Several processes of one family, all in this JVM: each has a number, a heap and mappings of its own. As a registered
 * extension it closes itself after each test.
 */
public final class InProcessFamily implements AutoCloseable, AfterEachCallback {
    private final RunDirectory directory;
    private final ConcurrentLinkedQueue<Descriptor> locks = new ConcurrentLinkedQueue<>();

    private InProcessFamily(RunDirectory directory) {
        this.directory = directory;
    }

    public static InProcessFamily create() {
        try {
            return new InProcessFamily(RunDirectory.create());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RunDirectory directory() {
        return directory;
    }

    /** A process as the others see it, and as it sees itself. */
    public record Member(Domain domain, SharedHeap heap, Descriptor lock) {
        public int number() {
            return heap.number();
        }

        /** The kernel drops the lock of a process that is killed. */
        public void kill() {
            lock.close();
        }

        /** The block as this process has it mapped. */
        public Block view(Block block) {
            try {
                return domain.attach(block.ref());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The object in {@code block} as this process uses it. */
        public <T> T open(Block block, BiFunction<Domain, Block, T> type) {
            return type.apply(domain, view(block));
        }
    }

    /** A process that lives until killed. */
    public Member member() {
        try {
            RunDirectory.Liveness liveness = directory.newLiveness();
            locks.add(liveness.lock());
            var heap = new SharedHeap(directory, liveness.number());
            return new Member(Domain.of(heap), heap, liveness.lock());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An operation in the middle of which a process is killed. */
    public interface Operation {
        /** Ends with {@link MortalBlock.Killed}, or not if it gets to its end; calls {@code ready} when stores count. */
        void run(Domain domain, MortalBlock block, Runnable ready) throws Exception;
    }

    /** Asserts what must hold after a death. */
    public interface Check {
        void after(Block block, int stores, boolean done) throws Exception;
    }

    /**
     * Has a process die after each number of stores, from none to the last, each time on fresh memory; the state that each
     * leaves is then given to {@code check}, all at the same time, since most wait for a while.
     *
     * @return how many stores the whole operation has
     */
    public int killAtEveryStore(Fresh fresh, Operation operation, Check check) throws Exception {
        return kill(fresh, operation, check, MortalBlock::dieAfter);
    }

    /** As {@link #killAtEveryStore}, but each death comes right before the next store, after what is done elsewhere. */
    public int killBeforeEveryStore(Fresh fresh, Operation operation, Check check) throws Exception {
        return kill(fresh, operation, check, MortalBlock::dieBefore);
    }

    private int kill(Fresh fresh, Operation operation, Check check, ObjIntConsumer<MortalBlock> death)
            throws Exception {
        ExecutorService checkers = Executors.newCachedThreadPool();
        try {
            List<Future<?>> checks = new ArrayList<>();
            boolean done = false;
            int stores = 0;
            for (; !done; stores++) {
                Block block = fresh.allocate();
                int count = stores;
                done = dies(operation, block, view -> death.accept(view, count));
                boolean complete = done;
                checks.add(checkers.submit(() -> {
                    check.after(block, count, complete);
                    return null;
                }));
            }
            for (int i = 0; i < checks.size(); i++) {
                await(checks.get(i), "killed after " + i + " stores of " + (stores - 2));
            }
            return stores - 2;
        } finally {
            checkers.shutdownNow();
        }
    }

    /** Fresh memory, in whatever state the operation is to find it. */
    public interface Fresh {
        Block allocate() throws Exception;
    }

    private boolean dies(Operation operation, Block block, Consumer<MortalBlock> death) throws Exception {
        Member doomed = member();
        MortalBlock view = MortalBlock.of(doomed.heap(), block);
        try {
            operation.run(doomed.domain(), view, () -> death.accept(view));
            return true;
        } catch (MortalBlock.Killed e) {
            return false;
        } finally {
            doomed.kill();
        }
    }

    private static void await(Future<?> check, String which) throws InterruptedException {
        try {
            check.get();
        } catch (ExecutionException e) {
            throw new AssertionError(which + ": " + e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        close();
    }

    @Override
    public void close() throws IOException {
        locks.forEach(Descriptor::close);
        directory.delete();
    }
}
