package io.multijvm.pool;

import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.lane.Lane;
import io.multijvm.ipc.memory.Block;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import io.multijvm.process.Target;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sees to it that there are as many workers as there should be: starts them, ends them, and buries the dead. */
final class Crew {
    private static final long MEMORY_LOOK_NANOS = 100_000_000;

    private final Workers pool;
    private final Ledger ledger;
    private final PoolOptions options;
    private final WorkerLogs logs;
    private final Keeper keeper;
    private final String name;
    private final Block bell;
    private final @Nullable Routine initializer;
    private final @Nullable Routine atWorkerEnd;
    private final Losses losses;
    private int least; // workers that there are without a task; guarded by the ledger's lock
    private long lastMemoryLook; // the collector's

    Crew(
            Workers pool,
            Ledger ledger,
            PoolOptions options,
            WorkerLogs logs,
            Keeper keeper,
            String name,
            Block bell,
            int least) {
        this.pool = pool;
        this.ledger = ledger;
        this.options = options;
        this.logs = logs;
        this.keeper = keeper;
        this.name = name;
        this.bell = bell;
        this.least = least;
        this.losses = new Losses(options);
        Target first = options.initializer();
        Target last = options.atWorkerEnd();
        initializer = first == null ? null : Routine.of(first);
        atWorkerEnd = last == null ? null : Routine.of(last);
    }

    /** Under the lock: plans as many workers as there should be. */
    void complete() {
        if (ledger.isStopping() || ledger.brokenBy != null) {
            return;
        }
        int missing = ledger.missing(leastNow());
        for (int i = 0; i < missing; i++) {
            plan(Duration.ZERO);
        }
    }

    /** How many there are to be when there is no task for them. */
    private int leastNow() {
        return ledger.state == Ledger.State.RUNNING ? least : 0;
    }

    private void plan(Duration delay) {
        int number = ledger.plan();
        if (delay.isZero()) {
            keeper.handle(() -> start(number));
        } else {
            keeper.after(delay, () -> keeper.handle(() -> start(number)));
        }
    }

    private void start(int number) {
        PoolWorker worker = null;
        try {
            FaultPoint.reach("pool.start");
            worker = new PoolWorker(number, name + "-" + number, Lane.create(ProcessContext.domain()));
            if (!join(worker)) {
                removeLane(worker);
                settle(ledger::unplan);
                return;
            }
            Target target = WorkerMain.target(
                    worker.lane.name(),
                    bell.ref(),
                    number,
                    logs.level(),
                    definitionOf(initializer),
                    definitionOf(atWorkerEnd));
            JvmProcess process = JvmProcess.of(options.context(), worker.name, target)
                    .options(logs.jvm())
                    .daemon(false);
            process.start();
            started(worker, process);
            PoolWorker watched = worker;
            ProcessContext.EndWatch watch = ProcessContext.watchEnd(process, () -> exited(watched));
            if (watch.hasEnded()) {
                exited(worker);
            } else if (pool.isStopping()) {
                end(worker);
            }
        } catch (IOException | RuntimeException | Error e) {
            notStarted(worker, e);
        }
    }

    /** Its start has returned; it may have said before that it is ready. */
    private void started(PoolWorker worker, JvmProcess process) {
        boolean isReady;
        ledger.lock.lock();
        try {
            worker.process(process);
            isReady = worker.saidReady;
        } finally {
            ledger.lock.unlock();
        }
        if (isReady) {
            ready(worker);
        }
    }

    private static byte @Nullable [] definitionOf(@Nullable Routine routine) {
        return routine == null ? null : routine.definition();
    }

    /** There will be no more workers. */
    void forget() {
        if (initializer != null) {
            initializer.forget();
        }
        if (atWorkerEnd != null) {
            atWorkerEnd.forget();
        }
    }

    private boolean join(PoolWorker worker) {
        boolean wanted;
        ledger.lock.lock();
        try {
            wanted = !ledger.isStopping();
            if (wanted) {
                ledger.add(worker);
            }
        } finally {
            ledger.lock.unlock();
        }
        pool.collector().ensure();
        return wanted;
    }

    /** Notes in the ledger what may have been the last that the pool's end waits for. */
    private void settle(Runnable entry) {
        ledger.lock.lock();
        try {
            entry.run();
            pool.finishIfDone();
        } finally {
            ledger.lock.unlock();
        }
    }

