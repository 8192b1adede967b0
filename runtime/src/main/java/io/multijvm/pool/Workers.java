package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.lane.Lane;
import io.multijvm.ipc.lane.Ring;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.EventCount;
import io.multijvm.process.ExitHook;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import io.multijvm.process.RemoteFailure;
import io.multijvm.process.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a pool and what they are given: the engine under {@link Pool} and {@code ProcessPoolExecutor}.
 *
 * <p>A task waits here until a worker has nothing to do, or so little that it would wait for the next; then it is put into that
 * worker's {@link Lane}. What becomes of it is known here whatever happens to the worker: {@link PoolWorker} says which tasks it
 * has begun. User code never runs under the lock, and nothing is waited for under it.
 */
public final class Workers {
    /** So many workers in a row that die before they are ready break the pool. */
    private static final int FAILED_STARTS = 3;

    /** So many chunks for each worker are under way when results are asked for one by one. */
    static final int WINDOW_PER_WORKER = 16;

    private static final Duration TRANSIT = Duration.ofMillis(1);
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final long MEMORY_LOOK_NANOS = 100_000_000;
    private static final int PAGE = 4096;

    /** RUNNING -> CLOSED (no more tasks) -> STOPPING (workers are to end) -> TERMINATED; RUNNING -> STOPPING. */
    private enum State {
        RUNNING,
        CLOSED,
        STOPPING,
        TERMINATED
    }

    private final PoolOptions options;
    private final String name;
    private final boolean eager;
    private final Block bellBlock;
    private final Collector collector;
    private final Callbacks callbacks;
    private final Keeper keeper;
    private final ExitHook exitHook;
    private final byte @Nullable [] initializer;
    private final byte @Nullable [] atWorkerEnd;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition terminated = lock.newCondition();
    // Guarded by lock:
    private final Pending pending = new Pending();
    private final List<PoolWorker> workers = new ArrayList<>();
    private final ArrayDeque<Long> deaths = new ArrayDeque<>(); // when, as far as they count
    private State state = State.RUNNING;
    private @Nullable Throwable brokenBy;
    private int planned; // workers whose lane is being made
    private int delayed; // tasks that wait for their next attempt
    private int failedStarts;
    private int lastWorker;
    private long lastTask;
    private long done;
    private long failed;
    private long retried;
    private long died;
    private int outstanding; // tasks that workers have, workers that come or go

