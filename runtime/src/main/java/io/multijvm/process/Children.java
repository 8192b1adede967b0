package io.multijvm.process;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.os.Signals;
import io.multijvm.launcher.Child;
import io.multijvm.launcher.Family;
import io.multijvm.launcher.LaunchException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The live children of this process, and what becomes of them at the program's end.
 *
 * <p>A JVM's main code is over when its last non-daemon thread has ended, or somebody calls {@link System#exit}; either
 * starts the shutdown hooks, and ours then does as Python does: daemons are ended, the others are joined. Those that serve
 * the others are ended after that. After SIGINT,
 * SIGTERM or SIGHUP, or the death of this process's own parent, nobody is joined: all get SIGTERM, a moment's grace, and
 * SIGKILL. A second signal meanwhile kills at once.
 *
 * <p>When the hooks of priority 0 and above have run, no process is started any more: so all that were are joined, and
 * what keeps them is given back after the last of them.
 */
final class Children {
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final long LOOK_MILLIS = 100;
    private static final long RETRY_NANOS = 50_000_000;
    private static final int TRIES = 100;
    private static final int MOST_FAILURES = 3;
    private static final Map<String, Integer> ENDING = Map.of("INT", 2, "TERM", 15, "HUP", 1);
    private static final int SIGNAL_EXIT = 128;

    private final Map<Child, JvmProcess> alive = new LinkedHashMap<>(); // guarded by this, as are the next three
    private boolean prepared;
    private int starting;
    private boolean over; // nothing is started any more
    private volatile boolean signalled;

    /**
     * Starts a child and begins to keep it, until it ends.
     *
     * @throws IllegalStateException when the program is at its end, and children that it has are being joined or ended
     */
    Child start(JvmProcess process, Supplier<Child> launch) {
        synchronized (this) {
            if (over) {
                throw atEnd(null);
            }
            starting++;
        }
        try {
            Child child = launch.get();
            keep(child, process);
            return child;
        } catch (LaunchException e) {
            if (isOver()) {
                throw atEnd(e); // the end has closed resources that the start needed
            }
            throw e;
        } finally {
            synchronized (this) {
                starting--;
                notifyAll();
            }
        }
    }

    private synchronized boolean isOver() {
        return over;
    }

    private void keep(Child child, JvmProcess process) {
        boolean tooLate;
        synchronized (this) {
            alive.put(child, process);
            tooLate = over; // the end has not waited for this start
        }
        child.whenEnded(() -> remove(child));
        if (tooLate) {
            signal(List.of(child), ProcessControl.SIGKILL);
            throw atEnd(null);
        }
    }

    private static IllegalStateException atEnd(@Nullable Throwable cause) {
        return new IllegalStateException("this program is at its end and starts no processes any more", cause);
    }

    private synchronized void remove(Child child) {
        alive.remove(child);
    }

    synchronized List<JvmProcess> processes() {
        return List.copyOf(alive.values());
    }