    private void notStarted(@Nullable PoolWorker worker, Throwable failure) {
        boolean hopeless;
        boolean removed;
        ledger.lock.lock();
        try {
            removed = worker != null && ledger.remove(worker);
            if (worker == null) {
                ledger.unplan();
            }
            hopeless = losses.startFailed() || failure instanceof IllegalStateException;
            if (!hopeless && !ledger.isStopping() && ledger.missing(leastNow()) > 0) {
                plan(losses.delay());
            }
            pool.finishIfDone();
        } finally {
            ledger.lock.unlock();
        }
        if (worker != null && removed) {
            buried(worker);
        }
        if (hopeless) {
            pool.breakDown("its workers cannot be started", failure);
        }
    }

    /** A worker has said that it waits for tasks. It gets none before its process is known, through which they are ended. */
    void ready(PoolWorker worker) {
        ledger.lock.lock();
        try {
            worker.saidReady = true;
            if (worker.process == null) {
                return;
            }
            losses.ready();
            ledger.ready(worker);
        } finally {
            ledger.lock.unlock();
        }
        pool.events().workerStarted(worker);
        watchIdle(worker);
        pool.dispatcher().dispatch();
    }

    /** Under the lock: whether the worker has had its time, and is to be told to end. */
    boolean leaves(PoolWorker worker, boolean outOfMemory, boolean tooLarge) {
        if (outOfMemory && worker.reason == null) {
            worker.reason = "it was out of memory"; // also when its end was heard of first
        }
        if (worker.state != PoolWorker.State.READY) {
            return false;
        }
        int most = options.maxTasksPerChild();
        if (outOfMemory) {
            ledger.leave(worker, worker.reason);
        } else if (tooLarge) {
            ledger.leave(worker, "it used more memory than it may");
        } else if (most > 0 && worker.given >= most && worker.load == 0) {
            ledger.leave(worker, "it has run the tasks it may run");
        } else {
            return false;
        }
        complete();
        return true;
    }

    /** Whether it has more memory in use than it may; looks now and then. */
    boolean isTooLarge(PoolWorker worker) {
        long now = System.nanoTime();
        if (options.maxWorkerMemory() == 0 || now - lastMemoryLook < MEMORY_LOOK_NANOS) {
            return false;
        }
        lastMemoryLook = now;
        return Memory.of(worker.pid) > options.maxWorkerMemory();
    }

    /** Has the worker end if it is idle for long from now on. */
    void watchIdle(PoolWorker worker) {
        Duration limit = options.idleTimeout();
        if (limit != null) {
            long since = worker.idleSince;
            keeper.after(limit, () -> endIfIdle(worker, since));
        }
    }

    private void endIfIdle(PoolWorker worker, long since) {
        boolean leaves;
        ledger.lock.lock();
        try {
            leaves = worker.state == PoolWorker.State.READY
                    && worker.load == 0
                    && worker.idleSince == since
                    && ledger.pending.isEmpty()
                    && ledger.staying() > options.minWorkers();
            if (leaves) {
                ledger.leave(worker, "it was idle");
                least = Math.min(least, options.minWorkers()); // it is not replaced before there is a task for it
            }
        } finally {
            ledger.lock.unlock();
        }
        if (leaves) {
            retire(worker);
            pool.collector().ensure();
        }
    }

    /**
     * Has the worker end after the tasks it has. One that has nothing to do for a whole grace and has not ended, as a thread
     * that a task has left keeps it, is {@link #end}ed.
     */
    void retire(PoolWorker worker) {
        tellEnd(worker);
        watchEnd(worker);
    }

    private void watchEnd(PoolWorker worker) {
        boolean isIdle = isIdle(worker);
        keeper.after(options.grace(), () -> endIfStill(worker, isIdle));
    }

    private void tellEnd(PoolWorker worker) {
        if (!worker.sendEnd()) {
            keeper.soon(() -> tellEnd(worker));
        }
    }

    private void endIfStill(PoolWorker worker, boolean wasIdle) {
        if (worker.exited) {
            return;
        }
        if (wasIdle) {
            end(worker);
        } else {
            watchEnd(worker);
        }
    }

    private boolean isIdle(PoolWorker worker) {
        ledger.lock.lock();
        try {
            return worker.load == 0;
        } finally {
            ledger.lock.unlock();
        }
    }

