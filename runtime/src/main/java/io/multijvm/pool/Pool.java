package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Garbage;
import io.multijvm.process.Target;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Worker JVMs that are there for whatever they are given. Python: {@code multiprocessing.Pool}.
 *
 * <p>A task is a serialisable lambda; it is encoded by who submits it, so that a later change of what it has captured does not
 * reach it. A worker that dies fails the one task it was running, with a {@link WorkerDiedException}, and is replaced; no other
 * task is lost. Workers that cannot be started, or whose initialiser fails, break the pool ({@link BrokenProcessPoolException}).
 *
 * <p>All methods may be called by any thread. A pool that is left running is terminated at the program's end, and shut down some
 * time after it has become garbage.
 */
public final class Pool implements AutoCloseable {
    private final Workers workers;

    private Pool(Workers workers) {
        this.workers = workers;
        Garbage.whenCollected(this, new Forgotten(workers));
    }

    /** A pool; its workers are being started when this returns. */
    public static Pool create(PoolOptions options) {
        return new Pool(new Workers(options, "PoolWorker", true, false));
    }

    private record Forgotten(Workers workers) implements Runnable {
        @Override
        public void run() {
            workers.shutdown();
        }
    }

    // One task.

    /** Runs {@code task} in a worker and waits for its result. */
    public <R extends @Nullable Object> R apply(Task<R> task) throws InterruptedException, ExecutionException {
        return awaited(this.<R>call(task, Routine.Verb.CALL, TaskOptions.defaults(), null, true));
    }

    /** Runs {@code task} in a worker and waits for its end. */
    public void apply(Target task) throws InterruptedException, ExecutionException {
        awaited(call(task, Routine.Verb.RUN, TaskOptions.defaults(), null, true));
    }

    /** Runs {@code task} in a worker; returns at once. What cannot be sent fails the result. */
    public <R extends @Nullable Object> AsyncResult<R> applyAsync(Task<R> task) {
        return call(task, Routine.Verb.CALL, TaskOptions.defaults(), null, false);
    }

    /** As {@link #applyAsync(Task)}. */
    public AsyncResult<@Nullable Void> applyAsync(Target task) {
        return call(task, Routine.Verb.RUN, TaskOptions.defaults(), null, false);
    }

    /** As {@link #applyAsync(Task)}, with options of its own. */
    public <R extends @Nullable Object> AsyncResult<R> applyAsync(Task<R> task, TaskOptions options) {
        return call(task, Routine.Verb.CALL, options, null, false);
    }

    /** As the other, with an action for its value, which has run before the result is one. */
    public <R extends @Nullable Object> AsyncResult<R> applyAsync(Task<R> task, Consumer<? super R> callback) {
        return applyAsync(task, callback, null);
    }

    /** As the other, with an action for its value and one for its failure; one of them has run before the result is one. */
    public <R extends @Nullable Object> AsyncResult<R> applyAsync(
            Task<R> task, @Nullable Consumer<? super R> callback, @Nullable Consumer<? super Throwable> errorCallback) {
        return call(
                task,
                Routine.Verb.CALL,
                TaskOptions.defaults(),
                new AsyncResult.Actions<>(callback, errorCallback),
                false);
    }

    private <R extends @Nullable Object> AsyncResult<R> call(
            Object task,
            Routine.Verb verb,
            TaskOptions options,
            AsyncResult.@Nullable Actions<R> actions,
            boolean helping) {
        var result = new AsyncResult<R>(workers);
        if (actions != null) {
            result.actions(actions);
        }
        return workers.call(CallWork.Submission.of(task, verb, options), result, helping);
    }

    private <R extends @Nullable Object> R awaited(AsyncResult<R> result)
            throws InterruptedException, ExecutionException {
        try {
            return result.get();
        } finally {
            if (!result.isDone()) {
                workers.collector().ensure(); // whoever waits next may have relied on this thread
            }
            Reference.reachabilityFence(this);
        }
    }

    // Many.

