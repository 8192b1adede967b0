package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.ExitingThreads;
import io.multijvm.ipc.FaultPoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A map under way: draws its arguments, submits them in chunks, and keeps the results until they are read.
 *
 * <p>Arguments are drawn by a thread for code of the program, as long as there is room: no more chunks are under way, or
 * ended and not read, than the window takes. Whoever reads results never draws, and so never waits for an argument but for
 * the one whose result is next. When no more results are going to be read, or the pool is shut down, the room is bounded by
 * the chunks under way alone, so that all calls are made.
 *
 * <pre>
 * OPEN -> RUNNING_OUT (all calls are made, whether results are read or not) -> EXHAUSTED (no more arguments) -> over
 *    \-------------------------------------------------------------------------^
 * </pre>
 */
final class ArgumentFeed {
    private static final int WORTH_A_THREAD = 4;

    private final Workers workers;
    private final Routine routine;
    private final Iterator<?> arguments; // one thread draws at a time
    private final Shape shape;
    private final boolean isFinite;

    // Guarded by this:
    private final ArrayDeque<Chunk> unread =
            new ArrayDeque<>(); // in order; or, if not ordered, those that have ended, as they did
    private final Set<Chunk> underWay = new LinkedHashSet<>();
    private boolean isDrawing; // a thread is at it, or is about to be
    private @Nullable Thread drawer; // it, while it is in code of the program
    private boolean isRunningOut;
    private boolean isDiscarding; // nobody will read results
    private boolean isExhausted;
    private boolean isOver;
    private boolean isReadFrom;
    private @Nullable Throwable failure; // after the last result

    /**
     * How the calls are made.
     *
     * @param chunkSize arguments in one task
     * @param spread whether each argument is an array of the parameters
     * @param ordered whether results come in the arguments' order
     * @param window chunks
     */
    record Shape(int chunkSize, boolean spread, boolean ordered, int window) {
        Shape {
            if (chunkSize < 1) {
                throw new IllegalArgumentException("chunk size: " + chunkSize + ", at least 1 expected");
            }
        }
    }

    private ArgumentFeed(Workers workers, Routine routine, Iterator<?> arguments, boolean isFinite, Shape shape) {
        this.workers = workers;
        this.routine = routine;
        this.arguments = arguments;
        this.isFinite = isFinite;
        this.shape = shape;
    }

    /** Starts a map. A collection's elements are taken now, those of any other {@code Iterable} as there is room. */
    static ArgumentFeed of(Workers workers, Object function, Iterable<?> arguments, Shape shape) {
        workers.requireOpen();
        Routine routine = Routine.of(function);
        boolean done = false;
        try {
            boolean isFinite = arguments instanceof Collection;
            Iterator<?> source = arguments instanceof Collection<?> all
                    ? Arrays.asList(all.toArray()).iterator()
                    : arguments.iterator();
            var feed = new ArgumentFeed(workers, routine, source, isFinite, shape);
            workers.open(feed);
            done = true;
            feed.drawSoon();
            return feed;
        } finally {
            if (!done) {
                routine.forget();
            }
        }
    }

    /** Some arguments, and in the end their results. */
    final class Chunk implements ChunkWork.Job {
        private final AsyncResult<Chunk> there = new AsyncResult<>(workers);
        private @Nullable ChunkWork work;
        private @Nullable Object[] results = new Object[0];
        private @Nullable Throwable @Nullable [] failures;

        @Override
        public void ended(ChunkWork chunk, @Nullable Object[] part, @Nullable Throwable @Nullable [] failed) {
            results = part;
            failures = failed;
            hasEnded(this);
        }

        /** How many calls it was. */
        int size() {
            return results.length;
        }

        @Nullable
        Object result(int index) {
            return results[index];
        }

        @Nullable
        Throwable failure(int index) {
            return failures == null ? null : failures[index];
        }
    }

    // Drawing.

    /** Has a thread draw when there is room for several chunks, so that it is not woken for each. */
    private synchronized void drawSoon() {
        if (!isDrawing && !isExhausted && room() >= Math.max(1, shape.window / WORTH_A_THREAD)) {
            isDrawing = true;
            workers.userCode().execute(this::draw);
        }
    }

    private int room() {
        int ofOrder = shape.ordered ? unread.size() : underWay.size() + unread.size();
        return shape.window - (isRunningOut ? underWay.size() : ofOrder);
    }

    private void draw() {
        while (goesOn()) {
            var items = new ArrayList<@Nullable Object>(shape.chunkSize);
            try {
                boolean isLast = collect(items);
                if (!items.isEmpty()) {
                    submit(items.toArray());
                }
                if (isLast) {
                    exhaust(null);
                }
            } catch (RuntimeException
                    | Error e) { // as in Python, a chunk that is not full when its arguments fail is not run
                exhaust(e);
            }
        }
    }

    private boolean goesOn() {
        synchronized (this) {
            if (!isExhausted && room() > 0) {
                return true;
            }
            isDrawing = false;
            notifyAll();
        }
        endIfOver();
        return false;
    }

    /** Draws one chunk's arguments; returns whether there are no more. */
    private boolean collect(List<@Nullable Object> items) {
        synchronized (this) {
            if (isExhausted) {
                return true;
            }
            drawer = Thread.currentThread();
        }
        try {
            FaultPoint.reach("pool.arguments");
            while (items.size() < shape.chunkSize && arguments.hasNext()) {
                items.add(arguments.next());
            }
            return items.size() < shape.chunkSize;
        } finally {
            synchronized (this) {
                drawer = null;
                boolean unused = Thread.interrupted();
                if (isExhausted) {
                    items.clear(); // closed meanwhile
                }
            }
        }
    }

