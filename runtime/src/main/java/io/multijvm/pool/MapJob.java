package io.multijvm.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A routine for each of a list of arguments, and the list of results. */
final class MapJob<R extends @Nullable Object> implements ChunkWork.Job, AsyncResult.Cancelling {
    /** Python's: so many chunks for each worker. */
    private static final int CHUNKS_PER_WORKER = 4;

    private final Workers workers;
    private final Routine routine;
    private final AsyncResult<List<R>> result;
    private final List<ChunkWork> chunks = new ArrayList<>();
    private final @Nullable Object[] results;
    private final int chunkSize;
    private int left; // guarded by this, as is all below
    private @Nullable Throwable failure; // of the first in order that failed
    private int failedAt = Integer.MAX_VALUE;

    private MapJob(Workers workers, Routine routine, int count, int chunkSize, AsyncResult<List<R>> result) {
        this.workers = workers;
        this.routine = routine;
        this.result = result;
        this.results = new @Nullable Object[count];
        this.chunkSize = chunkSize;
        this.left = (count + chunkSize - 1) / chunkSize;
        result.cancelling(this);
    }

    /** Submits them all; {@code chunkSize} 0 for one that suits. */
    static <R extends @Nullable Object> AsyncResult<List<R>> start(
            Workers workers,
            Object function,
            Iterable<?> arguments,
            int chunkSize,
            boolean spread,
            AsyncResult<List<R>> result,
            boolean helping) {
        if (chunkSize < 0) {
            throw new IllegalArgumentException(
                    "chunk size: " + chunkSize + ", at least 1 expected, or 0 for one that suits");
        }
        @Nullable Object[] items = toArray(arguments);
        workers.requireOpen();
        Routine routine = Routine.of(function);
        if (items.length == 0) {
            routine.forget();
            boolean unused = result.end(new ArrayList<R>(), null);
            return result;
        }
        int per = chunkSize == 0 ? suitable(items.length, workers.options().workers()) : chunkSize;
        var job = new MapJob<R>(workers, routine, items.length, per, result);
        job.encode(items, spread);
        job.submit(helping);
        return result;
    }

    private static @Nullable Object[] toArray(Iterable<?> arguments) {
        if (arguments instanceof Collection<?> collection) {
            return collection.toArray();
        }
        var all = new ArrayList<@Nullable Object>();
        arguments.forEach(all::add);
        return all.toArray();
    }

    private static int suitable(int count, int workers) {
        return Math.max(1, (count + CHUNKS_PER_WORKER * workers - 1) / (CHUNKS_PER_WORKER * workers));
    }

    private void encode(@Nullable Object[] items, boolean spread) {
        boolean done = false;
        try {
            for (int from = 0, index = 0; from < items.length; from += chunkSize, index++) {
                @Nullable Object[] chunk = Arrays.copyOfRange(items, from, Math.min(items.length, from + chunkSize));
                chunks.add(ChunkWork.of(routine, chunk, spread, workers, this, index));
            }
            done = true;
        } finally {
            if (!done) {
                chunks.forEach(chunk -> chunk.call.forget());
                routine.forget();
            }
        }
    }

    private void submit(boolean helping) {
        for (ChunkWork chunk : chunks) {
            try {
                workers.dispatcher().submit(chunk, helping);
            } catch (RuntimeException e) {
                chunk.failed(e); // the pool was closed or broken meanwhile
            }
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public void ended(ChunkWork chunk, @Nullable Object[] part, @Nullable Throwable @Nullable [] failures) {
        int from = chunk.index * chunkSize;
        System.arraycopy(part, 0, results, from, part.length);
        Throwable first;
        synchronized (this) {
            for (int i = 0; failures != null && i < failures.length; i++) {
                if (failures[i] != null && from + i < failedAt) {
                    failure = failures[i];
                    failedAt = from + i;
                }
            }
            left--;
            if (left > 0) {
                return;
            }
            first = failure;
        }
        workers.forget(routine);
        boolean unused = first == null
                ? result.end((List<R>) new ArrayList<>(Arrays.asList(results)), null)
                : result.end(null, first);
    }

    @Override
    public boolean cancel(boolean running) {
        boolean any = false;
        for (int i = chunks.size() - 1; i >= 0; i--) { // those that wait first: else one begins when another is stopped
            any |= workers.cancel(chunks.get(i), running);
        }
        return any;
    }

    @Override
    public boolean isRunning() {
        return chunks.stream().anyMatch(workers::isRunning);
    }
}
