package io.multijvm.pool;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks and workers a pool has, and who has what. All of it is guarded by one lock, under which no user code runs and
 * nothing is waited for but room; every method is called with it but those that say otherwise.
 */
final class Ledger {
    /** RUNNING -> CLOSED (no more tasks) -> STOPPING (workers are to end) -> TERMINATED; RUNNING -> STOPPING. */
    enum State {
        RUNNING,
        CLOSED,
        STOPPING,
        TERMINATED
    }

    final ReentrantLock lock = new ReentrantLock();
    final Condition room = lock.newCondition();
    final Condition terminated = lock.newCondition();
    final Pending pending = new Pending();
    final List<PoolWorker> workers = new ArrayList<>();
    final Set<ArgumentFeed> feeds = new LinkedHashSet<>(); // maps whose arguments are not all drawn and ended
    State state = State.RUNNING;

    @Nullable
    IllegalStateException brokenBy;

    private int planned; // workers that are about to be added
    private int unburied; // workers that were removed, and of which something is left still
    final Set<Work> delayed = new LinkedHashSet<>(); // tasks that wait for their next attempt
    private final PoolOptions options;
    private final String name;
    private long lastTask;
    private int lastWorker;
    private int outstanding; // tasks that workers have, workers that come or go
    long done;
    long failed;
    long retried;
    long died;

    private volatile PoolWorker[] current = new PoolWorker[0]; // copy of workers
    private volatile boolean expecting;

    Ledger(PoolOptions options, String name) {
        this.options = options;
        this.name = name;
    }

    /** The workers there are; without the lock. */
    PoolWorker[] current() {
        return current;
    }

    /** Whether something is to be heard from a worker; without the lock. */
    boolean isExpecting() {
        return expecting;
    }

    /** Throws unless tasks are taken; {@code isAccepted} ones are until the workers are to end. */
    void requireTaking(boolean isAccepted) {
        if (brokenBy != null) {
            throw broken(brokenBy);
        }
        if (state != State.RUNNING && !(isAccepted && state == State.CLOSED)) {
            throw new RejectedExecutionException("pool '" + name + "' takes no more tasks");
        }
    }

    BrokenProcessPoolException broken(IllegalStateException why) {
        return new BrokenProcessPoolException("pool '" + name + "' is broken: " + why.getMessage(), why.getCause());
    }

    private void expect(int more) {
        outstanding += more;
        expecting = outstanding > 0 || (options.logsTo() != null && !workers.isEmpty());
    }

    // Tasks.

    long nextTask() {
        return ++lastTask;
    }

    boolean isFull() {
        return pending.size() >= options.capacity();
    }

    /** Waits until a task more may wait; throws if that is not to be, or the pool is closed meanwhile. */
    void awaitRoom(boolean isAccepted) {
        while (isFull()) {
            if (options.whenFull() == PoolOptions.WhenFull.REJECT && !isAccepted) {
                throw new RejectedExecutionException(
                        "pool '" + name + "': " + pending.size() + " tasks wait already, and no more may");
            }
            try {
                room.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RejectedExecutionException("interrupted while the pool was full", e);
            }
            requireTaking(isAccepted);
        }
    }

    /** The worker with the least to do of those that can have one more; null when all have enough. */
    @Nullable
    PoolWorker choose(Work work) {
        PoolWorker best = null;
        for (PoolWorker each : workers) {
            if ((best == null || each.load < best.load)
                    && roomOf(each) > 0
                    && (work.timeout == null || each.load == 0)) {
                best = each;
            }
        }
        return best;
    }

    private int roomOf(PoolWorker worker) {
        if (worker.state != PoolWorker.State.READY || worker.stopping != null) {
            return 0;
        }
        int most = options.maxTasksPerChild();
        long left = most == 0 ? Integer.MAX_VALUE : most - worker.given;
        return (int) Math.min(left, worker.depth() - worker.load);
    }

    void assign(PoolWorker worker, Work work) {
        work.worker = worker;
        work.attempts++;
        worker.load++;
        if (worker.isIdle) { // a volatile write less for each task
            worker.isIdle = false;
        }
        worker.given++;
        expect(1);
    }

    /** The task is not with a worker after all. */
    void unassign(Work work) {
        PoolWorker worker = work.worker;
        if (worker == null) {
            return;
        }
        work.stopClock();
        work.worker = null;
        work.position = -1;
        work.attempts--;
        if (worker.state != PoolWorker.State.GONE) {
            worker.load--;
            worker.given--;
            expect(-1);
        }
    }

    void putBack(List<Work> works) {
        for (int i = works.size() - 1; i >= 0; i--) {
            unassign(works.get(i));
            pending.putBack(works.get(i));
        }
    }

    /** Takes a fair part of what waits for {@code worker}. */
    List<Work> takeFor(PoolWorker worker) {
        int most = roomOf(worker);
        if (most <= 0 || pending.isEmpty()) {
            return List.of();
        }
        most = Math.min(most, pending.size() / workers.size() + 1);
        var taken = new ArrayList<Work>(most);
        while (taken.size() < most) {
            Work work = pending.poll();
            if (work == null) {
                break;
            }
            if (work.timeout != null && worker.load > 0) {
                pending.putBack(work); // its time is counted from when it is sent
                break;
            }
            assign(worker, work);
            taken.add(work);
        }
        room.signalAll();
        return taken;
    }

    /**
     * Takes half of the tasks that the busiest worker has not begun, for a worker that has none. The idle one is marked
     * before the search, so that a task that is still on its way to another worker finds it: see {@link Dispatcher}.
     */
    List<Work> takeFrom(PoolWorker idle) {
        idle.isIdle = true;
        PoolWorker busiest = null;
        for (PoolWorker each : workers) {
            if (each != idle && each.load > 1 && (busiest == null || each.load > busiest.load)) {
                busiest = each;
            }
        }
        int most = roomOf(idle);
        if (busiest == null || most <= 0) {
            return List.of();
        }
        List<Work> moved = busiest.takeBack(Math.max(1, Math.min(busiest.load / 2, most)));
        for (Work each : moved) {
            unassign(each);
            assign(idle, each);
        }
        return moved;
    }

