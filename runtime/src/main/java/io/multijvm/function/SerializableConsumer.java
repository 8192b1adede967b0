package io.multijvm.function;

import java.io.Serializable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A {@link Consumer} that can be sent to where it is to run; what it captures is copied. */
@FunctionalInterface
public interface SerializableConsumer<T extends @Nullable Object> extends Consumer<T>, Serializable {}
