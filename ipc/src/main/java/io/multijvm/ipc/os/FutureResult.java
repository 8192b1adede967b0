package io.multijvm.ipc.os;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The result of a {@link CompletableFuture}, set without running the actions that depend on it.
 *
 * <p>The future's own methods do both on the calling thread. Here a thread sets the result, and leaves the actions to
 * another, which runs them with any call of {@code complete}.
 */
public final class FutureResult {
    private static final VarHandle RESULT;
    private static final VarHandle CAUSE;
    private static final Class<?> FAILED; // the JDK's form of a failure, and of null
    private static final Object NULL;

    static {
        MethodHandles.Lookup lookup = JdkInternals.trusted();
        try {
            RESULT = lookup.findVarHandle(CompletableFuture.class, "result", Object.class);
            NULL = Objects.requireNonNull(RESULT.get(CompletableFuture.completedFuture(null)));
            FAILED = NULL.getClass();
            CAUSE = lookup.findVarHandle(FAILED, "ex", Throwable.class);
        } catch (ReflectiveOperationException e) {
            throw JdkInternals.unavailable("CompletableFuture.result", e);
        }
    }

    private FutureResult() {}

    /** Completes {@code future} with {@code value}, or with {@code failure} unless that is null; returns false when it is completed already. */
    public static boolean set(CompletableFuture<?> future, @Nullable Object value, @Nullable Throwable failure) {
        Object form = value == null ? NULL : value;
        if (failure != null) {
            form = RESULT.get(CompletableFuture.failedFuture(failure));
        }
        return RESULT.compareAndSet(future, (Object) null, form);
    }

    /** The failure of a completed future as it was given; null when the future has a value or is not completed. */
    public static @Nullable Throwable failure(CompletableFuture<?> future) {
        Object form = RESULT.getVolatile(future);
        return FAILED.isInstance(form) ? (Throwable) CAUSE.get(form) : null;
    }

    /** The value of a future that is completed with one. */
    public static @Nullable Object value(CompletableFuture<?> future) {
        Object form = RESULT.getVolatile(future);
        return FAILED.isInstance(form) ? null : form;
    }
}
