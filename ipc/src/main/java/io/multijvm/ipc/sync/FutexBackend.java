package io.multijvm.ipc.sync;

import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Futex;
import io.multijvm.ipc.os.Threads;
import java.io.IOException;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Linux: sleeps on futexes; a process lives as long as the lock of its liveness file is held.
 *
 * <p>A cold JVM needs 0.1 s to load what makes system calls. The first thread that has to wait, or to wake another, does not
 * wait for that: it has it loaded beside, and looks at the word itself until it is, or leaves the waking to the loader.
 */
final class FutexBackend implements Backend {
    private final RunDirectory directory;
    private final VirtualSleepers virtual = new VirtualSleepers();

    FutexBackend(RunDirectory directory) {
        this.directory = directory;
    }

    /** Waits until all is loaded. */
    static void load() {
        Library.LOADED.join();
    }

    @Override
    public boolean sleep(Block block, int offset, int seen, long nanos, boolean interruptibly) {
        CompletableFuture<Void> loaded = Library.LOADED;
        if (!loaded.isDone()) {
            return Looking.sleep(block, offset, seen, nanos, interruptibly, loaded::isDone);
        }
        long address = block.address(offset);
        try {
            if (Threads.isVirtual()) {
                return virtual.sleep(address, seen, nanos, interruptibly);
            }
            return interruptibly ? Futex.sleepInterruptibly(address, seen, nanos) : Futex.sleep(address, seen, nanos);
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    @Override
    public boolean wake(Block block, int offset, int count) {
        CompletableFuture<Void> loaded = Library.LOADED;
        if (loaded.isDone()) {
            return wakeNow(block, offset, count);
        }
        Objects.requireNonNull(loaded.thenRun(() -> wakeNow(block, offset, count)));
        return true;
    }

    private static boolean wakeNow(Block block, int offset, int count) {
        try {
            return Futex.wake(block.address(offset), count);
        } finally {
            Reference.reachabilityFence(block);
        }
    }

    @Override
    public boolean isAlive(int number) {
        try {
            return directory.isAlive(number);
        } catch (IOException e) {
            System.getLogger("io.multijvm")
                    .log(System.Logger.Level.WARNING, "cannot see whether process " + number + " lives", e);
            return true; // nothing is ever taken away on suspicion
        }
    }

    /** Loaded by whoever is the first to need it. */
    private static final class Library {
        static final CompletableFuture<Void> LOADED = CompletableFuture.runAsync(Futex::load, task -> {
            var thread = new Thread(task, "multijvm-library");
            thread.setDaemon(true);
            thread.start();
        });
    }
}
