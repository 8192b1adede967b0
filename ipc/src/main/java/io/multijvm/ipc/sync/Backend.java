package io.multijvm.ipc.sync;

import io.multijvm.ipc.memory.Block;

/** How threads sleep on a word, and how a process's death is known: what differs between platforms. */
sealed interface Backend permits FutexBackend, FileLockBackend {

    /**
     * Sleeps while the word at {@code offset} is {@code seen}, for {@code nanos} at most; may return early.
     *
     * @return false when the time is up and nothing has happened
     */
    boolean sleep(Block block, int offset, int seen, long nanos, boolean interruptibly);

    /** Wakes up to {@code count} of those who sleep on the word; returns false when it is known that nobody did. */
    boolean wake(Block block, int offset, int count);

    /** Whether process {@code number}, another one than this, lives; when in doubt it does. */
    boolean isAlive(int number);
}
