package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.os.FutureResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The result of a task, to come. Python: {@code AsyncResult} and {@code concurrent.futures.Future}.
 *
 * <p>{@link #get} throws {@link ExecutionException} with what the task has thrown as its cause, with the stack it had in the
 * worker; a {@link WorkerDiedException} when the task's worker has died, a {@link TaskTimeoutException} when its time was up.
 *
 * <p>Actions that depend on it ({@code thenApply}, {@code whenComplete} …) run in this process, as those of any {@link
 * CompletableFuture}: on the thread that adds them when the result is there already, else on threads of the pool for the
 * program's code, where an action may wait for other results, or take its time, without holding up anything. Callbacks given
 * to {@link Pool#applyAsync(Task, Consumer)} and its like run one after another, in the order in which the results come.
 * Cancelling ends the task: see {@link #cancel}.
 */
public final class AsyncResult<R extends @Nullable Object> extends CompletableFuture<R> {
    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<AsyncResult> CLAIMED =
            AtomicIntegerFieldUpdater.newUpdater(AsyncResult.class, "claimed");

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<AsyncResult> READERS =
            AtomicIntegerFieldUpdater.newUpdater(AsyncResult.class, "readers");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<AsyncResult, Runnable> ARRIVAL =
            AtomicReferenceFieldUpdater.newUpdater(AsyncResult.class, Runnable.class, "arrival");

    private final Workers workers;
    private final Parked waiting = new Parked();
    private @Nullable Cancelling cancelling; // set before it is anybody else's
    private @Nullable Actions<R> actions;

    @SuppressWarnings("UnusedVariable") // read through its updater
    private volatile int claimed; // 1 when it is to end one way, and its actions run

    private volatile @Nullable Runnable arrival; // rebuilds the result, which has come, with code of the program
    private volatile int readers; // threads that wait and will run the arrival themselves
    private volatile boolean helped; // a thread that waits collects results itself
    private volatile @Nullable List<Runnable> listeners; // of the library's own, guarded by waiting

    AsyncResult(Workers workers) {
        this.workers = workers;
    }

    /** The tasks behind a result. */
    interface Cancelling {
        /** Has the tasks ended that have begun, if {@code running}, and forgets the others; returns whether it will end so. */
        boolean cancel(boolean running);

        /** Whether a worker has begun one, and it has not ended. */
        boolean isRunning();
    }

    /** Callbacks, one of which runs before the result is there. */
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

    /**
     * Ends it; returns false when it has ended before. No code of the program runs on this thread.
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // R itself says whether it can be null
    boolean end(@Nullable Object value, @Nullable Throwable failure) {
        Actions<R> before = actions;
        if (before == null) {
            return settle(value, failure);
        }
        if (isDone() || !CLAIMED.compareAndSet(this, 0, 1)) {
            return false;
        }
        workers.callbacks().run(() -> {
            try {
                FaultPoint.reach("pool.callback");
                runAction(before, (R) value, failure);
            } finally {
                boolean unused = settle(value, failure);
            }
        });
        return true;
    }

    private static <R extends @Nullable Object> void runAction(
            Actions<R> actions, R value, @Nullable Throwable failure) {
        if (failure == null && actions.onSuccess != null) {
            actions.onSuccess.accept(value);
        } else if (failure != null && actions.onFailure != null) {
            actions.onFailure.accept(failure);
        }
    }

    private boolean settle(@Nullable Object value, @Nullable Throwable failure) {
        boolean isFirst = FutureResult.set(this, value, failure);
        if (isFirst) {
            settled();
        }
        return isFirst;
    }

    /** Tells all that wait. Whoever adds something that depends on this from now on runs it. */
    private void settled() {
        wake();
        if (listeners != null) {
            takeListeners().forEach(Runnable::run);
        }
        if (getNumberOfDependents() > 0) {
            workers.userCode().execute(this::runDependents);
        }
    }

    @SuppressWarnings("NullAway") // it is completed already
    private void runDependents() {
        try {
            FaultPoint.reach("pool.dependents");
        } finally {
            boolean unused = super.complete(null);
        }
    }

    private void wake() {
        waiting.wake();
        if (helped) {
            workers.collector().look();
        }
    }

    /** Has {@code rebuild}, which ends this with code of the program, run by a thread that waits for it, or else by one of the pool's. */
    void arrive(Runnable rebuild) {
        arrival = rebuild;
        if (readers > 0) {
            wake();
        } else {
            workers.userCode().execute(this::takeArrival);
        }
    }

    /** Rebuilds the result if it has come and nobody else does so; returns whether. */
    private boolean takeArrival() {
        Runnable rebuild = arrival == null ? null : ARRIVAL.getAndSet(this, null);
        if (rebuild == null) {
            return false;
        }
        rebuild.run();
        return true;
    }

    /** Has {@code listener}, which is quick and throws nothing, run when this has ended, by whichever thread; at once if it has. */
    void whenDone(Runnable listener) {
        synchronized (waiting) {
            List<Runnable> all = listeners == null ? new ArrayList<>(1) : listeners;
            all.add(listener);
            listeners = all;
        }
        if (isDone() && forget(listener)) {
            listener.run();
        }
    }

    /** Withdraws a listener; returns false when it has run or is about to. */
    boolean forget(Runnable listener) {
        synchronized (waiting) {
            List<Runnable> all = listeners;
            return all != null && all.remove(listener);
        }
    }

    private List<Runnable> takeListeners() {
        synchronized (waiting) {
            List<Runnable> all = listeners;
            listeners = null;
            return all == null ? List.of() : all;
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
        super.obtrudeValue(value);
        settled();
    }

    @Override
    public void obtrudeException(Throwable failure) {
        super.obtrudeException(failure);
        settled();
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
        return isDone() || Callbacks.whileWaiting(() -> awaitEnd(deadline));
    }

    private boolean awaitEnd(Deadline deadline) throws InterruptedException {
        if (deadline != Deadline.never()) { // how long the program's code takes to rebuild it is not known
            return awaitUntil(this::isDone, deadline);
        }
        READERS.incrementAndGet(this);
        try {
            while (!isDone()) {
                if (!takeArrival()) {
                    boolean unused = awaitUntil(() -> isDone() || arrival != null, deadline);
                }
            }
            return true;
        } finally {
            READERS.decrementAndGet(this);
            if (arrival != null) { // this thread was interrupted just now, and was relied upon
                workers.userCode().execute(this::takeArrival);
            }
        }
    }

    private boolean awaitUntil(BooleanSupplier isThere, Deadline deadline) throws InterruptedException {
        while (!isThere.getAsBoolean()) {
            if (deadline.isOver()) {
                return false;
            }
            helped = true;
            if (!workers.collector().help(isThere, deadline)) {
                waiting.await(isThere, deadline);
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
    private R result() throws ExecutionException {
        Throwable failure = FutureResult.failure(this);
        if (failure == null) {
            return (R) FutureResult.value(this);
        }
        if (failure instanceof CancellationException cancelled) {
            throw cancelled;
        }
        throw new ExecutionException(causeOf(failure));
    }

    static Throwable causeOf(Throwable failure) {
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
        Throwable failure = FutureResult.failure(this);
        if (failure == null) {
            return (R) FutureResult.value(this);
        }
        if (failure instanceof CancellationException cancelled) {
            throw cancelled;
        }
        throw failure instanceof CompletionException completion ? completion : new CompletionException(failure);
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
