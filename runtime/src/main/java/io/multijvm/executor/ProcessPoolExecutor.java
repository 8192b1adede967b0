package io.multijvm.executor;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Garbage;
import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.PoolOptions;
import io.multijvm.pool.PoolStats;
import io.multijvm.pool.ResultIterator;
import io.multijvm.pool.RunnableTask;
import io.multijvm.pool.Task;
import io.multijvm.pool.TaskBiFunction;
import io.multijvm.pool.TaskFunction;
import io.multijvm.pool.TaskOptions;
import io.multijvm.pool.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An {@link ExecutorService} whose threads are JVMs. Python: {@code concurrent.futures.ProcessPoolExecutor}.
 *
 * <p>Workers are started when there is work for them and end with the executor. Tasks must be serialisable: a lambda is, where
 * this class is the static type, so that it becomes a {@link Task}; one that is not fails its future, or is rejected where it has
 * none, and the message says why.
 * All futures are {@link CompletableFuture}s. A worker that dies fails the one task it was running, with a
 * {@link io.multijvm.pool.WorkerDiedException}, and is replaced.
 *
 * <p>Work that was submitted is finished before the program ends, also without {@link #shutdown}. After that a task is refused
 * with a {@link RejectedExecutionException}.
 */
public final class ProcessPoolExecutor implements ExecutorService, AutoCloseable {
    private final Workers workers;

    private ProcessPoolExecutor(Workers workers) {
        this.workers = workers;
        Garbage.whenCollected(this, new Forgotten(workers));
    }

    /** An executor; no worker is started before there is a task, but for {@link PoolOptions#minWorkers}. */
    public static ProcessPoolExecutor create(PoolOptions options) {
        return new ProcessPoolExecutor(new Workers(options, "ExecutorWorker", false, true));
    }

    private record Forgotten(Workers workers) implements Runnable {
        @Override
        public void run() {
            workers.shutdown();
        }
    }

    // Tasks.

    /** Has a worker run {@code task}. */
    public <T extends @Nullable Object> AsyncResult<T> submit(Task<T> task) {
        return submit(task, TaskOptions.defaults());
    }

    /** As the other, with options of its own. */
    public <T extends @Nullable Object> AsyncResult<T> submit(Task<T> task, TaskOptions options) {
        return workers.submit(Objects.requireNonNull(task, "task"), Objects.requireNonNull(options, "options"));
    }

    /** Has a worker run {@code task}. */
    public AsyncResult<?> submit(RunnableTask task) {
        return workers.submit(Objects.requireNonNull(task, "task"));
    }

    @Override
    public <T extends @Nullable Object> AsyncResult<T> submit(Callable<T> task) {
        return workers.submit(Objects.requireNonNull(task, "task"), TaskOptions.defaults());
    }

    @Override
    public AsyncResult<?> submit(Runnable task) {
        return workers.submit(Objects.requireNonNull(task, "task"));
    }

    /** Has a worker run {@code task}; the value stays here. */
    @Override
    public <T extends @Nullable Object> AsyncResult<T> submit(Runnable task, T result) {
        return workers.submit(Objects.requireNonNull(task, "task"), result);
    }

    /** As {@link #execute(Runnable)}, for a lambda that can be sent. */
    public void execute(RunnableTask task) {
        execute((Runnable) task);
    }

    /**
     * Has a worker run {@code task}; what it throws is logged.
     *
     * @throws RejectedExecutionException when the executor is shut down, or the task cannot be sent to a worker, which no
     *     future could tell
     */
    @Override
    public void execute(Runnable task) {
        workers.execute(Objects.requireNonNull(task, "task"));
    }

    /** Applies {@code function} to each argument; results come in order, as they are asked for. */
    public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> map(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments) {
        return map(function, arguments, MapOptions.defaults());
    }

    /** As the other, with options. */
    public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> map(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments, MapOptions options) {
        return workers.map(
                function, arguments, options.chunkSize(), false, options.bufferSize(), options.timeout(), this);
    }

    /** Applies {@code function} to the first of both, the second of both, until one has no more. */
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> map(
            TaskBiFunction<? super A, ? super B, ? extends R> function,
            Iterable<? extends A> firsts,
            Iterable<? extends B> seconds) {
        MapOptions options = MapOptions.defaults();
        return workers.map(
                function,
                pairs(firsts, seconds),
                options.chunkSize(),
                true,
                options.bufferSize(),
                options.timeout(),
                this);
    }

    /** The pairs; taken at once if both sides are collections. */
    private static Iterable<@Nullable Object[]> pairs(Iterable<?> firsts, Iterable<?> seconds) {
        if (firsts instanceof Collection<?> && seconds instanceof Collection<?>) {
            var all = new ArrayList<@Nullable Object[]>();
            new Pairs(firsts.iterator(), seconds.iterator()).forEachRemaining(all::add);
            return all;
        }
        return () -> new Pairs(firsts.iterator(), seconds.iterator());
    }

    private record Pairs(Iterator<?> firsts, Iterator<?> seconds) implements Iterator<@Nullable Object[]> {
        @Override
        public boolean hasNext() {
            return firsts.hasNext() && seconds.hasNext();
        }

        @Override
        public @Nullable Object[] next() {
            return new @Nullable Object[] {firsts.next(), seconds.next()};
        }
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
            throws InterruptedException {
        return invokeAll(tasks, Deadline.never());
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit) throws InterruptedException {
        return invokeAll(tasks, Deadline.after(timeout, unit));
    }

    private <T extends @Nullable Object> List<Future<T>> invokeAll(
            Collection<? extends Callable<T>> tasks, Deadline deadline) throws InterruptedException {
        tasks.forEach(Objects::requireNonNull);
        var futures = new ArrayList<AsyncResult<T>>(tasks.size());
        boolean done = false;
        try {
            for (Callable<T> task : tasks) {
                futures.add(submit(task));
            }
            for (AsyncResult<T> future : futures) {
                if (!future.await(remaining(deadline))) {
                    break;
                }
            }
            done = !deadline.isOver();
        } finally {
            if (!done) {
                futures.forEach(future -> future.cancel(true));
            }
        }
        if (!done) {
            for (AsyncResult<T> future : futures) { // all are done when this returns, also those that are being stopped
                future.await();
            }
        }
        return List.copyOf(futures);
    }

    private static @Nullable Duration remaining(Deadline deadline) {
        return deadline == Deadline.never() ? null : Duration.ofNanos(deadline.remainingNanos());
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        try {
            return invokeAny(tasks, Deadline.never());
        } catch (TimeoutException e) {
            throw new AssertionError("never", e);
        }
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return invokeAny(tasks, Deadline.after(timeout, unit));
    }

    private <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks, Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        tasks.forEach(Objects::requireNonNull);
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("no tasks");
        }
        var futures = new ArrayList<AsyncResult<T>>(tasks.size());
        var ended = new Arrivals<AsyncResult<T>>();
        try (ended) {
            for (Callable<T> task : tasks) {
                AsyncResult<T> future = submit(task);
                futures.add(future);
                ended.add(future);
            }
            ExecutionException last = null;
            for (int i = 0; i < futures.size(); i++) {
                AsyncResult<T> next = ended.next(deadline);
                if (next == null) {
                    throw new TimeoutException("none of " + futures.size() + " tasks has succeeded in time");
                }
                try {
                    return next.get();
                } catch (ExecutionException e) {
                    last = e;
                } catch (CancellationException e) {
                    last = new ExecutionException(e);
                }
            }
            throw Objects.requireNonNull(last);
        } finally {
            futures.forEach(future -> future.cancel(true));
        }
    }

    // The executor.

    @Override
    public void shutdown() {
        workers.shutdown();
    }

    /**
     * As {@link #shutdown()}; waits for the end if {@code wait}, and cancels what no worker has begun if {@code cancelFutures}.
     */
    public void shutdown(boolean wait, boolean cancelFutures) throws InterruptedException {
        workers.shutdown();
        if (cancelFutures) {
            workers.cancelWaiting();
        }
        if (wait) {
            workers.awaitTermination(Deadline.never());
        }
    }

    /** Ends the workers; running tasks are stopped with them. Returns what none of them had begun. */
    @Override
    public List<Runnable> shutdownNow() {
        return workers.terminate();
    }

    /**
     * {@link #shutdown()}, and waits for the end; if interrupted meanwhile, {@link #shutdownNow} and waits for that. Maps make
     * all their calls before, but for those that {@link ResultIterator} names.
     */
    @Override
    public void close() {
        workers.finish();
        workers.awaitTermination(workers::terminate);
    }

    /** Ends all workers in order (SIGTERM), and the executor with them. Python: {@code terminate_workers}. */
    public void terminateWorkers() {
        workers.terminate();
    }

    /** Kills all workers (SIGKILL), and the executor with them. Python: {@code kill_workers}. */
    public void killWorkers() {
        workers.kill();
    }

    @Override
    public boolean isShutdown() {
        return workers.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return workers.isTerminated();
    }

    /** Whether it can run no more tasks because its workers cannot be started. */
    public boolean isBroken() {
        return workers.isBroken();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return workers.awaitTermination(Deadline.after(timeout, unit));
    }

    /** What it has done and is doing. */
    public PoolStats stats() {
        return workers.stats();
    }

    /** The process ids of the workers that are up. */
    public List<Long> pids() {
        return workers.pids();
    }

    @Override
    public String toString() {
        return "ProcessPoolExecutor[" + workers + "]";
    }
}
