package io.multijvm.process;

import io.multijvm.ipc.ExitingThreads;
import io.multijvm.ipc.FaultPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An action to be run once: when it is called, or else at the end of this process, in an order.
 *
 * <p>At the end, hooks run one after another, each on a thread of its own, highest priority first, the last registered
 * first among equals; those of priority 0 and above before the children are ended and joined, the others after that. One
 * without a priority runs only when called. What a hook throws, an {@link Error} included, is printed to standard error
 * (loggers end at the same time), and the next one runs. A hook that calls {@link System#exit} is over with that, as the
 * program is ending already. A hook that does not return holds up the end as every shutdown hook of a JVM does; a second
 * signal ends the program at once. Hooks do not run when the process is killed. Python:
 * {@code multiprocessing.util.Finalize}.
 */
public final class ExitHook implements Runnable {
    private static final long LOOK_MILLIS = 50;
    private static final Registry REGISTRY = new Registry();

    private final Runnable action;
    private final @Nullable Integer priority;
    private final long number;
    private final AtomicBoolean active = new AtomicBoolean(true);

    private ExitHook(Runnable action, @Nullable Integer priority, long number) {
        this.action = action;
        this.priority = priority;
        this.number = number;
    }

    /** Registers {@code action} to be run at the end of this process if {@code priority} is not null. */
    public static ExitHook register(Runnable action, @Nullable Integer priority) {
        CurrentProcess.children().prepareForEnd();
        return REGISTRY.add(action, priority);
    }

    /** Runs the action now, unless it has run or was cancelled; what it throws is the caller's. */
    @Override
    public void run() {
        if (cancel()) {
            action.run();
        }
    }

    /** Gives the action up; returns whether it would still have run. */
    public boolean cancel() {
        REGISTRY.remove(this);
        return active.getAndSet(false);
    }

    /** Whether the action has neither run nor been cancelled. */
    public boolean isActive() {
        return active.get();
    }

    /** Runs the hooks whose priority is at least {@code lowest}, also those that hooks register meanwhile. */
    static void runAll(int lowest) {
        for (ExitHook hook = REGISTRY.first(lowest); hook != null; hook = REGISTRY.first(lowest)) {
            if (hook.cancel()) {
                hook.runBeside();
            }
        }
    }

    private void runBeside() {
        var done = new CountDownLatch(1);
        var thread = new Thread(() -> runAndReport(done), "multijvm-exit-hook");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // or no thread
            runAndReport(done);
        }
        while (!isOver(done)) {
            if (ExitingThreads.isExiting(thread)) {
                print("An exit hook has called System.exit, although the program is ending: the next hook runs.");
                return;
            }
        }
    }

    private void runAndReport(CountDownLatch done) {
        try {
            FaultPoint.reach("exit-hook");
            action.run();
        } catch (Throwable e) { // it hurts no other hook
            print("An exit hook threw " + RemoteFailure.of(e).stack());
        } finally {
            done.countDown();
        }
    }

    private static boolean isOver(CountDownLatch done) {
        try {
            return done.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false; // nobody means this thread
        }
    }

    private static void print(String message) {
        try {
            System.err.println(message);
        } catch (Throwable e) {
            // a stream of the program's, which does not work
        }
    }

    private static final class Registry {
        private static final Comparator<ExitHook> ORDER = Comparator.comparingInt(ExitHook::order)
                .thenComparingLong(hook -> hook.number)
                .reversed();

        private final List<ExitHook> hooks = new ArrayList<>(); // guarded by this, as is the next
        private long registered;

        synchronized ExitHook add(Runnable action, @Nullable Integer priority) {
            var hook = new ExitHook(action, priority, registered++);
            if (priority != null) {
                hooks.add(hook);
            }
            return hook;
        }

        synchronized void remove(ExitHook hook) {
            hooks.remove(hook);
        }

        synchronized @Nullable ExitHook first(int lowest) {
            return hooks.stream()
                    .filter(hook -> hook.order() >= lowest)
                    .min(ORDER)
                    .orElse(null);
        }
    }

    private int order() {
        return priority == null ? Integer.MIN_VALUE : priority;
    }
}