    private void submit(@Nullable Object[] items) {
        var chunk = new Chunk();
        ChunkWork work = ChunkWork.of(routine, items, shape.spread, workers, chunk, 0);
        synchronized (this) {
            if (isExhausted) {
                work.call.forget();
                return;
            }
            chunk.work = work;
            underWay.add(chunk);
            if (shape.ordered && !isDiscarding) {
                unread.add(chunk);
            }
            notifyAll();
        }
        boolean submitted = false;
        try {
            workers.dispatcher().submitAccepted(work);
            submitted = true;
        } finally {
            if (!submitted) {
                work.call.forget();
                withdraw(chunk);
            }
        }
    }

    private void withdraw(Chunk chunk) {
        synchronized (this) {
            underWay.remove(chunk);
            unread.remove(chunk);
            notifyAll();
        }
        boolean unused = chunk.there.end(chunk, null); // whoever waits for it looks again
    }

    private void exhaust(@Nullable Throwable why) {
        synchronized (this) {
            if (!isExhausted) {
                isExhausted = true;
                failure = why;
            }
            if (drawer != null && drawer != Thread.currentThread()) {
                drawer.interrupt();
            }
            notifyAll();
        }
        endIfOver();
    }

    private void hasEnded(Chunk chunk) {
        synchronized (this) {
            underWay.remove(chunk);
            if (!shape.ordered && !isDiscarding) {
                unread.add(chunk);
            }
            notifyAll();
        }
        boolean unused = chunk.there.end(chunk, null);
        drawSoon();
        endIfOver();
    }

    private void endIfOver() {
        synchronized (this) {
            if (isOver || !isExhausted || isDrawing || !underWay.isEmpty()) {
                return;
            }
            isOver = true;
        }
        workers.ended(this, routine);
    }

    // Reading.

    /**
     * Waits for the next chunk that has ended; null when there are no more.
     *
     * @throws TimeoutException when there is none before {@code deadline}
     */
    @Nullable
    Chunk next(Deadline deadline) throws InterruptedException, TimeoutException {
        while (true) {
            if (!await(this::isKnown, deadline)) {
                throw new TimeoutException("the next result has not come in time");
            }
            Chunk chunk;
            synchronized (this) {
                chunk = unread.peek();
                if (chunk == null) {
                    return null;
                }
            }
            if (!shape.ordered || chunk.there.await(deadline)) {
                if (take(chunk)) {
                    return chunk;
                }
            } else {
                throw new TimeoutException("the next result has not come in time");
            }
        }
    }

    private boolean take(Chunk chunk) {
        boolean isThere;
        synchronized (this) {
            isThere = unread.remove(chunk);
        }
        drawSoon();
        return isThere;
    }

    /** Waits until it is known whether there is a further result; returns whether there is one, or the deadline was before. */
    boolean awaitFurther(Deadline deadline) throws InterruptedException {
        if (!await(this::isFurtherKnown, deadline)) {
            return true;
        }
        synchronized (this) {
            return !unread.isEmpty() || !underWay.isEmpty() || failure != null;
        }
    }

    private boolean await(BooleanSupplier isThere, Deadline deadline) throws InterruptedException {
        synchronized (this) {
            isReadFrom = true;
            if (isThere.getAsBoolean()) {
                return true;
            }
        }
        return Callbacks.whileWaiting(() -> {
            synchronized (this) {
                while (!isThere.getAsBoolean()) {
                    if (deadline.isOver()) {
                        return false;
                    }
                    wait(deadline.joinMillis());
                }
                return true;
            }
        });
    }

    private boolean isFurtherKnown() {
        return !underWay.isEmpty() || isKnown();
    }

    /** Whether there is a chunk to read, or none to come. */
    private boolean isKnown() {
        return !unread.isEmpty() || (isExhausted && !isDrawing && underWay.isEmpty());
    }

    /** Why there are no further results, if that is no matter of course; told once. */
    synchronized @Nullable Throwable takeFailure() {
        Throwable why = failure;
        failure = null;
        return why;
    }

    // The end.

    /** All calls are made from now on, whether results are read or not. */
    void runToTheEnd() {
        synchronized (this) {
            isRunningOut = true;
        }
        drawSoon();
    }

    /** Nobody can read results any more. As in Python, the calls are made if nobody has begun to, else no further ones. */
    void abandon() {
        boolean makesCalls;
        synchronized (this) {
            makesCalls = !isReadFrom;
            isDiscarding = true;
            unread.clear();
        }
        if (makesCalls) {
            runToTheEnd();
        } else {
            close();
        }
    }

    /** As {@link #end}, if some results were read and the arguments may be endless. */
    void endIfReadFrom(RuntimeException why) {
        boolean ends;
        synchronized (this) {
            ends = isReadFrom && !isFinite;
        }
        if (ends) {
            end(why);
        }
    }

    /** As {@link #end}, if the arguments' own code has called for the end of this JVM. */
    void endIfExiting() {
        Thread thread;
        synchronized (this) {
            thread = drawer;
        }
        if (thread != null && ExitingThreads.isExiting(thread)) {
            synchronized (this) {
                isExhausted = true;
                isDrawing = false; // it will not come back
            }
            endIfOver();
        }
    }

    /** Draws no more arguments; {@code why} is told after the results of those that were drawn. */
    void end(RuntimeException why) {
        exhaust(why);
    }

    /** Draws no more arguments, and cancels the calls that no worker has begun. */
    void close() {
        List<Chunk> chunks;
        synchronized (this) {
            isDiscarding = true;
            unread.clear();
            chunks = List.copyOf(underWay);
        }
        exhaust(null);
        for (Chunk chunk : chunks) {
            ChunkWork work = chunk.work;
            if (work != null) {
                boolean unused = workers.cancel(work, false);
            }
        }
    }
}
