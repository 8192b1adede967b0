package io.multijvm.manager;

/**
 * A lock in a manager's server; one that holds it waits for itself when it takes it again, and any thread of any process may
 * release it.
 *
 * <p>A process that ends holding the lock, however it ends, loses it to the next one that wants it, at once;
 * {@link #isInherited()} tells that one. It is not fair. Python: {@code manager.Lock()}.
 */
public final class ManagedLock extends AbstractManagedLock {
    private static final long serialVersionUID = 1;

    ManagedLock(Remote remote) {
        super(remote);
    }

    /**
     * Releases the lock, whoever holds it.
     *
     * @throws IllegalMonitorStateException when it is free
     */
    @Override
    public void unlock() {
        super.unlock();
    }
}
