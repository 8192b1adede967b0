package io.multijvm.ipc.memory;

import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.concurrent.ThreadFactory;

/** What is done when an object has become garbage; by a thread of its own, which is there only when there is use for it. */
public final class Garbage {
    private static final Cleaner CLEANER = Cleaner.create(new DaemonThread());

    private Garbage() {}

    /** Runs {@code action}, which must not lead back to {@code object}, some time after that one has become garbage. */
    public static void whenCollected(Object object, Runnable action) {
        CLEANER.register(object, new Guarded(action));
    }

    /** An action whose failure is logged and keeps no other from running. A record, as a cold child would link its first lambda here. */
    private record Guarded(Runnable action) implements Runnable {
        @Override
        public void run() {
            try {
                FaultPoint.reach("cleaner");
            } catch (RuntimeException | Error e) {
                Survival.of(e);
            }
            try {
                action.run();
            } catch (RuntimeException | Error e) {
                Survival.of(e);
            }
        }
    }

    /** Closes {@code resource}, which must not lead back to {@code owner}, some time after that one has become garbage. */
    public static void closeWith(Object owner, Closeable resource) {
        whenCollected(owner, new Closing(resource));
    }

    /** Closes a resource. A record, as a cold child would link its first lambda here. */
    private record Closing(Closeable resource) implements Runnable {
        @Override
        public void run() {
            try {
                resource.close();
            } catch (IOException | RuntimeException e) {
                EngineLog.log(Level.WARNING, "garbage cannot be closed", e);
            }
        }
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
