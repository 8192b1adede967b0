package io.multijvm.pool;

import io.multijvm.ipc.FaultPoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Brings tasks to workers: into the lane of one that has too little to do, or to where they wait for one. */
final class Dispatcher {
    private final Workers pool;
    private final Ledger ledger;
    private final Crew crew;
    private final Stopper stopper;
    private final Keeper keeper;
    private final AtomicBoolean isDueSoon = new AtomicBoolean();

    Dispatcher(Workers pool, Ledger ledger, Crew crew, Stopper stopper, Keeper keeper) {
        this.pool = pool;
        this.ledger = ledger;
        this.crew = crew;
        this.stopper = stopper;
        this.keeper = keeper;
    }

    /**
     * Takes a task.
     *
     * @param helping whether the caller will collect results, and nobody needs to be woken for that
     * @throws RejectedExecutionException when this pool takes no more
     */
    void submit(Work work, boolean helping) {
        submit(work, helping, false);
    }

    /** As {@link #submit}, of what the pool has accepted before: it waits for room, also when no more tasks are taken. */
    void submitAccepted(Work work) {
        submit(work, false, true);
    }

    private void submit(Work work, boolean helping, boolean isAccepted) {
        PoolWorker to = null;
        ledger.lock.lock();
        try {
            ledger.requireTaking(isAccepted);
            work.number = ledger.nextTask();
            if (ledger.pending.isEmpty()) {
                to = ledger.choose(work);
            }
            if (to == null && ledger.isFull()) {
                pool.collector().ensure(); // this thread is about to wait for it
                ledger.awaitRoom(isAccepted);
                if (work.ended) {
                    return; // cancelled meanwhile
                }
                if (ledger.pending.isEmpty()) {
                    to = ledger.choose(work); // all were done meanwhile: nobody will come by for this one
                }
            }
            if (to == null) {
                ledger.pending.add(work);
                crew.complete();
            } else {
                ledger.assign(to, work);
                if (to.load > 1) {
                    crew.complete();
                }
            }
            pool.events().taskSubmitted(work); // before it can have ended
        } finally {
            ledger.lock.unlock();
        }
        if (to != null) {
            transmit(to, List.of(work));
        }
        if (!helping) {
            pool.collector().ensure();
        }
    }

    /** Puts tasks into the lane of a worker; not under the lock, as all below. */
    void transmit(PoolWorker worker, List<Work> works) {
        boolean any = false;
        for (int i = 0; i < works.size(); i++) {
            Work work = works.get(i);
            try {
                Duration timeout = work.timeout;
                if (timeout != null) {
                    stopper.limit(work, timeout);
                }
                FaultPoint.reach("pool.send");
                if (!worker.send(work)) {
                    putBack(worker, works.subList(i, works.size()));
                    break;
                }
                any = true;
            } catch (IOException e) {
                drop(work, e);
            }
        }
        if (any) {
            worker.signal();
            if (worker.load > 1) { // needs no lock: this thread has assigned the tasks itself
                share(worker);
            }
        }
    }

    /**
     * Gives tasks that were just sent to {@code worker} to an idle worker. An idle worker searches the others once. If that
     * was before these tasks were sent, it is marked as idle by now, and is found here; otherwise it has found them itself.
     */
    private void share(PoolWorker worker) {
        for (PoolWorker each : ledger.current()) {
            if (each.isIdle && each != worker) {
                List<Work> taken = takeFor(each);
                if (!taken.isEmpty()) {
                    transmit(each, taken);
                    return;
                }
            }
        }
    }

    /** Tasks that wait, or else, for a worker that has none, tasks of another worker. */
    private List<Work> takeFor(PoolWorker worker) {
        ledger.lock.lock();
        try {
            List<Work> taken = ledger.takeFor(worker);
            return taken.isEmpty() && worker.load == 0 ? ledger.takeFrom(worker) : taken;
        } finally {
            ledger.lock.unlock();
        }
    }

    private void drop(Work work, IOException failure) {
        ledger.lock.lock();
        try {
            ledger.unassign(work);
            ledger.end(work, false);
        } finally {
            ledger.lock.unlock();
        }
        pool.fail(work, failure);
        dispatch(); // its worker has room now, and will not say so
    }

    private void putBack(PoolWorker worker, List<Work> works) {
        boolean gone;
        boolean idle;
        List<Work> late = List.of(); // the pool stops, and has not seen them
        IllegalStateException broken;
        ledger.lock.lock();
        try {
            ledger.putBack(works);
            if (ledger.isStopping()) {
                late = ledger.takeWaiting();
            }
            broken = ledger.brokenBy;
            gone = worker.state == PoolWorker.State.GONE;
            idle = worker.load == 0 && ledger.state != Ledger.State.TERMINATED;
        } finally {
            ledger.lock.unlock();
        }
        for (Work work : late) {
            pool.fail(
                    work,
                    broken == null
                            ? new CancellationException(work.label() + ": the pool was terminated")
                            : ledger.broken(broken));
        }
        // Nobody will come by on its behalf: it is gone, or has answered all it had. Its lane is empty in a moment.
        if (gone) {
            dispatch();
        } else if (idle) {
            dispatchSoon();
        }
    }

    /** At most one is outstanding: each may find several workers without room, and would ask for one more for each of them. */
    private void dispatchSoon() {
        if (isDueSoon.compareAndSet(false, true)) {
            keeper.soon(() -> {
                isDueSoon.set(false);
                dispatch();
            });
        }
    }

    /** Gives waiting tasks to workers that can have some, and goes on from there. */
    void dispatch() {
        for (PoolWorker each : ledger.current()) {
            transmit(each, takeFor(each));
        }
        pool.complete();
        pool.collector().ensure();
    }
}
