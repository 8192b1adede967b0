package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The result of a task of a {@link ManagedPool}, to come: any process may wait for it. What {@link #get} throws is as
 * {@link io.multijvm.pool.AsyncResult} says.
 */
public final class ManagedResult<R extends @Nullable Object> extends AbstractProxy<ResultObject.Verb>
        implements Future<R> {
    private static final long serialVersionUID = 1;

    ManagedResult(Remote remote) {
        super(remote);
    }

    @Override
    public R get() throws InterruptedException, ExecutionException {
        return callInterruptibly(ResultObject.Verb.GET, (Object) null);
    }

    @Override
    public R get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        return get(Duration.ofNanos(unit.toNanos(timeout)));
    }

    /** As {@link #get(long, TimeUnit)}; null waits for ever, a negative timeout acts as zero. */
    public R get(@Nullable Duration timeout) throws InterruptedException, ExecutionException, TimeoutException {
        return callInterruptibly(ResultObject.Verb.GET, nanos(timeout));
    }

    /** Waits up to {@code timeout}, null for ever, until the task has ended, however; returns whether it has. */
    public boolean await(@Nullable Duration timeout) throws InterruptedException {
        return callInterruptibly(ResultObject.Verb.AWAIT, nanos(timeout));
    }

    static @Nullable Long nanos(@Nullable Duration timeout) {
        return timeout == null ? null : (Long) Deadline.nanos(timeout);
    }

    /** Whether it has ended. Python: {@code ready}. */
    public boolean ready() {
        return call(ResultObject.Verb.READY);
    }

    /** Whether the task has returned a value; {@link IllegalStateException} when it has not ended. */
    public boolean successful() {
        return call(ResultObject.Verb.SUCCESSFUL);
    }

    /** Whether a worker has begun it and it has not ended. */
    public boolean running() {
        return call(ResultObject.Verb.RUNNING);
    }

    @Override
    public boolean isDone() {
        return ready();
    }

    @Override
    public boolean isCancelled() {
        return call(ResultObject.Verb.CANCELLED);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return call(ResultObject.Verb.CANCEL, mayInterruptIfRunning);
    }

    @Override
    public String toString() {
        return "ManagedResult[" + remote() + "]";
    }
}
