package io.multijvm.contract;

import io.multijvm.sync.Guard;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** A lock with Python's verbs, of whichever class. */
public interface LockVerbs extends Lock, Serializable {
    void acquire() throws InterruptedException;

    boolean acquire(@Nullable Duration timeout) throws InterruptedException;

    void release();

    boolean locked();

    boolean isInherited();

    Guard guard();

    /** One of the thread that holds it. */
    interface Reentrant extends LockVerbs {
        int holdCount();

        boolean isHeldByCurrentThread();
    }
}
