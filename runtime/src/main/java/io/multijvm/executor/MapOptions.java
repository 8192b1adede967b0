package io.multijvm.executor;

import io.multijvm.ipc.snapshot.ForkedByField;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How {@link ProcessPoolExecutor#map} goes about it; immutable, each method returns a changed copy. */
@ForkedByField
public final class MapOptions {
    private static final MapOptions DEFAULTS = new MapOptions(null, 1, 0);

    private final @Nullable Duration timeout;
    private final int chunkSize;
    private final int bufferSize;

    private MapOptions(@Nullable Duration timeout, int chunkSize, int bufferSize) {
        this.timeout = timeout;
        this.chunkSize = chunkSize;
        this.bufferSize = bufferSize;
    }

    /** One argument at a time, a window that suits, all the time there is. */
    public static MapOptions defaults() {
        return DEFAULTS;
    }

    /** Each result is to be there within {@code limit} of the call of {@code map}; null for no limit. */
    public MapOptions timeout(@Nullable Duration limit) {
        return new MapOptions(limit, chunkSize, bufferSize);
    }

    /** So many arguments are one task. */
    public MapOptions chunkSize(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("chunkSize: " + size + ", at least 1 expected");
        }
        return new MapOptions(timeout, size, bufferSize);
    }

    /** So many arguments at most are asked for before their results are. */
    public MapOptions bufferSize(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("bufferSize: " + size + ", at least 1 expected");
        }
        return new MapOptions(timeout, chunkSize, size);
    }

    @Nullable
    Duration timeout() {
        return timeout;
    }

    int chunkSize() {
        return chunkSize;
    }

    int bufferSize() {
        return bufferSize;
    }
}
