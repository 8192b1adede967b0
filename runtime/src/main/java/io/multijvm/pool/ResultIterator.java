package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Garbage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Results as they come, of arguments that are drawn as there is room: no more tasks are under way, or ended and not read,
 * than fit into a window of fixed size. So any number of arguments takes little memory.
 *
 * <p>The elements of a {@link java.util.Collection} are taken when the map is made; other arguments are drawn from their iterator by a
 * thread of the pool, which may wait there, for an earlier result, say. Reading never waits for more than the next result. A
 * pool that is shut down makes all calls that are left, and their results can be read then. Only {@link #close} and the
 * termination of the pool end a map early, and so does the closing of an executor ({@code close()}) for arguments from an
 * iterator, which may be endless, when some results were read: what was not drawn by then is a
 * {@link RejectedExecutionException} after the last result. An iterator that is garbage is closed if some results were read, else
 * all calls are made.
 *
 * <p>For one thread at a time. Python: {@code IMapIterator}.
 */
public final class ResultIterator<R extends @Nullable Object> implements Iterator<R>, AutoCloseable {
    private final ArgumentFeed feed;
    private final Deadline limit; // for all results
    private final ArrayDeque<Outcome> ready = new ArrayDeque<>();

    @SuppressWarnings("unused") // kept, no more
    private final Object owner;

    private boolean closed;

    /** One result, or the failure of one. */
    private record Outcome(@Nullable Object value, @Nullable Throwable failure) {}

    /**
     * The reader of a map.
     *
     * @param owner kept from being garbage as long as this is not
     * @param limit all results are to be there by then; afterwards there are none, and what has not begun is cancelled
     */
    ResultIterator(ArgumentFeed feed, Object owner, Deadline limit) {
        this.feed = feed;
        this.owner = owner;
        this.limit = limit;
        Garbage.whenCollected(this, feed::abandon);
    }

    /**
     * Whether there is a further result, or a failure of the arguments or the end of the time for all results to be told; waits
     * until that is known.
     */
    @Override
    public boolean hasNext() {
        if (!ready.isEmpty()) {
            return true;
        }
        if (closed) {
            return false;
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return feed.awaitFurther(limit);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
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
            ArgumentFeed.Chunk chunk = closed ? null : nextChunk(deadline);
            if (chunk == null) {
                close();
                throw noMore(feed.takeFailure());
            }
            for (int i = 0; i < chunk.size(); i++) {
                ready.add(new Outcome(chunk.result(i), chunk.failure(i)));
            }
        }
        Outcome outcome = ready.remove();
        if (outcome.failure instanceof CompletionException told) {
            throw told;
        }
        if (outcome.failure != null) {
            throw new CompletionException(outcome.failure);
        }
        return (R) outcome.value;
    }

    private ArgumentFeed.@Nullable Chunk nextChunk(Deadline deadline) throws InterruptedException, TimeoutException {
        try {
            return feed.next(limit.remainingNanos() < deadline.remainingNanos() ? limit : deadline);
        } catch (TimeoutException e) {
            if (limit.isOver()) {
                close();
            }
            throw e;
        }
    }

    private static RuntimeException noMore(@Nullable Throwable why) {
        if (why instanceof Error error) {
            throw error;
        }
        return why == null ? new NoSuchElementException() : (RuntimeException) why;
    }

    /** The results as a stream, which is sequential and closes this when it is closed. */
    public Stream<R> stream() {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED), false)
                .onClose(this::close);
    }

    /** Draws no more arguments, and cancels the calls that have not begun. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            feed.close();
        }
    }
}
