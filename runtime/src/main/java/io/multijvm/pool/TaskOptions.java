package io.multijvm.pool;

import io.multijvm.ipc.snapshot.ForkedByField;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How one task is run; immutable, each method returns a changed copy. What is not said is as in the pool's options. */
@ForkedByField
public final class TaskOptions {
    private static final TaskOptions DEFAULTS = new TaskOptions(null, 0, null, null);

    private final @Nullable Duration timeout;
    private final int priority;
    private final @Nullable Retry retry;
    private final @Nullable String name;

    private TaskOptions(@Nullable Duration timeout, int priority, @Nullable Retry retry, @Nullable String name) {
        this.timeout = timeout;
        this.priority = priority;
        this.retry = retry;
        this.name = name;
    }

    /** As the pool's options have it, of priority 0. */
    public static TaskOptions defaults() {
        return DEFAULTS;
    }

    /** How long it may run, waiting for a worker not counted; then it is ended with a {@link TaskTimeoutException}. */
    public TaskOptions timeout(Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("timeout: " + limit + ", more than zero expected");
        }
        return new TaskOptions(limit, priority, retry, name);
    }

    /** Waiting tasks of a higher priority are begun first, those of the same one in the order in which they came. */
    public TaskOptions priority(int wanted) {
        return new TaskOptions(timeout, wanted, retry, name);
    }

    /** What is done when it fails. */
    public TaskOptions retry(Retry wanted) {
        return new TaskOptions(timeout, priority, Objects.requireNonNull(wanted), name);
    }

    /** What error messages call it. */
    public TaskOptions name(String label) {
        return new TaskOptions(timeout, priority, retry, Objects.requireNonNull(label));
    }

    @Nullable
    Duration timeout() {
        return timeout;
    }

    int priority() {
        return priority;
    }

    @Nullable
    Retry retry() {
        return retry;
    }

    @Nullable
    String name() {
        return name;
    }
}