    /**
     * To be called before the first child starts.
     *
     * @throws IllegalStateException when the JVM is shutting down
     */
    synchronized void prepareForEnd() {
        if (prepared) {
            return;
        }
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(this::end, "multijvm-end"));
        } catch (IllegalStateException e) {
            throw atEnd(e);
        }
        prepared = true;
        // Beside the start, since it takes a cold JVM 10 ms.
        var handlers = new Thread(() -> onSignals(() -> signalled = true, Signals.Then.GO_ON), "multijvm-signals");
        handlers.setDaemon(true);
        handlers.start();
    }

    private static void onSignals(Runnable action, Signals.Then then) {
        boolean interruptMeansMain = CurrentProcess.parent() != null && then == Signals.Then.GO_ON;
        for (String name : ENDING.keySet()) {
            if (!name.equals("INT") || !interruptMeansMain) {
                Signals.handle(name, action, then);
            }
        }
    }

    boolean endsInHaste() {
        return signalled || Family.parentGone().isDone();
    }

    private void end() {
        step(() -> ENDING.forEach((name, number) -> Signals.handle(name, () -> endAtOnce(number), Signals.Then.STOP)));
        step(() -> ExitHook.runAll(0));
        step(this::endChildren);
        step(() -> ExitHook.runAll(Integer.MIN_VALUE));
        step(this::endServing);
        step(() -> Family.current().close());
        boolean unused = EngineLog.flush(Deadline.after(LAST_WORDS));
    }

    /**
     * Runs a step of the program's end. A step that throws does not keep the next ones from running. A lack of memory or an
     * interrupt, which this thread has no use for, makes it run again.
     */
    private static void step(Step step) {
        for (int i = 0; i < TRIES; i++) {
            try {
                FaultPoint.reach("multijvm-end");
                step.run();
                return;
            } catch (InterruptedException e) {
                EngineLog.log(System.Logger.Level.DEBUG, "interrupted at the end of the program", e);
            } catch (OutOfMemoryError e) {
                LockSupport.parkNanos(RETRY_NANOS);
            } catch (RuntimeException | Error e) {
                EngineLog.log(System.Logger.Level.ERROR, "at the end of the program", e);
                if (i >= MOST_FAILURES) {
                    return;
                }
            }
        }
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private void endChildren() throws InterruptedException {
        refuseStarts();
        if (endsInHaste()) {
            terminate(snapshot(process -> true));
        } else {
            terminate(snapshot(process -> process.isDaemon() && !process.servesOthers()));
            for (Child child : snapshot(process -> !process.servesOthers())) {
                await(child.exit(), Deadline.never());
            }
        }
    }

    /** From now on no child is added, but for one that does not start in time although the program ends in haste. */
    private void refuseStarts() throws InterruptedException {
        synchronized (this) {
            over = true;
        }
        Deadline deadline = endsInHaste() ? Deadline.after(GRACE) : Deadline.never();
        while (isStarting() && !deadline.isOver()) {
            Family.current().releaseOutput();
            synchronized (this) {
                if (starting > 0) {
                    wait(LOOK_MILLIS);
                }
            }
        }
    }

    private synchronized boolean isStarting() {
        return starting > 0;
    }

    /** Waits for the end of children, which must not wait for a consumer of their output that has called exit. */
    private static boolean await(CompletableFuture<?> end, Deadline deadline) throws InterruptedException {
        while (true) {
            long look = TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
            try {
                end.get(Math.min(look, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                if (deadline.isOver()) {
                    return false;
                }
                Family.current().releaseOutput();
            } catch (ExecutionException e) {
                throw new AssertionError("completed only with a value", e);
            }
        }
    }

    /** Ends the children that served others, managers for instance, and that nobody has ended. */
    private void endServing() throws InterruptedException {
        terminate(snapshot(process -> true));
    }

    /** What the children leave behind is their guardians' to clean up, and what this process leaves is its own one's. */
    private void endAtOnce(int signal) {
        try {
            signal(snapshot(process -> true), ProcessControl.SIGKILL);
        } finally {
            Runtime.getRuntime().halt(SIGNAL_EXIT + signal);
        }
    }

    private synchronized List<Child> snapshot(Predicate<JvmProcess> which) {
        var chosen = new ArrayList<Child>();
        alive.forEach((child, process) -> {
            if (which.test(process)) {
                chosen.add(child);
            }
        });
        return chosen;
    }

    /** SIGTERM, a moment's grace for all together, SIGKILL; returns when all have ended. */
    static void terminate(Collection<Child> children) throws InterruptedException {
        signal(children, ProcessControl.SIGTERM);
        signal(children, ProcessControl.SIGCONT); // one that is paused cannot end
        CompletableFuture<Void> all =
                CompletableFuture.allOf(children.stream().map(Child::exit).toArray(CompletableFuture[]::new));
        if (!await(all, Deadline.after(GRACE))) {
            signal(children, ProcessControl.SIGKILL);
            await(all, Deadline.never());
        }
    }

    private static void signal(Collection<Child> children, int signal) {
        for (Child child : children) {
            try {
                child.signal(signal);
            } catch (IOException e) {
                EngineLog.log(System.Logger.Level.WARNING, "cannot signal " + child.name(), e);
            }
        }
    }
}
