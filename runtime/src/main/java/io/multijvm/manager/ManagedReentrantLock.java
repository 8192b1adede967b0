package io.multijvm.manager;

/**
 * A lock in a manager's server that belongs to the thread that holds it: that one may take it again, and only that one may
 * release it, as often as it took it.
 *
 * <p>A process that ends holding the lock, however it ends, loses it to the next one that wants it, at once;
 * {@link #isInherited()} tells that one. It is not fair. Python: {@code manager.RLock()}.
 */
public final class ManagedReentrantLock extends AbstractManagedLock {
    private static final long serialVersionUID = 1;

    ManagedReentrantLock(Remote remote) {
        super(remote);
    }

    /**
     * Gives back one hold of this thread.
     *
     * @throws IllegalMonitorStateException when this thread does not hold the lock
     */
    @Override
    public void unlock() {
        super.unlock();
    }

    /** How often this thread holds the lock. */
    public int holdCount() {
        return call(LockObject.Verb.HOLDS, thread());
    }

    /** Whether the calling thread holds it. */
    public boolean isHeldByCurrentThread() {
        return holdCount() > 0;
    }
}
