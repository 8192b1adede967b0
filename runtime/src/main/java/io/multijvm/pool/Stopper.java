package io.multijvm.pool;

import io.multijvm.process.JvmProcess;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Ends tasks that were cancelled, or have had their time: forgets what no worker has begun; interrupts what one has; if that
 * does not help, ends that worker. Whatever else that worker was given goes elsewhere first.
 */
final class Stopper {
    private final Workers pool;
    private final Ledger ledger;
    private final Crew crew;
    private final Keeper keeper;
    private final Duration grace;

    Stopper(Workers pool, Ledger ledger, Crew crew, Keeper keeper, Duration grace) {
        this.pool = pool;
        this.ledger = ledger;
        this.crew = crew;
        this.keeper = keeper;
        this.grace = grace;
    }

    /** See {@link AsyncResult#cancel}. */
    boolean cancel(Work work, boolean running) {
        ledger.lock.lock();
        try {
            if (work.ended) {
                return false;
            }
            if (!ledger.isForgotten(work)) {
                if (!running) {
                    return false;
                }
                if (work.stopping == null) {
                    work.stopping = new Work.Stopping(false);
                    keeper.after(Duration.ZERO, () -> stop(work));
                }
                return true;
            }
        } finally {
            ledger.lock.unlock();
        }
        pool.fail(work, new CancellationException(work.label() + " was cancelled before it began"));
        pool.dispatcher().dispatch(); // the worker it was sent to has room now, and will not say so
        return true;
    }

    /** Gives the task its time, from now on; before it is sent, so that its end finds this to cancel. */
    void limit(Work work, Duration timeout) {
        int attempt = work.attempts;
        work.limit(keeper.unlessCancelled(timeout, () -> timeUp(work, attempt)));
    }

    private void timeUp(Work work, int attempt) {
        ledger.lock.lock();
        try {
            if (work.ended || work.worker == null || work.stopping != null || work.attempts != attempt) {
                return;
            }
            work.stopping = new Work.Stopping(true);
        } finally {
            ledger.lock.unlock();
        }
        stop(work);
    }

    private void stop(Work work) {
        PoolWorker worker;
        boolean forgotten;
        ledger.lock.lock();
        try {
            if (work.ended) {
                return;
            }
            worker = work.worker;
            forgotten = ledger.isForgotten(work);
            if (!forgotten) {
                PoolWorker runner = Objects.requireNonNull(worker);
                if (!runner.hasBegun(work)) {
                    keeper.soon(() -> stop(work)); // on its way there
                    return;
                }
                runner.stopping = work;
                ledger.putBack(runner.takeBack(Integer.MAX_VALUE));
            }
        } finally {
            ledger.lock.unlock();
        }
        pool.dispatcher().dispatch();
        Work.Stopping stopping = Objects.requireNonNull(work.stopping);
        if (forgotten || worker == null) {
            pool.fail(work, stopping.failureOf(work));
        } else if (stopping.timeout) {
            keeper.handle(() -> {
                stopping.threadDump = threadDump(worker);
                interrupt(work, worker);
            });
        } else {
            interrupt(work, worker);
        }
    }

    private void interrupt(Work work, PoolWorker worker) {
        worker.lane.interrupt(work.number);
        JvmProcess process = worker.process;
        if (process != null) {
            try {
                process.interrupt();
            } catch (IllegalStateException e) {
                return; // it has ended
            }
        }
        keeper.after(grace, () -> keeper.handle(() -> endWorkerOf(work, worker)));
    }

    /** The task does not care: its worker has to go. */
    private void endWorkerOf(Work work, PoolWorker worker) {
        if (!isStill(worker, work)) {
            return;
        }
        Work.Stopping stopping = Objects.requireNonNull(work.stopping);
        if (stopping.threadDump == null) {
            stopping.threadDump = threadDump(worker);
        }
        boolean leaves;
        ledger.lock.lock();
        try {
            leaves = isStill(worker, work);
            if (leaves) { // from now on it is given nothing, though the task may end yet before its process does
                ledger.leave(worker, work.label() + (stopping.timeout ? " has run for too long" : " was cancelled"));
                crew.complete();
            }
        } finally {
            ledger.lock.unlock();
        }
        if (leaves) {
            crew.end(worker);
        }
    }

    /** Whether the worker runs that task still. */
    private boolean isStill(PoolWorker worker, Work work) {
        ledger.lock.lock();
        try {
            return worker.stopping == work && !worker.exited;
        } finally {
            ledger.lock.unlock();
        }
    }

    private static @Nullable String threadDump(PoolWorker worker) {
        JvmProcess process = worker.process;
        try {
            return process == null ? null : process.threadDump();
        } catch (IllegalStateException e) {
            return null; // paused, or gone
        }
    }
}
