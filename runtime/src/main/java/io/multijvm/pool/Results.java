package io.multijvm.pool;

import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.lane.LostMessageException;
import io.multijvm.ipc.lane.Ring;
import io.multijvm.process.RemoteFailure;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the answers of workers, gives the workers more to do, and has the results told. One thread at a time: see
 * {@link Collector}. No code of the program runs on it.
 */
final class Results {
    private final Workers pool;
    private final Ledger ledger;
    private final Crew crew;
    private final Keeper keeper;
    private final WorkerLogs logs;

    Results(Workers pool, Ledger ledger, Crew crew, Keeper keeper, WorkerLogs logs) {
        this.pool = pool;
        this.ledger = ledger;
        this.crew = crew;
        this.keeper = keeper;
        this.logs = logs;
    }

    /** The end of one attempt of a task, as its worker tells it. */
    record Answer(
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

    /** Takes all there is. An {@link OutOfMemoryError} loses nothing: the rest is there to be collected. */
    void collect() {
        for (PoolWorker each : ledger.current()) {
            try {
                collect(each);
            } catch (OutOfMemoryError e) {
                throw e; // this process's failure, and not the worker's
            } catch (RuntimeException | Error e) { // whatever it is, the other workers are served
                giveUp(each, e);
            }
        }
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
            EngineLog.log(Level.ERROR, "the answers of " + worker.name + " cannot be taken", why);
        }
        for (Answer each = worker.answers.peek(); each != null; each = worker.answers.peek()) {
            if (!worker.areSettled) {
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
            worker.answers.remove();
        }
    }

    private void drain(PoolWorker worker) {
        if (worker.areSettled) {
            deliver(worker); // what a want of memory has left
        }
        boolean any = !worker.answers.isEmpty();
        while (true) {
            try {
                Ring.Message message = worker.lane.results().receive();
                if (message == null) {
                    break;
                }
                any = true;
                worker.answeredNanos += message.aux();
                worker.isOutOfMemory |= message.kind() == Protocol.FAILED_ENDING;
                take(worker, message);
            } catch (LostMessageException e) {
                any = true;
                Work work = worker.answered(e.number());
                var told = new IOException("the result of " + work.label() + ": " + e.getMessage(), e);
                worker.answers.add(new Answer(work, Protocol.FAILED, new byte[0], 0, told));
            }
        }
        if (!any) {
            return;
        }
        worker.lane.signalRoom();
        if (!worker.answers.isEmpty()) {
            settle(worker);
            deliver(worker);
        }
    }

    private void take(PoolWorker worker, Ring.Message message) {
        switch (message.kind()) {
            case Protocol.READY -> crew.ready(worker);
            case Protocol.REFUSED -> refused(RemoteFailure.of(message.bytes()));
            case Protocol.LOG, Protocol.LOG_PART -> logs.arrived(worker, message);
            default ->
                worker.answers.add(new Answer(
                        worker.answered(message.number()), message.kind(), message.bytes(), message.length(), null));
        }
    }

    private void refused(RemoteFailure thrown) {
        pool.userCode().execute(() -> pool.breakDown("an initialiser has failed", thrown.toThrowable(Codec.loader())));
    }

    private void settle(PoolWorker worker) {
        List<Work> next;
        boolean leaves;
        boolean tooLarge = crew.isTooLarge(worker);
        worker.paced(worker.answeredNanos / worker.answers.size());
        ledger.lock.lock();
        try {
            worker.working += worker.answeredNanos;
            for (Answer each : worker.answers) {
                ledger.answered(worker, each.work, each.isWell());
            }
            worker.areSettled = true;
            leaves = crew.leaves(worker, worker.isOutOfMemory, tooLarge);
            worker.answeredNanos = 0;
            worker.isOutOfMemory = false;
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
            crew.retire(worker);
        } else if (next.isEmpty()) {
            crew.watchIdle(worker);
        }
    }

    private void deliver(PoolWorker worker) {
        for (Answer each = worker.answers.peek(); each != null; each = worker.answers.peek()) {
            deliver(each);
            worker.answers.remove();
        }
        worker.areSettled = false;
    }

    private void deliver(Answer answer) {
        Work work = answer.work;
        Work.Stopping stopping = work.stopping;
        if (stopping != null) {
            pool.fail(work, stopping.failureOf(work));
        } else if (answer.failure != null) {
            IOException failure = answer.failure;
            failOrRetry(work, () -> failure, () -> pool.fail(work, failure));
        } else if (answer.isWell()) {
            work.call.forget();
            work.returned(answer.kind, answer.bytes, answer.length, new Ending(work, true));
        } else {
            RemoteFailure thrown = RemoteFailure.of(answer.bytes);
            failOrRetry(work, () -> Work.rebuild(thrown), () -> {
                work.call.forget();
                work.threw(thrown, new Ending(work, false));
            });
        }
    }

    /** Tells the listener how a task has ended, when that is known. */
    private final class Ending implements Work.End {
        private final Work work;
        private final boolean wasWell;

        Ending(Work work, boolean wasWell) {
            this.work = work;
            this.wasWell = wasWell;
        }

        @Override
        public void rebuilt(@Nullable Throwable failure) {
            pool.events().taskDone(work, failure);
        }

        @Override
        public void unreadable(Throwable failure) {
            if (wasWell) {
                ledger.lock.lock();
                try {
                    ledger.hasFailedAfterAll();
                } finally {
                    ledger.lock.unlock();
                }
            }
            pool.fail(work, failure);
        }
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
            WorkerDiedException death = loss.explain(work.label());
            failOrRetry(work, () -> death, () -> pool.fail(work, death));
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

    private void failOrRetry(Work work, Supplier<Throwable> failure, Runnable fail) {
        if (!work.isRetried) {
            fail.run();
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
