package io.multijvm.launcher;

import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import io.multijvm.ipc.os.JdkInternals;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.os.Signals;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a child that watches its parent, and the child's signal handlers.
 *
 * <p>When the parent is gone this process ends: in order, if its shutdown hooks let it, and at once after a moment's
 * grace. Whoever is stopped or hangs even then is killed by the parent's {@link Guardian}.
 */
final class ParentWatcher implements Runnable {
    private static final long GRACE_MILLIS = 150;
    private static final long LET_GO_MILLIS = 50;
    /** What {@link #prepare} takes, 10 to 30 ms of a processor, is not taken from a cold child that ends at once. */
    private static final long HEAD_START_MILLIS = 20;

    private static final int PARENT_GONE = 1;
    /** Parts of JVM arguments that have something done, or seen, when the JVM ends. */
    private static final List<String> SEES_THE_END = List.of(
            "-agent", "-javaagent", "-Xrun", "-Xlog", "AtExit", "AOTCacheOutput", "-XX:+Print", "NativeMemoryTracking");
    /** The signals that a JVM turns into an exit with status 128 + n. */
    private static final Map<String, Integer> ENDING = Map.of("TERM", 15, "HUP", 1);

    private final ParentChannel parent;
    private final Thread main;
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile boolean prepared;
    private boolean quickExit;
    private volatile @Nullable Thread watcher;
    private volatile boolean ending;

    ParentWatcher(ParentChannel parent, Thread main) {
        this.parent = parent;
        this.main = main;
    }

    /** Does what needs doing once; a spare does it while it is idle. Returns false when this JVM is shutting down already. */
    boolean prepare() {
        if (!prepared) {
            try {
                JdkInternals.addLastShutdownHook(this::lastly);
            } catch (IllegalStateException e) {
                return false;
            }
            handleSignals();
            prepared = true;
        }
        return true;
    }

    /** From now on this JVM may skip its own end: JNA is loaded, and no agent or exit-time option wants that end. */
    void allowQuickExit() {
        quickExit = Stream.of(JdkInternals.runtimeArguments())
                .filter(argument -> !ArchiveKey.isSilence(argument))
                .noneMatch(argument -> SEES_THE_END.stream().anyMatch(argument::contains));
    }

    /** Begins to watch; in a spare, the thread is there already and only let go. */
    void start() {
        if (!prepared) {
            startThread();
        }
        begun.countDown();
    }

    void startThread() {
        var thread = new Thread(this, "multijvm-parent-watcher");
        thread.setDaemon(true);
        watcher = thread;
        thread.start();
    }

    /**
     * The last step of this JVM's shutdown. What the JVM would still do takes 3 ms and more; where the exit code is known,
     * because main has returned, and nobody waits for the JVM's own end, the process is simply ended. Otherwise the
     * watcher is woken first: a JVM's exit waits, in steps of 10 ms, for threads that are blocked in a system call.
     */
    private void lastly() {
        boolean mainHasReturned = Thread.currentThread().getName().equals("DestroyJavaVM");
        if (quickExit && mainHasReturned && parent.endedWith().isPresent()) {
            ProcessControl.exit(parent.endedWith().getAsInt());
        }
        Thread watching = watcher;
        if (watching == null || begun.getCount() > 0 || Family.parentGone().isDone()) {
            return;
        }
        ending = true;
        parent.ending();
        try {
            watching.join(LET_GO_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the JVM ends all the same
        }
    }

    @Override
    public void run() {
        try {
            if (!prepared) {
                pause(HEAD_START_MILLIS);
                if (!prepare()) {
                    return;
                }
                parent.ready();
            }
            awaitBegin();
            Family.current().exchangeClasses();
            Survival.prepare();
        } catch (RuntimeException | Error e) { // without handlers, but on watch all the same
            log("child runs on without handlers", e);
        }
        awaitEnd();
        if (!ending) {
            endWithParent();
        }
    }

    /** The thread is the only one that watches: an interrupt, which nobody means for it, does not end it. */
    private void awaitBegin() {
        while (begun.getCount() > 0) {
            try {
                begun.await();
            } catch (InterruptedException e) {
                // on
            }
        }
    }

    private void awaitEnd() {
        boolean isOver = false;
        while (!isOver) {
            try {
                FaultPoint.reach("multijvm-parent-watcher");
                parent.awaitEnd();
                isOver = true;
            } catch (RuntimeException | Error e) {
                Survival.of(e);
            }
        }
    }

    private static void endWithParent() {
        CompletableFuture<Void> gone = Family.parentGone();
        boolean awaited = gone.getNumberOfDependents() > 0;
        try {
            gone.complete(null);
            var end = new Thread(() -> end(awaited), "multijvm-end");
            end.setDaemon(true);
            end.start();
        } catch (RuntimeException | Error e) {
            log("no end in order, as the parent process is gone", e);
        }
        pause(2 * GRACE_MILLIS);
        try {
            ProcessControl.killSelf(); // a hook hangs
        } catch (IOException e) {
            Runtime.getRuntime().halt(PARENT_GONE);
        }
    }

    /** Somebody who waits for just this, with {@code ParentProcess.join}, gets the time to say so. */
    private static void end(boolean awaited) {
        if (awaited) {
            pause(GRACE_MILLIS);
        }
        System.exit(PARENT_GONE);
    }

    private static void log(String message, Throwable thrown) {
        try {
            EngineLog.log(System.Logger.Level.WARNING, message, thrown);
        } catch (Throwable e) {
            // its class could not be loaded: to watch is more important
        }
    }

    private static void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            boolean unused = Thread.interrupted();
            LockSupport.parkNanos(left);
        }
    }

    private void interrupted() {
        Runnable action = Family.onInterrupt();
        if (action == null) {
            main.interrupt();
        } else {
            action.run();
        }
    }

    private void handleSignals() {
        ENDING.forEach((name, number) -> Signals.handle(name, () -> parent.signalled(number), Signals.Then.GO_ON));
        Signals.handle("INT", this::interrupted, Signals.Then.STOP);
    }
}