    /** Has the worker's process end, whatever it does. */
    void end(PoolWorker worker) {
        JvmProcess process = worker.process;
        if (process == null) {
            return; // who starts it sees to that
        }
        signalled(process::terminate);
        keeper.after(options.grace(), () -> {
            if (!worker.exited) {
                kill(worker);
            }
        });
    }

    void kill(PoolWorker worker) {
        JvmProcess process = worker.process;
        if (process != null) {
            keeper.handle(() -> signalled(process::kill));
        }
    }

    /** Ends a worker that cannot be understood; returns false when that was known. */
    boolean condemn(PoolWorker worker) {
        boolean isNew;
        ledger.lock.lock();
        try {
            isNew = !worker.isCondemned;
            worker.isCondemned = true;
            ledger.leave(worker, "its answers made no sense");
            complete();
        } finally {
            ledger.lock.unlock();
        }
        if (isNew) {
            kill(worker);
        }
        return isNew;
    }

    private static void signalled(Runnable signal) {
        try {
            signal.run();
        } catch (IllegalStateException e) {
            // closed, as it has ended
        }
    }

    private void exited(PoolWorker worker) {
        ledger.lock.lock();
        try {
            ledger.leave(worker, null);
            worker.exited = true;
        } finally {
            ledger.lock.unlock();
        }
        pool.collector().look();
    }

    /** A worker has ended, and all its answers are here. {@code heir} is told what it was running, and why that will not end. */
    void bury(PoolWorker worker, Consumer<Loss> heir) {
        PoolWorker.Left left = worker.close();
        var lost = new ArrayList<>(left.begun());
        boolean hopeless = false;
        boolean neverReady;
        JvmProcess process = Objects.requireNonNull(worker.process);
        int exitCode = Objects.requireNonNullElse(process.exitCode(), 0);
        ledger.lock.lock();
        try {
            if (!ledger.remove(worker)) {
                return;
            }
            neverReady = worker.ready == 0;
            if (ledger.isStopping()) {
                lost.addAll(left.untouched()); // sent when the pool was about to stop: nobody else will run them
            } else {
                ledger.putBack(left.untouched());
            }
            for (Work each : lost) {
                each.worker = null;
                each.position = -1;
                ledger.failed(each, false);
            }
            if (worker.reason == null) {
                ledger.died++;
                hopeless = isOneTooMany(neverReady, exitCode);
            }
        } finally {
            ledger.lock.unlock();
        }
        try {
            var loss =
                    new Loss(worker, worker.pid, exitCode, process.stderrTail().strip(), List.copyOf(lost));
            pool.events().workerEnded(worker, exitCode);
            process.close();
            if (hopeless) {
                pool.breakDown(
                        neverReady ? "its workers die before they are ready" : "more of its workers have died than may",
                        loss.explain("nothing"));
            }
            heir.accept(loss);
        } finally {
            buried(worker);
        }
    }

    /** The last that is done for a worker: the pool's end waits for it. */
    private void buried(PoolWorker worker) {
        removeLane(worker);
        settle(ledger::buried);
    }

    private boolean isOneTooMany(boolean neverReady, int exitCode) {
        if (!neverReady) {
            return losses.died();
        }
        return exitCode < 0 ? losses.startKilled() : losses.startFailed();
    }

    /** A worker that has ended, and the tasks that ended with it. */
    record Loss(PoolWorker worker, long pid, int exitCode, String stderrTail, List<Work> tasks) {
        WorkerDiedException explain(String task) {
            Path report = Path.of("hs_err_pid" + pid + ".log");
            return new WorkerDiedException(
                    worker.name,
                    pid,
                    exitCode,
                    worker.reason,
                    task,
                    stderrTail,
                    Files.exists(report) ? report.toAbsolutePath() : null);
        }
    }

    private static void removeLane(PoolWorker worker) {
        try {
            worker.lane.remove();
        } catch (IOException e) {
            EngineLog.log(Level.WARNING, "a worker's memory stays behind", e);
        }
    }

    /** Under the lock: has all workers end. */
    void dismiss(String reason) {
        var idle = new ArrayList<PoolWorker>();
        var busy = new ArrayList<PoolWorker>();
        for (PoolWorker each : ledger.workers) {
            (each.load > 0 || each.state == PoolWorker.State.STARTING ? busy : idle).add(each);
            ledger.leave(each, reason);
        }
        keeper.after(Duration.ZERO, () -> {
            idle.forEach(this::retire);
            busy.forEach(this::end);
        });
    }
}
