package io.multijvm.function;

import java.io.Serializable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A {@link UnaryOperator} that can be sent to where it is to run; what it captures is copied. */
@FunctionalInterface
public interface SerializableUnaryOperator<T extends @Nullable Object> extends UnaryOperator<T>, Serializable {}
