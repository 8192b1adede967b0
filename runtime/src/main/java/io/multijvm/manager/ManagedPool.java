package io.multijvm.manager;

import io.multijvm.function.SerializableConsumer;
import io.multijvm.pool.Task;
import io.multijvm.pool.TaskBiFunction;
import io.multijvm.pool.TaskFunction;
import io.multijvm.pool.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A pool in a manager's server, used by any number of processes: its workers are children of the server, and callbacks run
 * there. Methods are as those of {@link io.multijvm.pool.Pool}; all arguments are sent at once. Python: {@code manager.Pool()}.
 */
public final class ManagedPool extends AbstractProxy<PoolObject.Verb> implements AutoCloseable {
    private static final long serialVersionUID = 1;

    ManagedPool(Remote remote) {
        super(remote);
    }

    /** Runs {@code task} in a worker and waits for its value. */
    public <R extends @Nullable Object> R apply(Task<R> task) throws InterruptedException, ExecutionException {
        return callInterruptibly(PoolObject.Verb.APPLY, task);
    }

    /** Runs {@code task} in a worker; returns at once. */
    public <R extends @Nullable Object> ManagedResult<R> applyAsync(Task<R> task) {
        return applyAsync(task, null, null);
    }

    /** As the other; the server's process calls one of the two before the result is one. */
    public <R extends @Nullable Object> ManagedResult<R> applyAsync(
            Task<R> task,
            @Nullable SerializableConsumer<? super R> callback,
            @Nullable SerializableConsumer<? super Throwable> errorCallback) {
        return call(PoolObject.Verb.APPLY_ASYNC, task, callback, errorCallback);
    }

    /** Applies {@code function} to each argument, in workers; returns the values in the arguments' order. */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments)
            throws InterruptedException, ExecutionException {
        return map(function, arguments, 0);
    }

    /** As the other, {@code chunkSize} arguments at a time; 0 for a size that suits. */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments, int chunkSize)
            throws InterruptedException, ExecutionException {
        return callInterruptibly(PoolObject.Verb.MAP, function, listOf(arguments), chunkSize);
    }

    /** As {@link #map(TaskFunction, Iterable)}; returns at once. */
    public <A extends @Nullable Object, R extends @Nullable Object> ManagedResult<List<R>> mapAsync(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments) {
        return mapAsync(function, arguments, 0, null, null);
    }

    @SuppressWarnings({"unchecked", "NullAway"})
    private <R extends @Nullable Object> ManagedResult<List<R>> startAll(
            PoolObject.Verb verb,
            Object function,
            List<?> arguments,
            int chunkSize,
            @Nullable Object callback,
            @Nullable Object errorCallback) {
        return (ManagedResult<List<R>>) remote().call(new @Nullable Object[] {
            remote().number(), verb.ordinal(), function, arguments, chunkSize, callback, errorCallback
        });
    }

    /** As the other, in chunks; the server's process calls one of the two before the result is one. */
    public <A extends @Nullable Object, R extends @Nullable Object> ManagedResult<List<R>> mapAsync(
            TaskFunction<? super A, ? extends R> function,
            Iterable<? extends A> arguments,
            int chunkSize,
            @Nullable SerializableConsumer<? super List<R>> callback,
            @Nullable SerializableConsumer<? super Throwable> errorCallback) {
        return startAll(PoolObject.Verb.MAP_ASYNC, function, listOf(arguments), chunkSize, callback, errorCallback);
    }

    /** Applies {@code function} to each pair, in workers; returns the values in the pairs' order. */
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> List<R> starmap(
            TaskBiFunction<? super A, ? super B, ? extends R> function,
            Iterable<? extends Map.Entry<? extends A, ? extends B>> pairs,
            int chunkSize)
            throws InterruptedException, ExecutionException {
        return callInterruptibly(PoolObject.Verb.STARMAP, function, pairsOf(pairs), chunkSize);
    }

    /** As {@link #starmap}; returns at once. */
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
            ManagedResult<List<R>> starmapAsync(
                    TaskBiFunction<? super A, ? super B, ? extends R> function,
                    Iterable<? extends Map.Entry<? extends A, ? extends B>> pairs) {
        return startAll(PoolObject.Verb.STARMAP_ASYNC, function, pairsOf(pairs), 0, null, null);
    }

    /** Applies {@code function} to each argument; values come in order, each to one of those who ask. */
    public <A extends @Nullable Object, R extends @Nullable Object> Iterator<R> imap(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments, int chunkSize) {
        return call(PoolObject.Verb.IMAP, function, listOf(arguments), chunkSize);
    }

    /** As {@link #imap}, in the order in which they are ready. */
    public <A extends @Nullable Object, R extends @Nullable Object> Iterator<R> imapUnordered(
            TaskFunction<? super A, ? extends R> function, Iterable<? extends A> arguments, int chunkSize) {
        return call(PoolObject.Verb.IMAP_UNORDERED, function, listOf(arguments), chunkSize);
    }

    private static List<@Nullable Object> listOf(Iterable<?> arguments) {
        var list = new ArrayList<@Nullable Object>();
        arguments.forEach(list::add);
        return list;
    }

    private static List<List<?>> pairsOf(Iterable<? extends Map.Entry<?, ?>> pairs) {
        var list = new ArrayList<List<?>>();
        for (Map.Entry<?, ?> pair : pairs) {
            list.add(Arrays.asList(pair.getKey(), pair.getValue()));
        }
        return list;
    }

    /** The process ids of its workers. */
    public List<Long> pids() {
        return call(PoolObject.Verb.PIDS);
    }

    /** No more tasks; what was submitted is finished. */
    public void shutdown() {
        Object ignored = call(PoolObject.Verb.SHUTDOWN);
    }

    /** Ends the workers now. */
    public void terminate() {
        Object ignored = call(PoolObject.Verb.TERMINATE);
    }

    /** Waits up to {@code timeout}, null for ever, for the end; {@link IllegalStateException} before {@link #shutdown}. */
    public boolean join(@Nullable Duration timeout) throws InterruptedException {
        return callInterruptibly(PoolObject.Verb.JOIN, ManagedResult.nanos(timeout));
    }

    /** {@link #terminate}, and waits for the workers' end. */
    @Override
    public void close() {
        terminate();
        Workers.untilDone(() -> join(null), () -> {});
    }

    @Override
    public String toString() {
        return "ManagedPool[" + remote() + "]";
    }
}
