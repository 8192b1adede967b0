package io.multijvm.function;

import java.io.Serializable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A {@link Predicate} that can be sent to where it is to run; what it captures is copied. */
@FunctionalInterface
public interface SerializablePredicate<T extends @Nullable Object> extends Predicate<T>, Serializable {}
