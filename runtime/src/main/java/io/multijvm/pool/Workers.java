package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.os.FutureResult;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.EventCount;
import io.multijvm.process.ExitHook;
import io.multijvm.process.ProcessContext;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a pool and what they are given: the engine under {@link Pool} and {@code ProcessPoolExecutor}.
 *
 * <p>A task waits here until a worker has nothing to do, or so little that it would wait for the next; then it is put into that
 * worker's {@link io.multijvm.ipc.lane.Lane}. What becomes of it is known here whatever happens to the worker:
 * {@link PoolWorker} says which tasks it has begun. {@link Ledger} keeps the books, {@link Crew} the workers, {@link Results}
 * takes what they answer, {@link Stopper} ends tasks.
 */
public final class Workers {
    /** So many chunks for each worker are under way when results are asked for one by one. */
    static final int WINDOW_PER_WORKER = 16;

    private static final Duration EXIT_LOOK = Duration.ofMillis(50);

    private final PoolOptions options;
    private final String name;
    private final Ledger ledger;
    private final Collector collector;
    private final Callbacks callbacks;
    private final UserCodeExecutor userCode;
    private final Events events;
    private final Keeper keeper;
    private final Crew crew;
    private final Results results;
    private final Stopper stopper;
    private final Dispatcher dispatcher;
    private final ExitHook exitHook;

    /**
     * The workers of one pool.
     *
     * @param kind what they are named after, if the options do not say
     * @param eager whether all of them are started now
     * @param finishing whether the program's end waits for their tasks
     */
    public Workers(PoolOptions options, String kind, boolean eager, boolean finishing) {
        this.options = options;
        this.name = options.nameOr(kind);
        ProcessContext.requireStarted();
        options.context().noteCaller();
        Domain domain = ProcessContext.domain();
        Block bell = domain.allocate(EventCount.SIZE);
        ledger = new Ledger(options, name);
        keeper = new Keeper(name);
        callbacks = new Callbacks(name);
        userCode = new UserCodeExecutor(name);
        events = new Events(options.listener(), callbacks);
        var logs = new WorkerLogs(options, callbacks);
        crew = new Crew(
                this, ledger, options, logs, keeper, name, bell, eager ? options.workers() : options.minWorkers());
        results = new Results(this, ledger, crew, keeper, logs);
        stopper = new Stopper(this, ledger, crew, keeper, options.grace());
        dispatcher = new Dispatcher(this, ledger, crew, stopper, keeper);
        collector = new Collector(results, ledger, new EventCount(domain, bell, 0), name);
        exitHook = ExitHook.register(() -> atExit(finishing), 0);
        complete();
    }