    /** Takes the task from where it waits, and counts it as failed; returns false when a worker has begun it, or is about to. */
    boolean isForgotten(Work work) {
        PoolWorker worker = work.worker;
        if (worker == null) {
            boolean unused = pending.remove(work) || delayed.remove(work);
        } else if (worker.takeBack(work)) {
            unassign(work);
        } else {
            return false;
        }
        end(work, false);
        room.signalAll();
        return true;
    }

    /** Takes all tasks that no worker has begun, and counts them as failed. */
    List<Work> takeWaiting() {
        var waiting = new ArrayList<Work>();
        for (PoolWorker each : workers) {
            for (Work work : each.takeBack(Integer.MAX_VALUE)) {
                unassign(work);
                waiting.add(work);
            }
        }
        for (Work work = pending.poll(); work != null; work = pending.poll()) {
            waiting.add(work);
        }
        waiting.addAll(delayed);
        delayed.clear();
        waiting.forEach(work -> end(work, false));
        room.signalAll();
        return waiting;
    }

    /** The worker has answered. */
    void answered(PoolWorker worker, Work work, boolean well) {
        worker.load--;
        worker.done++;
        expect(-1);
        work.worker = null;
        work.position = -1;
        if (worker.stopping == work) {
            worker.stopping = null;
        }
        if (well) {
            end(work, true);
        } else {
            failed(work, true);
        }
    }

    /** The task has failed, or its worker has died; it is to be tried again, if it may be. */
    void failed(Work work, boolean exception) {
        work.isRetried = state != State.STOPPING
                && brokenBy == null
                && work.stopping == null
                && work.retry.allows(work.attempts, exception);
        if (work.isRetried) {
            work.stopClock();
            retried++;
            delayed.add(work);
        } else {
            end(work, false);
        }
    }

    /** The task is over, for the count. */
    void end(Work work, boolean well) {
        work.stopClock();
        work.ended = true;
        if (well) {
            done++;
        } else {
            failed++;
        }
    }

    /** A task that was counted as done has a result that cannot be had. */
    void hasFailedAfterAll() {
        done--;
        failed++;
    }

    /** Whether no worker will be given anything any more. */
    boolean isStopping() {
        return state == State.STOPPING || state == State.TERMINATED;
    }

    // Workers.

    int plan() {
        planned++;
        expect(1);
        return ++lastWorker;
    }

    void unplan() {
        planned--;
        expect(-1);
    }

    void add(PoolWorker worker) {
        planned--;
        workers.add(worker);
        current = workers.toArray(new PoolWorker[0]);
    }

    void ready(PoolWorker worker) {
        worker.ready = System.nanoTime();
        worker.idleSince = worker.ready;
        if (worker.state == PoolWorker.State.STARTING) {
            worker.state = PoolWorker.State.READY;
            expect(-1);
        }
    }

    /** The worker will end; {@code reason} says why if that is the pool's doing. */
    void leave(PoolWorker worker, @Nullable String reason) {
        if (worker.reason == null) {
            worker.reason = reason;
        }
        if (worker.state == PoolWorker.State.READY) {
            worker.state = PoolWorker.State.LEAVING;
            expect(1);
        }
    }

    /**
     * The worker is no more; returns false when that was known. What it had is the caller's to put elsewhere, and what is left
     * of it to remove: {@link #buried}.
     */
    boolean remove(PoolWorker worker) {
        if (!workers.remove(worker)) {
            return false;
        }
        current = workers.toArray(new PoolWorker[0]);
        leave(worker, null);
        expect(-worker.load - 1);
        worker.state = PoolWorker.State.GONE;
        unburied++;
        return true;
    }

    /** Nothing is left of a worker that was removed. */
    void buried() {
        unburied--;
    }

    /** Whether there is no worker, none to come, and nothing left of any. */
    boolean isDeserted() {
        return workers.isEmpty() && planned == 0 && unburied == 0;
    }

    /** How many workers there are that were not told to end. */
    int staying() {
        int count = 0;
        for (PoolWorker each : workers) {
            count += each.isStaying() ? 1 : 0;
        }
        return count;
    }

    /** How many workers more there should be. */
    int missing(int least) {
        int there = planned + staying();
        int idle = planned;
        int behind = 0; // tasks that were sent ahead, and could be begun elsewhere
        for (PoolWorker each : workers) {
            behind += Math.max(0, each.load - 1);
            idle += each.isStaying() && each.load == 0 && each.stopping == null ? 1 : 0;
        }
        return Math.max(least, Math.min(options.workers(), there - idle + pending.size() + behind)) - there;
    }

    boolean hasWork() {
        return !pending.isEmpty()
                || !delayed.isEmpty()
                || !feeds.isEmpty()
                || workers.stream().anyMatch(worker -> worker.load > 0);
    }

    /** What there is to be told, but for the workers' memory. */
    PoolStats stats() {
        long now = System.nanoTime();
        long running = 0;
        long ahead = 0;
        var each = new ArrayList<PoolStats.WorkerStats>();
        for (PoolWorker worker : workers) {
            running += Math.min(1, worker.load);
            ahead += Math.max(0, worker.load - 1);
            each.add(worker.stats(now));
        }
        return new PoolStats(
                pending.size() + delayed.size() + ahead,
                running,
                done,
                failed,
                retried,
                List.copyOf(each),
                lastWorker,
                died);
    }
}
