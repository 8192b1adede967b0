package io.multijvm.pool;

import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.process.RemoteFailure;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One task on its way: what is sent to a worker, and who is told how it went. */
abstract class Work {
    final int kind;
    final Routine.Call call;
    final int priority;
    final @Nullable Duration timeout;
    final Retry retry;
    private final @Nullable String name;
    boolean isRetried; // the collector's: what has just ended is not the last attempt
    long number; // given by the pool when it takes it
    int attempts;
    long position = -1; // in its worker's lane; guarded by that worker
    // Guarded by the pool's lock:
    @Nullable
    PoolWorker worker; // who has it

    boolean waiting; // in Pending
    boolean ended;

    @Nullable
    Stopping stopping;

    private volatile @Nullable Future<?> limit; // when its time is up

    Work(int kind, Routine.Call call, TaskOptions options, PoolOptions pool) {
        this.kind = kind;
        this.call = call;
        this.priority = options.priority();
        this.timeout = options.timeout() == null ? pool.taskTimeout() : options.timeout();
        this.retry = options.retry() == null ? pool.retry() : options.retry();
        this.name = options.name();
    }

    /**
     * The task has returned; its result is rebuilt here if that runs no code of the program, else by another thread, and
     * given to {@code end}.
     */
    abstract void returned(int how, byte[] bytes, int length, End end);

    /** The task has thrown: as {@link #returned}, but that always takes another thread. */
    abstract void threw(RemoteFailure thrown, End end);

    /** Rebuilds what the task has thrown, with code of the program, and fails the task with it. */
    final void failRebuilt(RemoteFailure thrown, End end) {
        Throwable failure;
        try {
            failure = rebuild(thrown);
        } catch (RuntimeException | Error e) {
            end.unreadable(e);
            return;
        }
        end.rebuilt(failure);
        failed(failure);
    }

    /** The task has failed otherwise; called once, on any thread, and runs no code of the program. */
    abstract void failed(Throwable failure);

    /** Told when a result is rebuilt, on any thread. */
    interface End {
        /** It is {@code failure}, or the task's value if that is null. */
        void rebuilt(@Nullable Throwable failure);

        /** It cannot be rebuilt. */
        void unreadable(Throwable failure);
    }

    /**
     * The failure of a task that has thrown, rebuilt with code of the program. A {@link CancellationException} is inside
     * another one: it is the task's own, and does not say that the task was cancelled.
     */
    static Throwable rebuild(RemoteFailure thrown) {
        FaultPoint.reach("pool.decode");
        Throwable rebuilt = thrown.toThrowable(Codec.loader());
        return rebuilt instanceof CancellationException ? new CompletionException(rebuilt) : rebuilt;
    }

    void limit(Future<?> clock) {
        limit = clock;
    }

    /** It is not with a worker any more: its time does not run. */
    void stopClock() {
        Future<?> clock = limit;
        if (clock != null) {
            limit = null;
            boolean unused = clock.cancel(false);
        }
    }

    /** What was submitted; null when that was more than this. */
    @Nullable
    Runnable task() {
        return null;
    }

    /** What error messages call it. */
    String label() {
        return name == null ? "task " + number : "task '" + name + "'";
    }

    /** Why it is being stopped, and what was seen of it. */
    static final class Stopping {
        final boolean timeout;
        volatile @Nullable String threadDump;

        Stopping(boolean timeout) {
            this.timeout = timeout;
        }

        /** What has become of the task then. */
        Throwable failureOf(Work work) {
            return timeout
                    ? new TaskTimeoutException(
                            work.label() + " has run for longer than " + work.timeout + " and was ended", threadDump)
                    : new TaskCancelledException(work.label() + " was cancelled while it ran", threadDump);
        }
    }
}
