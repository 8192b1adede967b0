package io.multijvm.process;

import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.os.Signals;
import io.multijvm.launcher.Child;
import io.multijvm.launcher.Family;
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
import java.util.function.Predicate;

/**
 * The live children of this process, and what becomes of them at the program's end.
 *
 * <p>A JVM's main code is over when its last non-daemon thread has ended, or somebody calls {@link System#exit}; either
 * starts the shutdown hooks, and ours then does as Python does: daemons are ended, the others are joined. Those that serve
 * the others are ended after that. After SIGINT,
 * SIGTERM or SIGHUP, or the death of this process's own parent, nobody is joined: all get SIGTERM, a moment's grace, and
 * SIGKILL. A second signal meanwhile kills at once.
 */
final class Children {
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Map<String, Integer> ENDING = Map.of("INT", 2, "TERM", 15, "HUP", 1);
    private static final int SIGNAL_EXIT = 128;

    private final Map<Child, JvmProcess> alive = new LinkedHashMap<>(); // guarded by this
    private boolean prepared; // guarded by this
    private volatile boolean signalled;

    /** Begins to keep {@code child}, until it ends. */
    void add(Child child, JvmProcess process) {
        synchronized (this) {
            alive.put(child, process);
        }
        child.whenEnded(() -> remove(child));
    }

    private synchronized void remove(Child child) {
        alive.remove(child);
    }

    synchronized List<JvmProcess> processes() {
        return List.copyOf(alive.values());
    }

    /** To be called before the first child starts. */
    synchronized void prepareForEnd() {
        if (prepared) {
            return;
        }
        prepared = true;
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "multijvm-end"));
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
        ENDING.forEach((name, number) -> Signals.handle(name, () -> endAtOnce(number), Signals.Then.STOP));
        ExitHook.runAll(0);
        try {
            if (endsInHaste()) {
                terminate(snapshot(process -> true));
            } else {
                terminate(snapshot(process -> process.isDaemon() && !process.servesOthers()));
                for (Child child : snapshot(process -> !process.servesOthers())) {
                    child.exit().get();
                }
            }
        } catch (InterruptedException | ExecutionException e) {
            signal(snapshot(process -> true), ProcessControl.SIGKILL);
        }
        ExitHook.runAll(Integer.MIN_VALUE);
        endServing();
        Family.current().close();
    }

    /** Those that the others needed until now, and that nobody has ended. */
    private void endServing() {
        try {
            terminate(snapshot(process -> true));
        } catch (InterruptedException | ExecutionException e) {
            signal(snapshot(process -> true), ProcessControl.SIGKILL);
        }
    }

    /** What the children leave behind is their guardians' to clean up, and what this process leaves is its own one's. */
    private void endAtOnce(int signal) {
        signal(snapshot(process -> true), ProcessControl.SIGKILL);
        Runtime.getRuntime().halt(SIGNAL_EXIT + signal);
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
    static void terminate(Collection<Child> children) throws InterruptedException, ExecutionException {
        signal(children, ProcessControl.SIGTERM);
        signal(children, ProcessControl.SIGCONT); // one that is paused cannot end
        CompletableFuture<Void> all =
                CompletableFuture.allOf(children.stream().map(Child::exit).toArray(CompletableFuture[]::new));
        try {
            all.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            signal(children, ProcessControl.SIGKILL);
            all.get();
        }
    }

    private static void signal(Collection<Child> children, int signal) {
        for (Child child : children) {
            try {
                child.signal(signal);
            } catch (IOException e) {
                System.getLogger("io.multijvm").log(System.Logger.Level.WARNING, "cannot signal " + child.name(), e);
            }
        }
    }
}
