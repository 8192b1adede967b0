package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Results as they come, of arguments that are asked for as they are needed: no more tasks are under way, or ended and not
 * asked for, than fit into a window of fixed size. So any number of arguments takes little memory.
 *
 * <p>Whoever asks for results asks for the arguments, too: they are taken from their iterator on the thread that calls
 * {@link #next}. For one thread at a time. Python: {@code IMapIterator}.
 */
public final class ResultIterator<R extends @Nullable Object> implements Iterator<R>, AutoCloseable {
    private final Workers workers;
    private final Routine routine;
    private final Iterator<?> arguments;
    private final int chunkSize;
    private final boolean spread;
    private final boolean ordered;
    private final int window; // chunks
    private final ArrayDeque<Chunk> underWay = new ArrayDeque<>(); // in order
    private final ArrayDeque<Chunk> ended = new ArrayDeque<>(); // guarded by itself; as they came, if not ordered
    private final ArrayDeque<Outcome> ready = new ArrayDeque<>();

    @SuppressWarnings("unused") // kept, no more
    private @Nullable Object keeper;

    private @Nullable Deadline limit; // for all results, from the beginning
    private @Nullable RuntimeException argumentsFailed;
    private boolean exhausted;
    private boolean closed;

    /** One result, or the failure of one. */
    private record Outcome(@Nullable Object value, @Nullable Throwable failure) {}

    ResultIterator(
            Workers workers,
            Object function,
            Iterator<?> arguments,
            int chunkSize,
            boolean spread,
            boolean ordered,
            int window) {
        if (chunkSize < 1) {
            throw new IllegalArgumentException("chunk size: " + chunkSize + ", at least 1 expected");
        }
        workers.requireOpen();
        this.workers = workers;
        this.routine = Routine.of(function);
        this.arguments = arguments;
        this.chunkSize = chunkSize;
        this.spread = spread;
        this.ordered = ordered;
        this.window = window;
        fill();
    }

    /** Keeps {@code pool} from being garbage as long as this is not. */
    ResultIterator<R> of(Object pool) {
        keeper = pool;
        return this;
    }

    /** All results are to be there by then; afterwards there are none, and what has not begun is cancelled. */
    ResultIterator<R> within(@Nullable Duration timeout) {
        limit = timeout == null ? null : Deadline.after(timeout);
        return this;
    }

    /** A chunk under way, and in the end its results. */
    private final class Chunk implements ChunkWork.Job {
        final AsyncResult<Chunk> there = new AsyncResult<>(workers);

        @Nullable
        ChunkWork work;

        @Nullable
        Object[] results = new Object[0];

        @Nullable
        Throwable @Nullable [] failures;

        @Override
        public void ended(ChunkWork chunk, @Nullable Object[] part, @Nullable Throwable @Nullable [] failed) {
            results = part;
            failures = failed;
            if (!ordered) {
                synchronized (ended) {
                    ended.add(this);
                    ended.notifyAll();
                }
            }
            there.end(this, null);
        }
    }

    private void fill() {
        while (!exhausted && underWay.size() < window) {
            var items = new ArrayList<@Nullable Object>(chunkSize);
            try {
                while (items.size() < chunkSize && arguments.hasNext()) {
                    items.add(arguments.next());
                }
                exhausted = items.size() < chunkSize;
            } catch (RuntimeException e) {
                exhausted = true;
                argumentsFailed = e;
                items.clear(); // as in Python, a chunk that is not full when its arguments fail is not run
            }
            if (!items.isEmpty()) {
                submit(items.toArray());
            }
        }
    }

    private void submit(@Nullable Object[] items) {
        var chunk = new Chunk();
        try {
            chunk.work = ChunkWork.of(routine, items, spread, workers, chunk, 0);
            underWay.add(chunk);
            workers.dispatcher().submit(chunk.work, false);
        } catch (RuntimeException e) {
            underWay.remove(chunk);
            exhausted = true;
            argumentsFailed = e;
        }
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || (!closed && (!underWay.isEmpty() || argumentsFailed != null));
    }

    /**
     * The next result, waiting for it.
     *
     * @throws CompletionException when its task has failed; the cause says how. The results behind it can be had still
     * @throws NoSuchElementException when there are no more
     */
    @Override
    public R next() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return next(Deadline.never());
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    throw new CompletionException(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * As {@link #next()} up to {@code timeout}, null for ever, a negative one acting as zero.
     *
     * @throws TimeoutException when it has not come; it can be asked for again
     */
    public R next(@Nullable Duration timeout) throws InterruptedException, TimeoutException {
        return next(Deadline.after(timeout));
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // R itself says whether it can be null
    private R next(Deadline deadline) throws InterruptedException, TimeoutException {
        if (ready.isEmpty()) {
            fill();
            Chunk chunk = closed ? null : awaitChunk(deadline);
            if (chunk == null) {
                close();
                RuntimeException failure = argumentsFailed;
                argumentsFailed = null;
                throw failure == null ? new NoSuchElementException() : failure;
            }
            underWay.remove(chunk);
            for (int i = 0; i < chunk.results.length; i++) {
                ready.add(new Outcome(chunk.results[i], chunk.failures == null ? null : chunk.failures[i]));
            }
            fill();
            if (exhausted && underWay.isEmpty() && argumentsFailed == null) {
                close();
            }
        }
        Outcome outcome = ready.remove();
        if (outcome.failure != null) {
            throw new CompletionException(outcome.failure);
        }
        return (R) outcome.value;
    }

    private @Nullable Chunk awaitChunk(Deadline deadline) throws InterruptedException, TimeoutException {
        Deadline bound = limit != null && limit.remainingNanos() < deadline.remainingNanos() ? limit : deadline;
        Chunk first = underWay.peek();
        if (first == null) {
            return null;
        }
        if (ordered) {
            if (!first.there.await(bound)) {
                closeIfOver();
                throw new TimeoutException("the next result has not come in time");
            }
            return first;
        }
        synchronized (ended) {
            while (ended.isEmpty()) {
                if (bound.isOver()) {
                    closeIfOver();
                    throw new TimeoutException("no result has come in time");
                }
                ended.wait(bound.joinMillis());
            }
            return ended.remove();
        }
    }

    private void closeIfOver() {
        if (limit != null && limit.isOver()) {
            close();
        }
    }

    /** The results as a stream, which is sequential and closes this when it is closed. */
    public Stream<R> stream() {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED), false)
                .onClose(this::close);
    }

    /** Asks for no more arguments, and cancels what has not begun. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            exhausted = true;
            for (Chunk chunk : underWay) {
                if (chunk.work != null) {
                    boolean unused = workers.cancel(chunk.work, false);
                }
            }
            underWay.clear();
            workers.forget(routine);
        }
    }
}