    /** Applies {@code function} to each argument, in workers; returns the results in the arguments' order. */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments)
            throws InterruptedException, ExecutionException {
        return map(function, arguments, 0);
    }

    /**
     * As the other, {@code chunkSize} arguments at a time; 0 for a size that suits. When calls fail, the others are made still;
     * then the failure of the first in order is thrown.
     */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments, int chunkSize)
            throws InterruptedException, ExecutionException {
        return awaited(this.<R>startMap(function, arguments, chunkSize, false, null, true));
    }

    /** As {@link #map}; returns at once. */
    public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments) {
        return mapAsync(function, arguments, 0);
    }

    /** As {@link #map}; returns at once. */
    public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments, int chunkSize) {
        return startMap(function, arguments, chunkSize, false, null, false);
    }

    /** As the other, with an action for the list and one for the failure; one of them has run before the result is one. */
    public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
            TaskFunction<? super A, ? extends R> function,
            Iterable<? extends A> arguments,
            int chunkSize,
            @Nullable Consumer<? super List<R>> callback,
            @Nullable Consumer<? super Throwable> errorCallback) {
        return startMap(
                function, arguments, chunkSize, false, new AsyncResult.Actions<>(callback, errorCallback), false);
    }

    /** Applies {@code function} to each pair, in workers; returns the results in the pairs' order. */
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> List<R> starmap(
            TaskBiFunction<? super A, ? super B, ? extends R> function,
            Iterable<? extends Map.Entry<? extends A, ? extends B>> pairs)
            throws InterruptedException, ExecutionException {
        return starmap(function, pairs, 0);
    }

    /** As the other, {@code chunkSize} pairs at a time; 0 for a size that suits. */
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> List<R> starmap(
            TaskBiFunction<? super A, ? super B, ? extends R> function,
            Iterable<? extends Map.Entry<? extends A, ? extends B>> pairs,
            int chunkSize)
            throws InterruptedException, ExecutionException {
        return awaited(this.<R>startMap(function, spread(pairs), chunkSize, true, null, true));
    }

    /** Applies {@code function} to each triple, a list of three, in workers; returns the results in the triples' order. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            List<R> starmap(TaskTriFunction<A, B, C, ? extends R> function, Iterable<? extends List<?>> triples)
                    throws InterruptedException, ExecutionException {
        return starmap(function, triples, 0);
    }

    /** As the other, {@code chunkSize} triples at a time; 0 for a size that suits. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            List<R> starmap(
                    TaskTriFunction<A, B, C, ? extends R> function, Iterable<? extends List<?>> triples, int chunkSize)
                    throws InterruptedException, ExecutionException {
        return awaited(this.<R>startMap(function, spreadLists(triples), chunkSize, true, null, true));
    }

    /** As {@link #starmap(TaskBiFunction, Iterable)}; returns at once. */
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
            AsyncResult<List<R>> starmapAsync(
                    TaskBiFunction<? super A, ? super B, ? extends R> function,
                    Iterable<? extends Map.Entry<? extends A, ? extends B>> pairs) {
        return startMap(function, spread(pairs), 0, true, null, false);
    }

    /** As the other, in chunks, with an action for the list and one for the failure. */
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
            AsyncResult<List<R>> starmapAsync(
                    TaskBiFunction<? super A, ? super B, ? extends R> function,
                    Iterable<? extends Map.Entry<? extends A, ? extends B>> pairs,
                    int chunkSize,
                    @Nullable Consumer<? super List<R>> callback,
                    @Nullable Consumer<? super Throwable> errorCallback) {
        return startMap(
                function, spread(pairs), chunkSize, true, new AsyncResult.Actions<>(callback, errorCallback), false);
    }

    /** As {@link #starmap(TaskTriFunction, Iterable)}; returns at once. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            AsyncResult<List<R>> starmapAsync(
                    TaskTriFunction<A, B, C, ? extends R> function, Iterable<? extends List<?>> triples) {
        return startMap(function, spreadLists(triples), 0, true, null, false);
    }

    private <R extends @Nullable Object> AsyncResult<List<R>> startMap(
            Object function,
            Iterable<?> arguments,
            int chunkSize,
            boolean spread,
            AsyncResult.@Nullable Actions<List<R>> actions,
            boolean helping) {
        var result = new AsyncResult<List<R>>(workers);
        if (actions != null) {
            result.actions(actions);
        }
        return MapJob.start(workers, function, arguments, chunkSize, spread, result, helping);
    }

    private static Iterable<?> spread(Iterable<? extends Map.Entry<?, ?>> pairs) {
        return StreamSupport.stream(pairs.spliterator(), false)
                .map(pair -> new @Nullable Object[] {pair.getKey(), pair.getValue()})
                .toList();
    }

    private static Iterable<?> spreadLists(Iterable<? extends List<?>> triples) {
        return StreamSupport.stream(triples.spliterator(), false)
                .map(List::toArray)
                .toList();
    }

    /** Applies {@code function} to each argument; results come in order, as they are asked for. */
    public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments) {
        return imap(function, arguments, 1);
    }

    /** As the other, {@code chunkSize} arguments at a time. */
    public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments, int chunkSize) {
        return imap(function, arguments, chunkSize, true);
    }

    /** Applies {@code function} to each argument; results come in the order in which they are ready. */
    public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments) {
        return imapUnordered(function, arguments, 1);
    }

    /** As the other, {@code chunkSize} arguments at a time. */
    public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments, int chunkSize) {
        return imap(function, arguments, chunkSize, false);
    }

    private <R extends @Nullable Object> ResultIterator<R> imap(
            Object function, Iterable<?> arguments, int chunkSize, boolean ordered) {
        int window = Workers.WINDOW_PER_WORKER * workers.options().workers();
        var feed = ArgumentFeed.of(
                workers, function, arguments, new ArgumentFeed.Shape(chunkSize, false, ordered, window));
        return new ResultIterator<>(feed, this, Deadline.never());
    }

    // The pool.

    /** The process ids of the workers that are up. */
    public List<Long> pids() {
        return workers.pids();
    }

    /** What it has done and is doing. */
    public PoolStats stats() {
        return workers.stats();
    }

    /**
     * No more tasks: a further one is a {@link RejectedExecutionException}. What was submitted is finished, then the workers
     * end. Returns at once; {@link #join} waits for that. Python: {@code Pool.close}.
     */
    public void shutdown() {
        workers.shutdown();
    }

    /** Ends the workers now, whatever they do; what has not ended is cancelled ({@link CancellationException}). Returns at once. */
    public void terminate() {
        workers.terminate();
    }

    /**
     * {@link #terminate} and {@link #join}: what leaving a {@code try} does. Python's {@code close}, after which tasks go on, is
     * {@link #shutdown}.
     */
    @Override
    public void close() {
        terminate();
        workers.awaitTermination(() -> {});
    }

    /** Waits until the workers have ended and the callbacks have run; {@link IllegalStateException} before {@link #shutdown}. */
    public void join() throws InterruptedException {
        join(null);
    }

    /** As {@link #join()} up to {@code timeout}, null for ever; returns whether they have. */
    public boolean join(@Nullable Duration timeout) throws InterruptedException {
        if (!workers.isShutdown()) {
            throw new IllegalStateException("the pool still runs: shutdown(), terminate() or close() it first");
        }
        return workers.awaitTermination(Deadline.after(timeout));
    }

    @Override
    public String toString() {
        return "Pool[" + workers + "]";
    }
}