    /** At the end of the program, which a thread of the program's code may have called for: such a thread is not waited for. */
    private void atExit(boolean finishing) {
        try {
            if (finishing && !ProcessContext.endsInHaste()) {
                finish();
                while (!awaitTerminated(Deadline.after(EXIT_LOOK))) {
                    openFeeds().forEach(ArgumentFeed::endIfExiting);
                }
                boolean unused = awaitUserCode(Deadline.never(), true);
            } else {
                terminate();
                Duration grace = options.grace();
                Deadline deadline = Deadline.after(grace).plus(grace);
                boolean unused = awaitTerminated(deadline) && awaitUserCode(deadline, true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    PoolOptions options() {
        return options;
    }

    Collector collector() {
        return collector;
    }

    Callbacks callbacks() {
        return callbacks;
    }

    /** Runs code of the program that the pool's own threads must not wait for. */
    Executor userCode() {
        return userCode;
    }

    Events events() {
        return events;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    // Tasks in.

    /** Has a worker run a task. {@code result} gets the outcome, also that the task cannot be sent. */
    <R extends @Nullable Object> AsyncResult<R> call(
            CallWork.Submission submission, AsyncResult<R> result, boolean helping) {
        requireOpen();
        try {
            accept(submission, submission.encoded(), result, helping);
        } catch (NotSendableException e) {
            boolean unused = result.end(null, e);
        }
        return result;
    }

    private <R extends @Nullable Object> void accept(
            CallWork.Submission submission, Routine.Call call, AsyncResult<R> result, boolean helping) {
        if (options.whenFull() == PoolOptions.WhenFull.CALLER_RUNS && isFull()) {
            call.forget();
            runHere(submission, result);
            return;
        }
        boolean taken = false;
        try {
            dispatcher.submit(new CallWork<>(this, submission, call, result), helping);
            taken = true;
        } finally {
            if (!taken) {
                call.forget();
            }
        }
    }

    private static void runHere(CallWork.Submission submission, AsyncResult<?> result) {
        boolean unused;
        try {
            unused = result.end(submission.here(), null);
        } catch (CancellationException e) { // as in a worker: it is the task's failure
            unused = result.end(null, new CompletionException(e));
        } catch (Throwable e) {
            unused = result.end(null, e);
        }
    }

    /** Has a worker call {@code task}. */
    public <R extends @Nullable Object> AsyncResult<R> submit(Callable<R> task, TaskOptions wanted) {
        return call(CallWork.Submission.of(task, Routine.Verb.CALL, wanted), new AsyncResult<>(this), false);
    }

    /** Has a worker run {@code task}; the result is null. */
    public AsyncResult<@Nullable Object> submit(Runnable task) {
        return call(
                CallWork.Submission.of(task, Routine.Verb.RUN, TaskOptions.defaults()),
                new AsyncResult<@Nullable Object>(this),
                false);
    }

    /**
     * Has a worker run {@code task}; what it throws is logged.
     *
     * @throws RejectedExecutionException when the task cannot be sent, which no future could tell
     */
    public void execute(Runnable task) {
        requireOpen();
        var submission = CallWork.Submission.of(task, Routine.Verb.RUN, TaskOptions.defaults());
        var result = new AsyncResult<@Nullable Object>(this);
        try {
            accept(submission, submission.encoded(), result, false);
        } catch (NotSendableException e) {
            throw new RejectedExecutionException("a worker cannot be sent this task: " + e.getMessage(), e);
        }
        result.whenDone(() -> {
            Throwable failure = FutureResult.failure(result);
            if (failure != null && !(failure instanceof CancellationException)) {
                userCode.execute(() -> System.getLogger("io.multijvm")
                        .log(
                                Level.ERROR,
                                "a task failed",
                                AsyncResult.causeOf(failure))); // the logger is the program's
            }
        });
    }

    /** Has a worker run {@code task}; the result is {@code value}, which stays here. */
    public <R extends @Nullable Object> AsyncResult<R> submit(Runnable task, R value) {
        return call(
                new CallWork.Submission(task, Routine.Verb.RUN, TaskOptions.defaults(), true, value),
                new AsyncResult<>(this),
                false);
    }

    /**
     * Results in order, as they are asked for.
     *
     * @param spread whether each argument is an array of the parameters
     * @param buffer how many arguments may be under way or have a result that nobody has read; 0 for a number that suits
     * @param timeout for all results, from now on
     * @param owner kept from being garbage as long as the iterator is not
     */
    public <R extends @Nullable Object> ResultIterator<R> map(
            Object function,
            Iterable<?> arguments,
            int chunkSize,
            boolean spread,
            int buffer,
            @Nullable Duration timeout,
            Object owner) {
        int chunks = buffer == 0 ? WINDOW_PER_WORKER * options.workers() : Math.max(1, buffer / Math.max(1, chunkSize));
        var feed = ArgumentFeed.of(this, function, arguments, new ArgumentFeed.Shape(chunkSize, spread, true, chunks));
        return new ResultIterator<>(feed, owner, Deadline.after(timeout));
    }

    /** Takes in a map, all of whose calls will be made unless it is closed. */
    void open(ArgumentFeed feed) {
        ledger.lock.lock();
        try {
            ledger.requireTaking(false);
            ledger.feeds.add(feed);
        } finally {
            ledger.lock.unlock();
        }
    }

    /** All calls of a map have ended. */
    void ended(ArgumentFeed feed, Routine routine) {
        forget(routine);
        ledger.lock.lock();
        try {
            ledger.feeds.remove(feed);
            finishIfDone();
        } finally {
            ledger.lock.unlock();
        }
        collector.ensure();
    }

    private List<ArgumentFeed> openFeeds() {
        ledger.lock.lock();
        try {
            return List.copyOf(ledger.feeds);
        } finally {
            ledger.lock.unlock();
        }
    }

    /** Throws unless tasks are taken. */
    void requireOpen() {
        ledger.lock.lock();
        try {
            ledger.requireTaking(false);
        } finally {
            ledger.lock.unlock();
        }
    }

    private boolean isFull() {
        ledger.lock.lock();
        try {
            return ledger.isFull();
        } finally {
            ledger.lock.unlock();
        }
    }

    /** Plans workers, and goes on to the next state, if there is reason for either. */
    void complete() {
        ledger.lock.lock();
        try {
            crew.complete();
            finishIfDone();
        } finally {
            ledger.lock.unlock();
        }
    }

    // Tasks out.

    void fail(Work work, Throwable failure) {
        work.call.forget();
        work.failed(failure);
        events.taskDone(work, failure);
    }

    boolean cancel(Work work, boolean running) {
        return stopper.cancel(work, running);
    }

    /** Forgets the tasks that no worker has begun; their results are cancelled. */
    public void cancelWaiting() {
        List<Work> waiting;
        ledger.lock.lock();
        try {
            waiting = ledger.takeWaiting();
            finishIfDone();
        } finally {
            ledger.lock.unlock();
        }
        waiting.forEach(work -> fail(work, new CancellationException(work.label() + " was cancelled before it began")));
        collector.ensure();
    }

    boolean isRunning(Work work) {
        ledger.lock.lock();
        try {
            return !work.ended && work.worker != null && work.worker.hasBegun(work);
        } finally {
            ledger.lock.unlock();
        }
    }

    /** A routine will not be called again. */
    void forget(Routine routine) {
        for (PoolWorker each : ledger.current()) {
            each.forget(routine);
        }
        routine.forget();
    }

    // The end.

    /** The pool cannot go on. */
    void breakDown(String why, Throwable cause) {
        IllegalStateException broken;
        List<Work> waiting;
        ledger.lock.lock();
        try {
            if (ledger.brokenBy != null || ledger.state == Ledger.State.TERMINATED) {
                return;
            }
            broken = new IllegalStateException(why, cause);
            ledger.brokenBy = broken;
            waiting = stop("the pool is broken");
        } finally {
            ledger.lock.unlock();
        }
        openFeeds().forEach(feed -> feed.end(ledger.broken(broken)));
        events.broken(ledger.broken(broken));
        waiting.forEach(work -> fail(work, ledger.broken(broken)));
        collector.ensure();
    }

    /** No more tasks; what was submitted is finished, and then the workers end. */
    public void shutdown() {
        ledger.lock.lock();
        try {
            if (ledger.state == Ledger.State.RUNNING) {
                ledger.state = Ledger.State.CLOSED;
            }
            ledger.room.signalAll();
            finishIfDone();
        } finally {
            ledger.lock.unlock();
        }
        openFeeds().forEach(ArgumentFeed::runToTheEnd);
        collector.ensure();
    }

    /**
     * As {@link #shutdown}, when no result will be read any more: a map whose arguments come from a generator, which may be
     * endless, and some of whose results were read, makes no further calls.
     */
    public void finish() {
        shutdown();
        var why = new RejectedExecutionException("pool '" + name + "' was closed before further arguments were drawn");
        openFeeds().forEach(feed -> feed.endIfReadFrom(why));
    }

    /** Ends the workers now; tasks that have not ended are cancelled. Returns those that no worker had begun. */
    public List<Runnable> terminate() {
        List<Work> waiting;
        ledger.lock.lock();
        try {
            waiting = stop("the pool was terminated");
        } finally {
            ledger.lock.unlock();
        }
        openFeeds().forEach(feed -> feed.end(new CancellationException("pool '" + name + "' was terminated")));
        waiting.forEach(work -> fail(work, new CancellationException(work.label() + ": the pool was terminated")));
        collector.ensure();
        var tasks = new ArrayList<Runnable>(waiting.size());
        for (Work work : waiting) {
            Runnable task = work.task();
            if (task != null) {
                tasks.add(task);
            }
        }
        return tasks;
    }

    /** As {@link #terminate}, without a chance for the workers to end in order. */
    public void kill() {
        terminate();
        for (PoolWorker each : ledger.current()) {
            crew.kill(each);
        }
    }

    /** Under the lock: no more of anything. Returns the tasks that no worker has begun. */
    private List<Work> stop(String reason) {
        if (ledger.state == Ledger.State.STOPPING || ledger.state == Ledger.State.TERMINATED) {
            return List.of();
        }
        List<Work> waiting = ledger.takeWaiting();
        ledger.state = Ledger.State.STOPPING;
        crew.dismiss(reason);
        finishIfDone();
        return waiting;
    }

    /** Under the lock: goes on to the next state when there is nothing left to do in this one. */
    void finishIfDone() {
        if (ledger.state == Ledger.State.CLOSED && !ledger.hasWork()) {
            ledger.state = Ledger.State.STOPPING;
            crew.dismiss("there is nothing more to do");
        }
        if (ledger.state == Ledger.State.STOPPING && ledger.isDeserted()) {
            ledger.state = Ledger.State.TERMINATED;
            ledger.terminated.signalAll();
            boolean unused = exitHook.cancel();
            crew.forget();
            collector.end();
            keeper.end();
        }
    }

    private Ledger.State state() {
        ledger.lock.lock();
        try {
            return ledger.state;
        } finally {
            ledger.lock.unlock();
        }
    }

    boolean isStopping() {
        return state() == Ledger.State.STOPPING;
    }

    /** Whether the workers have ended, and so has every task. */
    public boolean isTerminated() {
        return state() == Ledger.State.TERMINATED;
    }

    /** Whether no more tasks are taken. */
    public boolean isShutdown() {
        return state() != Ledger.State.RUNNING;
    }

    /** Whether it is broken. */
    public boolean isBroken() {
        ledger.lock.lock();
        try {
            return ledger.brokenBy != null;
        } finally {
            ledger.lock.unlock();
        }
    }

    /** Waits until it {@link #isTerminated} and the callbacks have run; returns whether that was before the deadline. */
    public boolean awaitTermination(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return Callbacks.whileWaiting(() -> awaitTerminated(deadline) && awaitUserCode(deadline, false));
    }

    private boolean awaitTerminated(Deadline deadline) throws InterruptedException {
        ledger.lock.lockInterruptibly();
        try {
            while (ledger.state != Ledger.State.TERMINATED) {
                if (deadline.isOver()) {
                    return false;
                }
                long unused = ledger.terminated.awaitNanos(deadline.remainingNanos());
            }
            return true;
        } finally {
            ledger.lock.unlock();
        }
    }

    /** Waits for dependents and callbacks, in turns: a dependent may start a callback, and the other way round. */
    private boolean awaitUserCode(Deadline deadline, boolean atExit) throws InterruptedException {
        return userCode.await(deadline, atExit)
                && callbacks.await(deadline, atExit)
                && userCode.await(deadline, atExit)
                && callbacks.await(deadline, atExit);
    }

    /** Waits until it {@link #isTerminated}; an interrupt has {@code whenInterrupted} run, and is kept for afterwards. */
    public void awaitTermination(Runnable whenInterrupted) {
        untilDone(() -> awaitTermination(Deadline.never()), whenInterrupted);
    }

    /** Waits for what other threads bring about; in a callback of a pool, the pool's other callbacks run meanwhile. */
    public static boolean whileWaiting(Waiting waiting) throws InterruptedException {
        return Callbacks.whileWaiting(waiting::await);
    }

    /**
     * Has {@code listener}, which is quick and throws nothing, run when {@code future} is done, at once if it is. For the result of
     * a pool's task that is nobody's callback's business.
     *
     * @return withdraws it
     */
    public static Runnable whenDone(CompletableFuture<?> future, Runnable listener) {
        if (future instanceof AsyncResult<?> result) {
            result.whenDone(listener);
            return () -> {
                boolean unused = result.forget(listener);
            };
        }
        CompletableFuture<?> unused = future.whenComplete((value, failure) -> listener.run());
        return () -> {};
    }

    /** Something that waits, and returns whether what it waited for is there. */
    @FunctionalInterface
    public interface Waiting {
        boolean await() throws InterruptedException;
    }

    /** Waits; an interrupt does not end that, but has {@code whenInterrupted} run, and is kept for afterwards. */
    public static void untilDone(Waiting waiting, Runnable whenInterrupted) {
        boolean interrupted = false;
        boolean done = false;
        while (!done) {
            try {
                done = waiting.await();
            } catch (InterruptedException e) {
                interrupted = true;
                whenInterrupted.run();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What it has done and is doing. */
    public PoolStats stats() {
        return counts().withMemory(); // which is read from files, and so without the lock
    }

    private PoolStats counts() {
        ledger.lock.lock();
        try {
            return ledger.stats();
        } finally {
            ledger.lock.unlock();
        }
    }

    /** The process ids of the workers that are up. */
    public List<Long> pids() {
        var pids = new ArrayList<Long>();
        for (PoolWorker each : ledger.current()) {
            long pid = each.pid;
            if (pid != 0) {
                pids.add(pid);
            }
        }
        return List.copyOf(pids);
    }

    @Override
    public String toString() {
        PoolStats stats = counts();
        return name + ", " + stats.workers().size() + " workers, " + stats.queued() + " tasks queued, "
                + stats.running() + " running";
    }
}