    private volatile PoolWorker[] current = new PoolWorker[0]; // copy of workers
    private volatile boolean expecting;
    private long lastMemoryLook; // the collector's, as is the next
    private final List<Answer> answers = new ArrayList<>();

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
        this.eager = eager;
        Target first = options.initializer();
        Target last = options.atWorkerEnd();
        initializer = first == null ? null : Routine.of(first).definition();
        atWorkerEnd = last == null ? null : Routine.of(last).definition();
        Domain domain = ProcessContext.domain();
        bellBlock = domain.allocate(EventCount.SIZE);
        collector = new Collector(this, new EventCount(domain, bellBlock, 0), name);
        callbacks = new Callbacks(name);
        keeper = new Keeper(name);
        exitHook = ExitHook.register(() -> atExit(finishing), 0);
        locked(this::ensureWorkers);
    }

    private void atExit(boolean finishing) {
        try {
            if (finishing && !ProcessContext.endsInHaste()) {
                shutdown();
                awaitTermination(Deadline.never());
            } else {
                terminate();
                awaitTermination(Deadline.after(options.grace().multipliedBy(2)));
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

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    // Tasks in.

    /** Calls {@code task}, a {@link java.util.concurrent.Callable}, {@link Runnable} or {@link Target}; its end is {@code result}'s. */
    <R extends @Nullable Object> AsyncResult<R> call(
            Object task, TaskOptions wanted, AsyncResult<R> result, boolean helping) {
        requireOpen();
        Routine.Call call;
        try {
            call = Routine.callOf(task);
        } catch (NotSendableException e) {
            result.end(null, e);
            return result;
        }
        if (options.whenFull() == PoolOptions.WhenFull.CALLER_RUNS && isFull()) {
            call.forget();
            runHere(task, result);
            return result;
        }
        boolean taken = false;
        try {
            submit(new CallWork<>(this, task, call, wanted, result), helping);
            taken = true;
        } finally {
            if (!taken) {
                call.forget();
            }
        }
        return result;
    }

    private static void runHere(Object task, AsyncResult<?> result) {
        try {
            result.end(Routine.callee(task).call(), null);
        } catch (Throwable e) { // as in a worker: it is the task's failure
            result.end(null, e);
        }
    }

    /** As {@link #call(Object, TaskOptions, AsyncResult, boolean)}, for an executor. */
    public <R extends @Nullable Object> AsyncResult<R> submit(Object task, TaskOptions wanted) {
        return call(task, wanted, new AsyncResult<>(this), false);
    }

    /**
     * Results in order, as they are asked for.
     *
     * @param spread whether each argument is an array of the parameters
     * @param window how many arguments may be under way; 0 for a number that suits
     * @param timeout for all results, from now on
     */
    public <R extends @Nullable Object> ResultIterator<R> map(
            Object function,
            Iterator<?> arguments,
            int chunkSize,
            boolean spread,
            int window,
            @Nullable Duration timeout) {
        int chunks = window == 0 ? WINDOW_PER_WORKER * options.workers() : Math.max(1, window / Math.max(1, chunkSize));
        return new ResultIterator<R>(this, function, arguments, chunkSize, spread, true, chunks).within(timeout);
    }

    /** Throws unless tasks are taken. */
    void requireOpen() {
        locked(this::requireRunning);
    }

    /**
     * Takes a task.
     *
     * @param helping whether the caller will collect results, and nobody needs to be woken for that
     * @throws RejectedExecutionException when this pool takes no more
     */
    void submit(Work work, boolean helping) {
        PoolWorker to = null;
        lock.lock();
        try {
            requireRunning();
            work.number = ++lastTask;
            if (pending.isEmpty()) {
                to = choose(work);
            }
            if (to == null) {
                awaitRoom();
                pending.add(work);
            } else {
                assign(to, work);
            }
            ensureWorkers();
        } finally {
            lock.unlock();
        }
        if (to != null) {
            transmit(to, List.of(work));
        }
        if (!helping || to == null) {
            collector.ensure();
        }
    }

    private void requireRunning() {
        if (brokenBy != null) {
            throw broken(brokenBy);
        }
        if (state != State.RUNNING) {
            throw new RejectedExecutionException("pool '" + name + "' takes no more tasks");
        }
    }

    /** Whether a task more would have to wait for others to be begun. */
    boolean isFull() {
        lock.lock();
        try {
            return pending.size() >= options.capacity();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom() {
        while (pending.size() >= options.capacity()) {
            if (options.whenFull() == PoolOptions.WhenFull.REJECT) {
                throw new RejectedExecutionException(
                        "pool '" + name + "': " + pending.size() + " tasks wait already, and no more may");
            }
            try {
                room.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RejectedExecutionException("interrupted while the pool was full", e);
            }
            requireRunning();
        }
    }

    /** The worker with the least to do of those that can have one more; null when all have enough. */
    private @Nullable PoolWorker choose(Work work) {
        PoolWorker best = null;
        for (PoolWorker each : workers) {
            if (roomOf(each) > 0
                    && (best == null || each.load < best.load)
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
        int left = most == 0 ? Integer.MAX_VALUE : (int) (most - worker.given);
        return Math.min(left, worker.depth() - worker.load);
    }

    private void assign(PoolWorker worker, Work work) {
        work.worker = worker;
        work.attempts++;
        worker.load++;
        worker.given++;
        expect(1);
    }

    private void unassign(Work work) {
        PoolWorker worker = work.worker;
        if (worker == null) {
            return;
        }
        work.worker = null;
        work.position = -1;
        work.attempts--;
        if (worker.state != PoolWorker.State.GONE) {
            worker.load--;
            worker.given--;
            expect(-1);
        }
    }

    private void expect(int more) {
        outstanding += more;
        expecting = outstanding > 0;
    }

    /** Puts tasks into the lane of a worker; not under the lock. */
    private void transmit(PoolWorker worker, List<Work> works) {
        boolean any = false;
        for (int i = 0; i < works.size(); i++) {
            Work work = works.get(i);
            try {
                if (worker.send(work)) {
                    any = true;
                    Duration timeout = work.timeout;
                    if (timeout != null) {
                        keeper.after(timeout, () -> timeUp(work));
                    }
                    continue;
                }
            } catch (IOException e) {
                drop(work, e);
                continue;
            }
            putBack(works.subList(i, works.size()));
            break;
        }
        if (any) {
            worker.signal();
        }
    }

    private void drop(Work work, IOException failure) {
        lock.lock();
        try {
            unassign(work);
            end(work, false);
        } finally {
            lock.unlock();
        }
        fail(work, failure);
    }

    private void putBack(List<Work> works) {
        boolean gone = false;
        lock.lock();
        try {
            for (int i = works.size() - 1; i >= 0; i--) {
                Work work = works.get(i);
                PoolWorker worker = work.worker;
                gone |= worker == null || worker.state == PoolWorker.State.GONE || worker.exited;
                unassign(work);
                pending.putBack(work);
            }
        } finally {
            lock.unlock();
        }
        if (gone) {
            dispatch();
        }
    }

    /** Gives waiting tasks to workers that can have some. */
    private void dispatch() {
        PoolWorker[] all = current;
        for (PoolWorker each : all) {
            List<Work> given;
            lock.lock();
            try {
                given = takeFor(each);
            } finally {
                lock.unlock();
            }
            transmit(each, given);
        }
        locked(() -> {
            ensureWorkers();
            finishIfDone();
        });
        collector.ensure();
    }

    /** Takes a fair part of what waits for {@code worker}. */
    private List<Work> takeFor(PoolWorker worker) {
        int most = roomOf(worker);
        if (most <= 0 || pending.isEmpty()) {
            return List.of();
        }
        most = Math.min(most, pending.size() / Math.max(1, workers.size()) + 1);
        var taken = new ArrayList<Work>(most);
        for (int i = 0; i < most; i++) {
            Work work = pending.poll();
            if (work == null) {
                break;
            }
            if (work.timeout != null && worker.load > 0) {
                pending.putBack(work);
                break;
            }
            assign(worker, work);
            taken.add(work);
        }
        room.signalAll();
        return taken;
    }

    // Results out.

    private record Answer(
            Work work,
            int kind,
            byte[] bytes,
            int length,
            @Nullable IOException failure) {}

    boolean expectsResults() {
        return expecting;
    }

    boolean hasResults() {
        for (PoolWorker each : current) {
            if (!each.lane.results().isEmpty() || each.exited) {
                return true;
            }
        }
        return false;
    }

    /** Takes what has come, and tells those who wait for it. One thread at a time: see {@link Collector}. */
    void collect() {
        for (PoolWorker each : current) {
            boolean exited = each.exited; // before the last look at its results
            drain(each);
            if (exited) {
                bury(each);
            }
        }
    }

    private void drain(PoolWorker worker) {
        long nanos = 0;
        int count = 0;
        boolean ending = false;
        while (true) {
            try {
                Ring.Message message = worker.lane.results().receive();
                if (message == null) {
                    break;
                }
                count++;
                switch (message.kind()) {
                    case Protocol.READY -> ready(worker);
                    case Protocol.REFUSED -> refused(worker, failureIn(message.bytes()));
                    default -> {
                        nanos += message.aux();
                        ending |= message.kind() == Protocol.FAILED_ENDING;
                        answers.add(new Answer(
                                worker.answered(message.number()),
                                message.kind(),
                                message.bytes(),
                                message.length(),
                                null));
                    }
                }
            } catch (IOException e) {
                count++;
                answers.add(new Answer(worker.answered(0), Protocol.FAILED, new byte[0], 0, e));
            }
        }
        if (count == 0) {
            return;
        }
        worker.lane.signalRoom();
        List<Answer> arrived = List.copyOf(answers);
        answers.clear();
        if (!arrived.isEmpty()) {
            worker.paced(nanos / arrived.size());
            settle(worker, arrived, nanos, ending);
            for (Answer each : arrived) {
                deliver(each);
            }
        }
    }

    private void ready(PoolWorker worker) {
        lock.lock();
        try {
            failedStarts = 0;
            worker.ready = System.nanoTime();
            worker.idleSince = worker.ready;
            if (worker.state == PoolWorker.State.STARTING) {
                worker.state = PoolWorker.State.READY;
                expect(-1);
            }
        } finally {
            lock.unlock();
        }
        PoolListener listener = options.listener();
        JvmProcess process = worker.process;
        if (listener != null && process != null) {
            callbacks.run(() -> listener.workerStarted(worker.name, process.pid()));
        }
        watchIdle(worker);
        dispatch();
    }

    private void settle(PoolWorker worker, List<Answer> arrived, long nanos, boolean ending) {
        List<Work> next;
        boolean leaves;
        boolean memory = options.maxWorkerMemory() > 0 && usesTooMuch(worker);
        lock.lock();
        try {
            worker.load -= arrived.size();
            worker.done += arrived.size();
            worker.working += nanos;
            expect(-arrived.size());
            for (Answer each : arrived) {
                Work work = each.work;
                work.worker = null;
                work.position = -1;
                if (worker.stopping == work) {
                    worker.stopping = null;
                }
                end(work, each.kind == Protocol.DONE || each.kind == Protocol.PARTLY);
            }
            leaves = leaves(worker, ending, memory);
            next = takeFor(worker);
            if (worker.load == 0 && !leaves) {
                worker.idleSince = System.nanoTime();
                next = takeFrom(worker);
            }
            finishIfDone();
        } finally {
            lock.unlock();
        }
        transmit(worker, next);
        if (leaves) {
            tellEnd(worker);
        } else if (next.isEmpty() && options.idleTimeout() != null) {
            watchIdle(worker);
        }
    }

    /** Whether the worker has had its time; it is told to end then. */
    private boolean leaves(PoolWorker worker, boolean ending, boolean memory) {
        if (worker.state != PoolWorker.State.READY) {
            return false;
        }
        int most = options.maxTasksPerChild();
        if (ending) {
            worker.reason = "it was out of memory";
        } else if (memory) {
            worker.reason = "it used more memory than it may";
        } else if (most > 0 && worker.given >= most && worker.load == 0) {
            worker.reason = "it has run the tasks it may run";
        } else {
            return false;
        }
        leave(worker);
        ensureWorkers();
        return true;
    }

    private void leave(PoolWorker worker) {
        worker.state = PoolWorker.State.LEAVING;
        expect(1);
    }

    private boolean usesTooMuch(PoolWorker worker) {
        long now = System.nanoTime();
        if (now - lastMemoryLook < MEMORY_LOOK_NANOS) {
            return false;
        }
        lastMemoryLook = now;
        return memoryOf(worker) > options.maxWorkerMemory();
    }

    private static long memoryOf(PoolWorker worker) {
        JvmProcess process = worker.process;
        if (process == null) {
            return 0;
        }
        try {
            String[] pages = Files.readString(Path.of("/proc", Long.toString(process.pid()), "statm"))
                    .split(" ");
            return Long.parseLong(pages[1]) * PAGE;
        } catch (IOException | RuntimeException e) {
            return 0; // gone, or not this kind of system
        }
    }

    /** For a worker that has nothing to do: half of what another has not begun. */
    private List<Work> takeFrom(PoolWorker idle) {
        if (roomOf(idle) <= 0) {
            return List.of();
        }
        PoolWorker busiest = null;
        for (PoolWorker each : workers) {
            if (each != idle && each.load > 1 && (busiest == null || each.load > busiest.load)) {
                busiest = each;
            }
        }
        if (busiest == null) {
            return List.of();
        }
        List<Work> moved = busiest.takeBack(Math.max(1, Math.min(busiest.load / 2, roomOf(idle))));
        for (Work each : moved) {
            unassign(each);
            assign(idle, each);
        }
        return moved;
    }

    /** Under the lock: the task is over, for the count. */
    private void end(Work work, boolean well) {
        work.ended = true;
        if (well) {
            done++;
        } else {
            failed++;
        }
    }

    private void deliver(Answer answer) {
        Work work = answer.work;
        Work.Stopping stopping = work.stopping;
        if (stopping != null) {
            fail(work, stopped(work, stopping));
            return;
        }
        if (answer.failure != null) {
            fail(work, answer.failure);
        } else if (answer.kind == Protocol.DONE || answer.kind == Protocol.PARTLY) {
            try {
                work.succeeded(answer.kind, answer.bytes, answer.length);
                work.call.forget();
                tell(work, null);
            } catch (Exception | LinkageError | StackOverflowError e) { // the program's own code has rebuilt the result
                fail(work, e);
            }
        } else {
            Throwable failure = failureIn(answer.bytes);
            if (!retry(work, failure, true)) {
                fail(work, failure);
            }
        }
    }

    private static Throwable failureIn(byte[] bytes) {
        return RemoteFailure.of(bytes).toThrowable(loader());
    }

    static ClassLoader loader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? ClassLoader.getSystemClassLoader() : context;
    }

    private void fail(Work work, Throwable failure) {
        work.call.forget();
        work.failed(failure);
        tell(work, failure);
    }

    private void tell(Work work, @Nullable Throwable failure) {
        PoolListener listener = options.listener();
        if (listener != null) {
            long number = work.number;
            callbacks.run(() -> listener.taskDone(number, failure));
        }
    }

    private static Throwable stopped(Work work, Work.Stopping stopping) {
        return stopping.timeout
                ? new TaskTimeoutException(
                        work.label() + " has run for longer than " + work.timeout + " and was ended",
                        stopping.threadDump)
                : new TaskCancelledException(work.label() + " was cancelled while it ran", stopping.threadDump);
    }

    /** Has the task tried again, if it may be; returns whether. */
    private boolean retry(Work work, Throwable failure, boolean exception) {
        int attempt;
        lock.lock();
        try {
            if (state == State.STOPPING || !work.retry.allows(work.attempts, exception)) {
                return false;
            }
            work.ended = false;
            failed--;
            retried++;
            delayed++;
            attempt = work.attempts + 1;
        } finally {
            lock.unlock();
        }
        PoolListener listener = options.listener();
        if (listener != null) {
            callbacks.run(() -> listener.taskRetried(work.number, attempt, failure));
        }
        keeper.after(work.retry.delay(work.attempts), () -> {
            locked(() -> {
                delayed--;
                if (!work.ended) {
                    pending.add(work);
                }
            });
            dispatch();
        });
        return true;
    }

    // Tasks that are to stop.

    /** See {@link AsyncResult#cancel}. */
    boolean cancel(Work work, boolean running) {
        lock.lock();
        try {
            if (work.ended) {
                return false;
            }
            if (!isForgotten(work)) {
                if (!running) {
                    return false;
                }
                if (work.stopping == null) {
                    work.stopping = new Work.Stopping(false);
                    keeper.after(Duration.ZERO, () -> stop(work));
                }
                return true;
            }
            finishIfDone();
        } finally {
            lock.unlock();
        }
        fail(work, new CancellationException(work.label() + " was cancelled before it began"));
        collector.ensure();
        return true;
    }

    /** Under the lock: takes the task from where it waits; returns false when it does not. */
    private boolean isForgotten(Work work) {
        PoolWorker worker = work.worker;
        if (worker != null) {
            if (!worker.takeBack(work)) {
                return false;
            }
            unassign(work);
        } else {
            boolean unused = pending.remove(work); // or it waits for another attempt
        }
        end(work, false);
        room.signalAll();
        return true;
    }

    boolean isRunning(Work work) {
        lock.lock();
        try {
            return !work.ended && work.worker != null && work.worker.hasBegun(work);
        } finally {
            lock.unlock();
        }
    }

    private void timeUp(Work work) {
        lock.lock();
        try {
            if (work.ended || work.worker == null || work.stopping != null) {
                return;
            }
            work.stopping = new Work.Stopping(true);
        } finally {
            lock.unlock();
        }
        stop(work);
    }

    private void stop(Work work) {
        PoolWorker worker;
        boolean forgotten;
        lock.lock();
        try {
            worker = work.worker;
            if (work.ended) {
                return;
            }
            forgotten = isForgotten(work);
            if (!forgotten) {
                if (!Objects.requireNonNull(worker).hasBegun(work)) {
                    keeper.after(TRANSIT, () -> stop(work)); // on its way to the worker
                    return;
                }
                worker.stopping = work;
                for (Work other : reversed(worker.takeBack(Integer.MAX_VALUE))) {
                    unassign(other);
                    pending.putBack(other);
                }
            }
        } finally {
            lock.unlock();
        }
        Work.Stopping stopping = Objects.requireNonNull(work.stopping);
        if (forgotten) {
            fail(work, stopped(work, stopping));
            dispatch();
            return;
        }
        dispatch();
        PoolWorker runner = Objects.requireNonNull(worker);
        if (stopping.timeout) {
            keeper.handle(() -> {
                stopping.threadDump = threadDump(runner);
                interrupt(work, runner);
            });
        } else {
            interrupt(work, runner);
        }
    }

    private static List<Work> reversed(List<Work> works) {
        Collections.reverse(works);
        return works;
    }

    private void interrupt(Work work, PoolWorker worker) {
        worker.lane.interrupt(work.number);
        JvmProcess process = worker.process;
        if (process != null) {
            process.interrupt();
        }
        keeper.after(options.grace(), () -> keeper.handle(() -> endWorkerOf(work, worker)));
    }

    /** The task does not care: its worker has to go. */
    private void endWorkerOf(Work work, PoolWorker worker) {
        if (!has(worker, work)) {
            return;
        }
        Work.Stopping stopping = Objects.requireNonNull(work.stopping);
        if (stopping.threadDump == null) {
            stopping.threadDump = threadDump(worker);
        }
        boolean still;
        lock.lock();
        try {
            still = worker.stopping == work;
            if (still) {
                worker.reason = work.label() + (stopping.timeout ? " has run for too long" : " was cancelled");
            }
        } finally {
            lock.unlock();
        }
        if (still) {
            end(worker);
        }
    }

    private boolean has(PoolWorker worker, Work work) {
        lock.lock();
        try {
            return worker.stopping == work && !worker.exited;
        } finally {
            lock.unlock();
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

    // Workers.

    /** Under the lock: plans as many workers as there should be. */
    private void ensureWorkers() {
        if (state == State.STOPPING || state == State.TERMINATED || brokenBy != null) {
            return;
        }
        int there = planned;
        int idle = planned;
        for (PoolWorker each : workers) {
            boolean stays = each.state == PoolWorker.State.STARTING || each.state == PoolWorker.State.READY;
            there += stays ? 1 : 0;
            idle += stays && each.load == 0 && each.stopping == null ? 1 : 0;
        }
        int least = state == State.CLOSED ? 0 : eager ? options.workers() : options.minWorkers();
        int wanted = Math.max(least, Math.min(options.workers(), there - idle + pending.size()));
        for (; there < wanted; there++) {
            plan(Duration.ZERO);
        }
    }

    private void plan(Duration delay) {
        int number = ++lastWorker;
        planned++;
        expect(1);
        if (delay.isZero()) {
            keeper.handle(() -> start(number));
        } else {
            keeper.after(delay, () -> keeper.handle(() -> start(number)));
        }
    }

    private void start(int number) {
        PoolWorker worker = null;
        try {
            worker = new PoolWorker(number, name + "-" + number, Lane.create(ProcessContext.domain()));
            JvmProcess process = JvmProcess.of(
                            options.context(),
                            worker.name,
                            WorkerMain.target(worker.lane.name(), bellBlock.ref(), number, initializer, atWorkerEnd))
                    .options(options.jvm())
                    .daemon(false);
            if (!add(worker)) {
                worker.lane.remove();
                return;
            }
            process.start();
            worker.process = process;
            PoolWorker watched = worker;
            ProcessContext.EndWatch watch = ProcessContext.watchEnd(process, () -> exited(watched));
            if (watch.hasEnded()) {
                exited(worker);
            } else if (isStopping()) {
                end(worker);
            }
        } catch (IOException | RuntimeException e) {
            notStarted(worker, e);
        }
    }

    private boolean isStopping() {
        lock.lock();
        try {
            return state == State.STOPPING;
        } finally {
            lock.unlock();
        }
    }

    private boolean add(PoolWorker worker) {
        lock.lock();
        try {
            planned--;
            if (state == State.STOPPING) {
                expect(-1);
                finishIfDone();
                return false;
            }
            workers.add(worker);
            current = workers.toArray(new PoolWorker[0]);
        } finally {
            lock.unlock();
        }
        collector.ensure();
        return true;
    }

    private void notStarted(@Nullable PoolWorker worker, Exception failure) {
        boolean hopeless;
        lock.lock();
        try {
            expect(-1);
            if (worker == null) {
                planned--;
            } else {
                worker.state = PoolWorker.State.GONE;
                workers.remove(worker);
                current = workers.toArray(new PoolWorker[0]);
            }
            failedStarts++;
            hopeless = failedStarts >= FAILED_STARTS || failure instanceof IllegalStateException;
            if (!hopeless && state == State.RUNNING) {
                plan(FIRST_DELAY.multipliedBy(failedStarts));
            }
            finishIfDone();
        } finally {
            lock.unlock();
        }
        if (worker != null) {
            remove(worker);
        }
        if (hopeless) {
            breakDown("its workers cannot be started", failure);
        }
    }

    private static void remove(PoolWorker worker) {
        try {
            worker.lane.remove();
        } catch (IOException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.WARNING, "a worker's memory stays behind", e);
        }
    }

    private void exited(PoolWorker worker) {
        lock.lock();
        try {
            if (worker.state == PoolWorker.State.READY) {
                leave(worker);
            }
            worker.exited = true;
        } finally {
            lock.unlock();
        }
        collector.look();
    }

    /** A worker has ended, and all its results are here. */
    private void bury(PoolWorker worker) {
        PoolWorker.Left left = worker.close();
        boolean tooMany = false;
        boolean neverReady;
        State now;
        lock.lock();
        try {
            if (!workers.remove(worker)) {
                return;
            }
            current = workers.toArray(new PoolWorker[0]);
            expect(-worker.load - 1);
            neverReady = worker.state == PoolWorker.State.STARTING || worker.ready == 0;
            worker.state = PoolWorker.State.GONE;
            for (Work each : reversed(left.untouched())) {
                unassign(each);
                pending.putBack(each);
            }
            for (Work each : left.begun()) {
                each.worker = null;
                each.position = -1;
                end(each, false);
            }
            now = state;
            if (worker.reason == null && now != State.STOPPING) {
                died++;
                tooMany = neverReady ? ++failedStarts >= FAILED_STARTS : isOverBudget();
            }
        } finally {
            lock.unlock();
        }
        JvmProcess process = Objects.requireNonNull(worker.process);
        int exitCode = Objects.requireNonNullElse(process.exitCode(), 0);
        for (Work each : left.begun()) {
            deadWith(each, worker, process, exitCode);
        }
        PoolListener listener = options.listener();
        if (listener != null) {
            long pid = process.pid();
            callbacks.run(() -> listener.workerEnded(worker.name, pid, exitCode, worker.reason));
        }
        if (tooMany) {
            breakDown(
                    neverReady ? "its workers die before they are ready" : "more of its workers have died than may",
                    death("nothing", worker, process, exitCode));
        }
        remove(worker);
        process.close();
        dispatch();
    }

    private boolean isOverBudget() {
        long now = System.nanoTime();
        deaths.add(now);
        while (!deaths.isEmpty()
                && now - deaths.getFirst() > options.restartPeriod().toNanos()) {
            deaths.removeFirst();
        }
        return deaths.size() > options.restarts();
    }

    private void deadWith(Work work, PoolWorker worker, JvmProcess process, int exitCode) {
        Work.Stopping stopping = work.stopping;
        Throwable broken;
        boolean stops;
        lock.lock();
        try {
            broken = brokenBy;
            stops = state == State.STOPPING;
        } finally {
            lock.unlock();
        }
        if (stopping != null) {
            fail(work, stopped(work, stopping));
        } else if (broken != null) {
            fail(work, broken(broken));
        } else if (stops && worker.reason != null) {
            fail(work, new CancellationException(work.label() + ": the pool was terminated"));
        } else {
            WorkerDiedException death = death(work.label(), worker, process, exitCode);
            if (!retry(work, death, false)) {
                fail(work, death);
            }
        }
    }

    private static WorkerDiedException death(String task, PoolWorker worker, JvmProcess process, int exitCode) {
        Path report = Path.of("hs_err_pid" + process.pid() + ".log");
        return new WorkerDiedException(
                worker.name,
                process.pid(),
                exitCode,
                worker.reason,
                task,
                process.stderrTail().strip(),
                Files.exists(report) ? report.toAbsolutePath() : null);
    }

    private void refused(PoolWorker worker, Throwable failure) {
        lock.lock();
        try {
            worker.reason = "its initialiser has failed";
        } finally {
            lock.unlock();
        }
        breakDown("an initialiser has failed", failure);
    }

    private void breakDown(String why, Throwable cause) {
        lock.lock();
        try {
            if (brokenBy != null || state == State.TERMINATED) {
                return;
            }
            brokenBy = new IllegalStateException(why, cause);
        } finally {
            lock.unlock();
        }
        PoolListener listener = options.listener();
        if (listener != null) {
            callbacks.run(() -> listener.broken(broken(Objects.requireNonNull(brokenBy))));
        }
        List<Work> unused = stopAll("the pool is broken", true);
    }

    private BrokenProcessPoolException broken(Throwable why) {
        return new BrokenProcessPoolException("pool '" + name + "' is broken: " + why.getMessage(), why.getCause());
    }

    private void watchIdle(PoolWorker worker) {
        Duration limit = options.idleTimeout();
        if (limit == null) {
            return;
        }
        long since = worker.idleSince;
        keeper.after(limit, () -> {
            boolean leaves;
            lock.lock();
            try {
                int least = eager ? options.workers() : options.minWorkers();
                leaves = worker.state == PoolWorker.State.READY
                        && worker.load == 0
                        && worker.idleSince == since
                        && pending.isEmpty()
                        && workers.size() > Math.min(least, options.minWorkers());
                if (leaves) {
                    worker.reason = "it was idle";
                    leave(worker);
                }
            } finally {
                lock.unlock();
            }
            if (leaves) {
                tellEnd(worker);
                collector.ensure();
            }
        });
    }

    private void tellEnd(PoolWorker worker) {
        if (!worker.sendEnd()) {
            keeper.after(TRANSIT, () -> tellEnd(worker));
        }
    }

    /** Has the worker's process end, whatever it does. */
    private void end(PoolWorker worker) {
        JvmProcess process = worker.process;
        if (process == null) {
            return; // who starts it sees to that
        }
        signalled(process::terminate);
        keeper.after(options.grace(), () -> {
            if (!worker.exited) {
                keeper.handle(() -> signalled(process::kill));
            }
        });
    }

    private static void signalled(Runnable signal) {
        try {
            signal.run();
        } catch (IllegalStateException e) {
            // closed, as it has ended
        }
    }

    // The end.

    /** No more tasks; what was submitted is finished, and then the workers end. */
    public void shutdown() {
        lock.lock();
        try {
            if (state == State.RUNNING) {
                state = State.CLOSED;
            }
            room.signalAll();
            finishIfDone();
        } finally {
            lock.unlock();
        }
        collector.ensure();
    }

    /** Ends the workers now; tasks that have not ended are cancelled. Returns those that no worker had begun. */
    public List<Runnable> terminate() {
        return stopAll("the pool was terminated", false).stream()
                .map(Work::task)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    /** As {@link #terminate}, without a chance for the workers to end in order. */
    public void kill() {
        terminate();
        for (PoolWorker each : current) {
            JvmProcess process = each.process;
            if (process != null) {
                signalled(process::kill);
            }
        }
    }

    private List<Work> stopAll(String reason, boolean breaking) {
        var waiting = new ArrayList<Work>();
        var busy = new ArrayList<PoolWorker>();
        var idle = new ArrayList<PoolWorker>();
        Throwable broken;
        lock.lock();
        try {
            broken = brokenBy;
            if (state == State.TERMINATED || (state == State.STOPPING && !breaking)) {
                return List.of();
            }
            state = State.STOPPING;
            for (PoolWorker each : workers) {
                for (Work work : each.takeBack(Integer.MAX_VALUE)) {
                    unassign(work);
                    waiting.add(work);
                }
                if (each.reason == null) {
                    each.reason = reason;
                }
                (each.load > 0 || each.state == PoolWorker.State.STARTING ? busy : idle).add(each);
                if (each.state == PoolWorker.State.READY) {
                    leave(each);
                }
            }
            for (Work work = pending.poll(); work != null; work = pending.poll()) {
                waiting.add(work);
            }
            waiting.forEach(work -> end(work, false));
            room.signalAll();
            finishIfDone();
        } finally {
            lock.unlock();
        }
        idle.forEach(this::tellEnd);
        busy.forEach(this::end);
        for (PoolWorker each : idle) {
            keeper.after(options.grace(), () -> {
                if (!each.exited) {
                    end(each);
                }
            });
        }
        for (Work work : waiting) {
            fail(work, broken != null ? broken(broken) : new CancellationException(work.label() + ": " + reason));
        }
        collector.ensure();
        return waiting;
    }

    /** Under the lock: goes on to the next state when there is nothing left to do in this one. */
    private void finishIfDone() {
        if (state == State.CLOSED
                && pending.isEmpty()
                && delayed == 0
                && workers.stream().allMatch(worker -> worker.load == 0)) {
            state = State.STOPPING;
            for (PoolWorker each : workers) {
                if (each.state == PoolWorker.State.READY) {
                    each.reason = "there is nothing more to do";
                    leave(each);
                    keeper.after(Duration.ZERO, () -> tellEnd(each));
                } else if (each.state == PoolWorker.State.STARTING) {
                    each.reason = "there is nothing more to do";
                    keeper.after(Duration.ZERO, () -> end(each));
                }
            }
        }
        if (state == State.STOPPING && workers.isEmpty() && planned == 0) {
            state = State.TERMINATED;
            terminated.signalAll();
            boolean unused = exitHook.cancel();
            collector.end();
            keeper.end();
        }
    }

    /** Whether the workers have ended, and so has every task. */
    public boolean isTerminated() {
        lock.lock();
        try {
            return state == State.TERMINATED;
        } finally {
            lock.unlock();
        }
    }

    /** Whether no more tasks are taken. */
    public boolean isShutdown() {
        lock.lock();
        try {
            return state != State.RUNNING;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is broken. */
    public boolean isBroken() {
        lock.lock();
        try {
            return brokenBy != null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it {@link #isTerminated} and the callbacks have run; returns whether that was before the deadline. */
    public boolean awaitTermination(Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (state != State.TERMINATED) {
                if (deadline.isOver()) {
                    return false;
                }
                long unused = terminated.awaitNanos(deadline.remainingNanos());
            }
        } finally {
            lock.unlock();
        }
        return callbacks.await(deadline);
    }

    /** Forgets the tasks that no worker has begun; their results are cancelled. */
    public void cancelWaiting() {
        var waiting = new ArrayList<Work>();
        lock.lock();
        try {
            for (PoolWorker each : workers) {
                for (Work work : each.takeBack(Integer.MAX_VALUE)) {
                    unassign(work);
                    waiting.add(work);
                }
            }
            for (Work work = pending.poll(); work != null; work = pending.poll()) {
                waiting.add(work);
            }
            waiting.forEach(work -> end(work, false));
            room.signalAll();
            finishIfDone();
        } finally {
            lock.unlock();
        }
        waiting.forEach(work -> fail(work, new CancellationException(work.label() + " was cancelled before it began")));
        collector.ensure();
    }

    /** A routine will not be called again. */
    void forget(Routine routine) {
        for (PoolWorker each : current) {
            each.forget(routine);
        }
        routine.forget();
    }

    /** How many workers there are, those being started included. */
    int size() {
        lock.lock();
        try {
            return workers.size() + planned;
        } finally {
            lock.unlock();
        }
    }

    /** What it has done and is doing. */
    public PoolStats stats() {
        lock.lock();
        try {
            long now = System.nanoTime();
            long running = 0;
            long ahead = 0;
            var each = new ArrayList<PoolStats.WorkerStats>();
            for (PoolWorker worker : workers) {
                running += Math.min(1, worker.load);
                ahead += Math.max(0, worker.load - 1);
                JvmProcess process = worker.process;
                boolean isReady = worker.ready != 0;
                each.add(new PoolStats.WorkerStats(
                        worker.name,
                        process == null ? 0 : process.pid(),
                        worker.done,
                        Duration.ofNanos((isReady ? worker.ready : now) - worker.started),
                        Duration.ofNanos(worker.working),
                        Duration.ofNanos(isReady ? Math.max(0, now - worker.ready - worker.working) : 0),
                        memoryOf(worker)));
            }
            return new PoolStats(
                    pending.size() + delayed + ahead, running, done, failed, retried, each, lastWorker, died);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        PoolStats stats = stats();
        return name + ", " + stats.workers().size() + " workers, " + stats.queued() + " tasks queued, "
                + stats.running() + " running";
    }
}
