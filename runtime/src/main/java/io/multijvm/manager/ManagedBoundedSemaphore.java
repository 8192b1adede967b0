package io.multijvm.manager;

/**
 * A semaphore in a manager's server that never has more permits than it began with: one release too many is an
 * {@link IllegalStateException}. Python: {@code manager.BoundedSemaphore(n)}.
 */
public final class ManagedBoundedSemaphore extends ManagedSemaphore {
    private static final long serialVersionUID = 1;

    ManagedBoundedSemaphore(Remote remote) {
        super(remote);
    }
}
