package io.multijvm.manager;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Where a call of another process has come from, and its answer goes. */
interface Origin {
    /** See {@link Call#waiting}. */
    <T extends @Nullable Object> T waiting(Callable<T> action) throws Exception;

    /** See {@link Call#interruptibly}. */
    <T extends @Nullable Object> T interruptibly(Callable<T> action) throws Exception;

    /** See {@link Call#isCallerGone}. */
    boolean isGone();
}
