package io.multijvm.pool;

import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.lane.Ring;
import io.multijvm.process.RemoteFailure;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Takes what workers answer, gives them more, and tells those who wait. One thread at a time: see {@link Collector}. */
final class Results {
    private final Workers pool;
    private final Ledger ledger;
    private final Crew crew;
    private final Keeper keeper;
    private final WorkerLogs logs;
    private final ArrayDeque<Answer> answers = new ArrayDeque<>(); // of one look at one worker
    private boolean settled; // the ledger knows of those

    Results(Workers pool, Ledger ledger, Crew crew, Keeper keeper, WorkerLogs logs) {
        this.pool = pool;
        this.ledger = ledger;
        this.crew = crew;
        this.keeper = keeper;
        this.logs = logs;
    }

    private record Answer(
            Work work,
            int kind,
            byte[] bytes,
            int length,
            @Nullable IOException failure) {
        boolean isWell() {
            return kind == Protocol.DONE || kind == Protocol.PARTLY;
        }
    }

    /** Whether there is something to collect; for any thread. */
    boolean areThere() {
        for (PoolWorker each : ledger.current()) {
            if (!each.lane.results().isEmpty() || each.exited) {
                return true;
            }
        }
        return false;
    }

    void collect() {
        for (PoolWorker each : ledger.current()) {
            try {
                collect(each);
            } catch (RuntimeException | Error e) { // whatever it is, the other workers are served
                giveUp(each, e);
            }
        }
    }

    /** They cannot be waited for. */
    void areLost(Throwable why) {
        pool.breakDown("its results cannot be waited for", why);
    }

    private void collect(PoolWorker worker) {
        boolean exited = worker.exited; // before the last look at its answers
        drain(worker);
        if (exited) {
            crew.bury(worker, loss -> loss.tasks().forEach(task -> lost(task, loss)));
            pool.dispatcher().dispatch();
        }
    }

    /** A worker's answers make no sense: it is ended, and what it has answered in this look has failed. */
    private void giveUp(PoolWorker worker, Throwable why) {
        if (crew.condemn(worker)) {
            System.getLogger("io.multijvm")
                    .log(System.Logger.Level.ERROR, "the answers of " + worker.name + " cannot be taken", why);
        }
        for (Answer each = answers.poll(); each != null; each = answers.poll()) {
            if (!settled) {
                ledger.lock.lock();
                try {
                    ledger.end(each.work, false);
                } finally {
                    ledger.lock.unlock();
                }
            }
            pool.fail(
                    each.work,
                    new IllegalStateException(
                            each.work.label() + ": the answers of " + worker.name + " cannot be taken", why));
        }
    }

    private void drain(PoolWorker worker) {
        long nanos = 0;
        boolean any = false;
        boolean outOfMemory = false;
        settled = false;
        while (true) {
            try {
                Ring.Message message = worker.lane.results().receive();
                if (message == null) {
                    break;
                }
                any = true;
                nanos += message.aux();
                outOfMemory |= message.kind() == Protocol.FAILED_ENDING;
                take(worker, message);
            } catch (IOException e) {
                any = true;
                answers.add(new Answer(worker.answered(0), Protocol.FAILED, new byte[0], 0, e));
            }
        }
        if (!any) {
            return;
        }
        worker.lane.signalRoom();
        if (!answers.isEmpty()) {
            worker.paced(nanos / answers.size());
            settle(worker, nanos, outOfMemory);
            settled = true;
            for (Answer each = answers.poll(); each != null; each = answers.poll()) {
                deliver(each);
            }
        }
    }

    private void take(PoolWorker worker, Ring.Message message) {
        switch (message.kind()) {
            case Protocol.READY -> crew.ready(worker);
            case Protocol.REFUSED -> pool.breakDown("an initialiser has failed", failureIn(message.bytes()));
            case Protocol.LOG, Protocol.LOG_PART -> logs.arrived(worker, message);
            default ->
                answers.add(new Answer(
                        worker.answered(message.number()), message.kind(), message.bytes(), message.length(), null));
        }
    }

    private void settle(PoolWorker worker, long nanos, boolean outOfMemory) {
        List<Work> next;
        boolean leaves;
        boolean tooLarge = crew.isTooLarge(worker);
        ledger.lock.lock();
        try {
            worker.working += nanos;
            for (Answer each : answers) {
                ledger.answered(worker, each.work, each.isWell());
            }
            leaves = crew.leaves(worker, outOfMemory, tooLarge);
            next = ledger.takeFor(worker);
            if (worker.load == 0 && !leaves) {
                worker.idleSince = System.nanoTime();
                next = ledger.takeFrom(worker);
            }
            pool.finishIfDone();
        } finally {
            ledger.lock.unlock();
        }
        pool.dispatcher().transmit(worker, next);
        if (leaves) {
            crew.tellEnd(worker);
        } else if (next.isEmpty()) {
            crew.watchIdle(worker);
        }
    }

    private void deliver(Answer answer) {
        Work work = answer.work;
        Work.Stopping stopping = work.stopping;
        if (stopping != null) {
            pool.fail(work, stopping.failureOf(work));
        } else if (answer.failure != null) {
            failOrRetry(work, answer.failure);
        } else if (answer.isWell()) {
            try {
                work.succeeded(answer.kind, answer.bytes, answer.length);
                work.call.forget();
                pool.events().taskDone(work, null);
            } catch (Exception | Error e) { // whatever: the program's own code has rebuilt the result
                ledger.lock.lock();
                try {
                    ledger.hasFailedAfterAll();
                } finally {
                    ledger.lock.unlock();
                }
                pool.fail(work, e);
            }
        } else {
            failOrRetry(work, failureIn(answer.bytes));
        }
    }

    private static Throwable failureIn(byte[] bytes) {
        return RemoteFailure.of(bytes).toThrowable(Codec.loader());
    }

    private void lost(Work work, Crew.Loss loss) {
        Work.Stopping stopping = work.stopping;
        IllegalStateException broken;
        boolean stops;
        ledger.lock.lock();
        try {
            broken = ledger.brokenBy;
            stops = ledger.state == Ledger.State.STOPPING;
        } finally {
            ledger.lock.unlock();
        }
        if (work.isRetried) {
            failOrRetry(work, loss.explain(work.label()));
        } else if (stopping != null) {
            pool.fail(work, stopping.failureOf(work));
        } else if (broken != null) {
            pool.fail(work, ledger.broken(broken));
        } else if (stops && loss.worker().reason != null) {
            pool.fail(work, new CancellationException(work.label() + ": the pool was terminated"));
        } else {
            pool.fail(work, loss.explain(work.label()));
        }
    }

    private void failOrRetry(Work work, Throwable failure) {
        if (!work.isRetried) {
            pool.fail(work, failure);
            return;
        }
        int attempt = work.attempts + 1;
        pool.events().taskRetried(work, attempt, failure);
        ledger.lock.lock();
        try {
            if (ledger.delayed.contains(work)) { // not cancelled meanwhile
                keeper.after(work.retry.delay(work.attempts), () -> retry(work));
            }
        } finally {
            ledger.lock.unlock();
        }
    }

    private void retry(Work work) {
        ledger.lock.lock();
        try {
            if (ledger.delayed.remove(work)) {
                ledger.pending.add(work);
            }
        } finally {
            ledger.lock.unlock();
        }
        pool.dispatcher().dispatch();
    }
}
