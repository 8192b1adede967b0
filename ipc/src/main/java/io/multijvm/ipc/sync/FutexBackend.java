package io.multijvm.ipc.sync;

import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Futex;
import io.multijvm.ipc.os.Threads;
import java.io.IOException;
import java.lang.ref.Reference;

/** Linux: sleeps on futexes; a process lives as long as the lock of its liveness file is held. */
final class FutexBackend implements Backend {
    private final RunDirectory directory;
    private final VirtualSleepers virtual = new VirtualSleepers();

    FutexBackend(RunDirectory directory) {
        this.directory = directory;
    }

    @Override
    public boolean sleep(Block block, int offset, int seen, long nanos, boolean interruptibly) {
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
    public void wake(Block block, int offset, int count) {
        try {
            Futex.wake(block.address(offset), count);
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
}
