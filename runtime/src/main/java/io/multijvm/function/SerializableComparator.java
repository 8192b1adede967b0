package io.multijvm.function;

import java.io.Serializable;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** A {@link Comparator} that can be sent to where it is to run; what it captures is copied. */
@FunctionalInterface
public interface SerializableComparator<T extends @Nullable Object> extends Comparator<T>, Serializable {}
