package io.multijvm.pool;

import java.io.Serializable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What a worker is to do: a serialisable lambda or method reference. Captured variables are its arguments; they are copied. */
@FunctionalInterface
public interface Task<R extends @Nullable Object> extends Callable<R>, Serializable {}
