package io.multijvm.sync;

import io.multijvm.ipc.memory.Block;

/**
 * A semaphore that never has more permits than it began with: one release too many is an {@link IllegalStateException}.
 *
 * <p>Python: {@code multiprocessing.BoundedSemaphore}.
 */
public final class BoundedProcessSemaphore extends ProcessSemaphore {
    private static final long serialVersionUID = 1;

    BoundedProcessSemaphore(Block block) {
        super(block);
    }

    /** A new semaphore of {@code permits}, at least 0. */
    public static BoundedProcessSemaphore create(int permits) {
        return new BoundedProcessSemaphore(allocate(permits, permits));
    }
}
