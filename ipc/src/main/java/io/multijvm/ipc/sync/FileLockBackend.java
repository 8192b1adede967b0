package io.multijvm.ipc.sync;

import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;

/**
 * Wherever there is a JDK and no futex: a process lives as long as it holds the {@link FileLock} of the byte, in one file,
 * that has its number; and who waits looks again and again, at growing intervals.
 *
 * <p>The operating system drops all of a process's locks on a file when the process closes any channel to it, so each has
 * one channel, which stays open to its end.
 */
final class FileLockBackend implements Backend {
    private final FileChannel processes; // guarded by this

    FileLockBackend(RunDirectory directory, int number) {
        try {
            processes =
                    FileChannel.open(directory.file("filelocks"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (processes.tryLock(number, 1, false) == null) {
                throw new IOException("the lock of process " + number + " is taken");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot take the file lock by which this process is known to live", e);
        }
    }

    @Override
    public boolean sleep(Block block, int offset, int seen, long nanos, boolean interruptibly) {
        return Looking.sleep(block, offset, seen, nanos, interruptibly, () -> false);
    }

    @Override
    public boolean wake(Block block, int offset, int count) {
        return true; // they look by themselves
    }

    @Override
    public synchronized boolean isAlive(int number) {
        try (FileLock lock = processes.tryLock(number, 1, false)) {
            return lock == null;
        } catch (IOException e) {
            System.getLogger("io.multijvm")
                    .log(System.Logger.Level.WARNING, "cannot see whether process " + number + " lives", e);
            return true; // nothing is ever taken away on suspicion
        }
    }
}
