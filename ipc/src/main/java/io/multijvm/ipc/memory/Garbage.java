package io.multijvm.ipc.memory;

import java.lang.ref.Cleaner;
import java.util.concurrent.ThreadFactory;

/** What is done when an object has become garbage; by a thread of its own, which is there only when there is use for it. */
public final class Garbage {
    private static final Cleaner CLEANER = Cleaner.create(new DaemonThread());

    private Garbage() {}

    /** Runs {@code action}, which must not lead back to {@code object}, some time after that one has become garbage. */
    public static void whenCollected(Object object, Runnable action) {
        CLEANER.register(object, action);
    }

    /** No lambda, of which a cold child would link its first one here. */
    private static final class DaemonThread implements ThreadFactory {
        @Override
        public Thread newThread(Runnable task) {
            var thread = new Thread(task, "multijvm-cleaner");
            thread.setDaemon(true);
            return thread;
        }
    }
}
