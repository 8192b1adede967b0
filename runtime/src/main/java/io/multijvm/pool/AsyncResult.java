package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The result of a task, to come. Python: {@code AsyncResult} and {@code concurrent.futures.Future}.
 *
 * <p>{@link #get} throws {@link ExecutionException} with what the task has thrown as its cause, with the stack it had in the
 * worker; a {@link WorkerDiedException} when the task's worker has died, a {@link TaskTimeoutException} when its time was up.
 *
 * <p>What depends on it ({@code thenApply}, {@code whenComplete} …) runs in this process, on one thread for the whole pool, one
 * after the other in the order in which the results came; an action that takes long holds up other actions and no result.
 * So the result can be had while the turn of what depends on it has not come; {@code state()} and {@code resultNow()} of JDK 19 and
 * later go by the latter. Cancelling ends the task: see {@link #cancel}.
 */
public final class AsyncResult<R extends @Nullable Object> extends CompletableFuture<R> {
    private static final int FREE = 0;
    private static final int DEPENDED = 1;
    private static final int PASSED = 2;

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<AsyncResult> PASSING =
            AtomicIntegerFieldUpdater.newUpdater(AsyncResult.class, "passing");

    private final Workers workers;
    private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
    private final Parked waiting = new Parked();
    private @Nullable Cancelling cancelling; // set before it is anybody else's
    private @Nullable Actions<R> actions;
    private volatile boolean helped; // one who waits collects results himself
    private volatile int passing; // FREE -> DEPENDED (something depends on it), or -> PASSED (here, where nothing does)

    AsyncResult(Workers workers) {
        this.workers = workers;
    }

    /** How it ended: with a value or a failure. */
    private record Outcome(@Nullable Object value, @Nullable Throwable failure) {}

    /** What knows of the tasks behind it. */
    interface Cancelling {
        /** Has the tasks ended that have begun, if {@code running}, and forgets the others; returns whether it will end so. */
        boolean cancel(boolean running);

        /** Whether a worker has begun one, and it has not ended. */
        boolean isRunning();
    }

    /** What is called with the result before it is one. */
    record Actions<R extends @Nullable Object>(
            @Nullable Consumer<? super R> onSuccess,
            @Nullable Consumer<? super Throwable> onFailure) {}

    void cancelling(Cancelling behind) {
        cancelling = behind;
    }

    void actions(Actions<R> wanted) {
        actions = wanted;
    }

    // How it ends.

    /** Ends it, in the name of the task; returns false when it has ended before. */
    @SuppressWarnings({"unchecked", "NullAway"}) // R itself says whether it can be null
    boolean end(@Nullable Object value, @Nullable Throwable failure) {
        if (!outcome.compareAndSet(null, new Outcome(value, failure))) {
            return false;
        }
        Actions<R> before = actions;
        if (before != null) {
            workers.callbacks().run(() -> {
                try {
                    runAction(before, (R) value, failure);
                } finally {
                    pass(value, failure);
                    wake();
                }
            });
        } else if (getNumberOfDependents() == 0 && PASSING.compareAndSet(this, FREE, PASSED)) {
            pass(value, failure);
            wake();
        } else {
            wake();
            workers.callbacks().run(() -> pass(value, failure));
        }
        return true;
    }

    /** Called before something that depends on this is added: that is not to run on the thread that has brought the result. */
    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        if (!PASSING.compareAndSet(this, FREE, DEPENDED)) {
            while (passing == PASSED && !super.isDone()) {
                Thread.onSpinWait(); // it is a matter of a few instructions; then what depends on it runs here
            }
        }
        return super.newIncompleteFuture();
    }

    private static <R extends @Nullable Object> void runAction(
            Actions<R> actions, R value, @Nullable Throwable failure) {
        if (failure == null && actions.onSuccess != null) {
            actions.onSuccess.accept(value);
        } else if (failure != null && actions.onFailure != null) {
            actions.onFailure.accept(failure);
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // R itself says whether it can be null
    private void pass(@Nullable Object value, @Nullable Throwable failure) {
        if (failure == null) {
            super.complete((R) value);
        } else {
            super.completeExceptionally(failure);
        }
    }

    private void wake() {
        waiting.wake();
        if (helped) {
            workers.collector().look();
        }
    }

    @Override
    public boolean complete(R value) {
        boolean ended = end(value, null);
        if (ended) {
            abandon();
        }
        return ended;
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        boolean ended = end(null, Objects.requireNonNull(failure));
        if (ended) {
            abandon();
        }
        return ended;
    }

    private void abandon() {
        Cancelling behind = cancelling;
        if (behind != null) {
            behind.cancel(false);
        }
    }

    @Override
    public CompletableFuture<R> completeAsync(Supplier<? extends R> supplier, Executor executor) {
        executor.execute(() -> {
            try {
                complete(supplier.get());
            } catch (RuntimeException | Error e) {
                completeExceptionally(e);
            }
        });
        return this;
    }

    @Override
    public void obtrudeValue(R value) {
        outcome.set(new Outcome(value, null));
        super.obtrudeValue(value);
        wake();
    }

    @Override
    public void obtrudeException(Throwable failure) {
        outcome.set(new Outcome(null, failure));
        super.obtrudeException(failure);
        wake();
    }

    /**
     * Cancels the task. One that no worker has begun is forgotten. A running one is ended if {@code mayInterruptIfRunning}: its
     * thread is interrupted; if it goes on, after the pool's {@link PoolOptions#grace grace} its worker gets SIGTERM, and
     * after that again SIGKILL. The result is cancelled when the task has ended, so this returns before; no other
     * task is lost. Otherwise a running task goes on, and this returns false.
     *
     * @return whether it is cancelled, or will be unless it ends by itself before
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (isDone()) {
            return isCancelled();
        }
        Cancelling behind = cancelling;
        return behind == null ? end(null, new CancellationException()) : behind.cancel(mayInterruptIfRunning);
    }

    /** Whether a worker has begun it and it has not ended. Python: {@code running}. */
    public boolean running() {
        Cancelling behind = cancelling;
        return !isDone() && behind != null && behind.isRunning();
    }

    // What it is.

    private @Nullable Outcome known() {
        return actions == null || super.isDone() ? outcome.get() : null;
    }

    @Override
    public boolean isDone() {
        return known() != null || super.isDone();
    }

    @Override
    public boolean isCompletedExceptionally() {
        Outcome known = known();
        return known == null ? super.isCompletedExceptionally() : known.failure != null;
    }

    @Override
    public boolean isCancelled() {
        Outcome known = known();
        return known == null ? super.isCancelled() : known.failure instanceof CancellationException;
    }

    /** Whether it has ended. Python: {@code ready}. */
    public boolean ready() {
        return isDone();
    }

    /**
     * Whether the task has returned a value.
     *
     * @throws IllegalStateException when it has not ended
     */
    public boolean successful() {
        if (!isDone()) {
            throw new IllegalStateException("not ready: the task has not ended");
        }
        return !isCompletedExceptionally();
    }

    // Waiting for it.

    /** Waits until it has ended, however. Python: {@code wait}. */
    public void await() throws InterruptedException {
        await(Deadline.never());
    }

    /** As {@link #await()} up to {@code timeout}, null for ever, a negative one acting as zero; returns whether it has ended. */
    public boolean await(@Nullable Duration timeout) throws InterruptedException {
        return await(Deadline.after(timeout));
    }

    boolean await(Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        while (!isDone()) {
            if (deadline.isOver()) {
                return false;
            }
            helped = true;
            if (!workers.collector().help(this, deadline)) {
                waiting.await(this::isDone, deadline);
            }
        }
        return true;
    }

    /** How many threads wait for it, and collect no results meanwhile. */
    int waiting() {
        return waiting.count();
    }

    @Override
    public R get() throws InterruptedException, ExecutionException {
        await(Deadline.never());
        return result();
    }

    @Override
    public R get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        return get(Duration.ofNanos(unit.toNanos(timeout)));
    }

    /** As {@link #get(long, TimeUnit)}; null waits for ever, a negative timeout acts as zero. */
    public R get(@Nullable Duration timeout) throws InterruptedException, ExecutionException, TimeoutException {
        if (!await(Deadline.after(timeout))) {
            throw new TimeoutException("the task has not ended within " + timeout);
        }
        return result();
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // R itself says whether it can be null
    private R result() throws InterruptedException, ExecutionException {
        Outcome known = known();
        if (known == null) {
            return super.get();
        }
        if (known.failure == null) {
            return (R) known.value;
        }
        if (known.failure instanceof CancellationException cancelled) {
            throw cancelled;
        }
        throw new ExecutionException(causeOf(known.failure));
    }

    private static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    @Override
    public R join() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    await(Deadline.never());
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return joined();
    }

    @Override
    public R getNow(R valueIfAbsent) {
        return isDone() ? joined() : valueIfAbsent;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // R itself says whether it can be null
    private R joined() {
        Outcome known = known();
        if (known == null) {
            return super.join();
        }
        if (known.failure == null) {
            return (R) known.value;
        }
        if (known.failure instanceof CancellationException cancelled) {
            throw cancelled;
        }
        throw known.failure instanceof CompletionException completion
                ? completion
                : new CompletionException(known.failure);
    }

    /** What it is, and the class of the value or of the failure. */
    @Override
    public String toString() {
        return "AsyncResult[" + stateText() + "]";
    }

    private String stateText() {
        if (!isDone()) {
            return running() ? "running" : "pending";
        }
        if (isCancelled()) {
            return "cancelled";
        }
        try {
            R value = joined();
            return "returned " + (value == null ? "null" : value.getClass().getName());
        } catch (CompletionException e) {
            return "failed: " + causeOf(e).getClass().getName();
        }
    }
}
