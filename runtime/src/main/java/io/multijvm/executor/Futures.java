package io.multijvm.executor;

import io.multijvm.ipc.Deadline;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waiting for several futures. A cancelled one is done, as everywhere in the JDK. Python: {@code wait}, {@code as_completed}. */
public final class Futures {
    private Futures() {}

    /** What {@link #await} waits for. */
    public enum ReturnWhen {
        /** All futures are done. */
        ALL_COMPLETED,
        /** One is. */
        FIRST_COMPLETED,
        /** One has failed or was cancelled, or all are done. */
        FIRST_EXCEPTION
    }

    /**
     * What {@link #await} has found.
     *
     * @param done the futures that are done
     * @param notDone the others
     */
    public record DoneAndNotDone<T extends @Nullable Object>(
            Set<CompletableFuture<? extends T>> done, Set<CompletableFuture<? extends T>> notDone) {}

    /** Waits up to {@code timeout}, null for ever, a negative one acting as zero; that the time is up is no exception. */
    @SuppressWarnings("CollectionUndefinedEquality") // the very same future
    public static <T extends @Nullable Object> DoneAndNotDone<T> await(
            Collection<? extends CompletableFuture<? extends T>> futures, @Nullable Duration timeout, ReturnWhen when)
            throws InterruptedException {
        Objects.requireNonNull(when);
        Deadline deadline = Deadline.after(timeout);
        var notDone = new LinkedHashSet<CompletableFuture<? extends T>>(futures);
        var done = new LinkedHashSet<CompletableFuture<? extends T>>();
        try (Arrivals<CompletableFuture<? extends T>> arrivals = arrivalsOf(notDone)) {
            while (!isOver(done, notDone, when)) {
                CompletableFuture<? extends T> next = arrivals.next(deadline);
                if (next == null) {
                    break;
                }
                notDone.remove(next);
                done.add(next);
            }
        }
        for (CompletableFuture<? extends T> each : Set.copyOf(notDone)) { // those that ended together
            if (each.isDone()) {
                notDone.remove(each);
                done.add(each);
            }
        }
        return new DoneAndNotDone<>(done, notDone);
    }

    private static boolean isOver(
            Set<? extends CompletableFuture<?>> done, Set<? extends CompletableFuture<?>> notDone, ReturnWhen when) {
        if (notDone.isEmpty()) {
            return true;
        }
        return switch (when) {
            case ALL_COMPLETED -> false;
            case FIRST_COMPLETED -> !done.isEmpty();
            case FIRST_EXCEPTION -> done.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
        };
    }

    private static <T extends @Nullable Object> Arrivals<CompletableFuture<? extends T>> arrivalsOf(
            Set<? extends CompletableFuture<? extends T>> futures) {
        var arrivals = new Arrivals<CompletableFuture<? extends T>>();
        futures.forEach(arrivals::add);
        return arrivals;
    }

    /**
     * The futures as they are done, each once, those that are done already first. {@code next} waits, and throws
     * {@link CompletionException} with a {@link TimeoutException} when they are not all done within {@code timeout} of this
     * call, null for ever.
     */
    public static <T extends @Nullable Object> Iterator<CompletableFuture<? extends T>> asCompleted(
            Collection<? extends CompletableFuture<? extends T>> futures, @Nullable Duration timeout) {
        var all = new LinkedHashSet<CompletableFuture<? extends T>>(futures);
        return new AsCompleted<>(arrivalsOf(all), all.size(), Deadline.after(timeout));
    }

    private static final class AsCompleted<T extends @Nullable Object>
            implements Iterator<CompletableFuture<? extends T>> {
        private final Arrivals<CompletableFuture<? extends T>> arrivals;
        private final Deadline deadline;
        private final int count;
        private int left;

        AsCompleted(Arrivals<CompletableFuture<? extends T>> arrivals, int count, Deadline deadline) {
            this.arrivals = arrivals;
            this.count = count;
            this.left = count;
            this.deadline = deadline;
        }

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        public CompletableFuture<? extends T> next() {
            if (left == 0) {
                throw new NoSuchElementException();
            }
            try {
                CompletableFuture<? extends T> next = arrivals.next(deadline);
                if (next == null) {
                    arrivals.close();
                    throw new CompletionException(
                            new TimeoutException(left + " (of " + count + ") futures unfinished"));
                }
                left--;
                return next;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException(e);
            }
        }
    }
}
