package io.multijvm.samples;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import io.multijvm.sync.ProcessEvent;
import java.util.concurrent.locks.Lock;

/**
 * A lock is an argument like any other, and it stays one lock: what the parent holds, the child cannot take.
 *
 * <p>Expect, under every start method, with a lock and with a reentrant lock, captured by a lambda and as a field of a
 * process class: the child does not get the lock while the parent holds it, and gets it once the parent has let go.
 */
public final class SyncLockArgs {
    private SyncLockArgs() {}

    public static void main(String[] args) throws Exception {
        for (var method : MultiJvm.getAllStartMethods()) {
            try (Context context = MultiJvm.getContext(method)) {
                pass(method + ", lock", context, context.lock());
                pass(method + ", reentrant lock", context, context.rlock());
            }
        }
    }

    private static void pass(String how, Context context, Lock lock) throws InterruptedException {
        var hasTried = context.event();
        var captured = context.process(() -> take(how + " captured", lock, hasTried));
        holdUntilTried(lock, captured, hasTried);

        hasTried.clear();
        holdUntilTried(lock, new Taker(context.processes(), how + " in a field", lock, hasTried), hasTried);
    }

    private static void holdUntilTried(Lock lock, JvmProcess child, ProcessEvent hasTried) throws InterruptedException {
        lock.lock();
        try {
            child.start();
            hasTried.await();
        } finally {
            lock.unlock();
        }
        child.join();
    }

    private static void take(String how, Lock lock, ProcessEvent hasTried) {
        System.out.println(how + ": child gets it while the parent holds it: " + lock.tryLock());
        hasTried.set();
        lock.lock();
        try {
            System.out.println(how + ": child has it now");
        } finally {
            lock.unlock();
        }
    }

    private static final class Taker extends JvmProcess {
        private static final long serialVersionUID = 1L;

        private final String how;
        private final Lock lock;
        private final ProcessEvent hasTried;

        Taker(ProcessContext context, String how, Lock lock, ProcessEvent hasTried) {
            super(context);
            this.how = how;
            this.lock = lock;
            this.hasTried = hasTried;
        }

        @Override
        public void run() {
            take(how, lock, hasTried);
        }
    }
}
