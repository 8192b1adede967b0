package io.multijvm.pool;

import java.io.Serializable;

/** As {@link Task}, of something that returns nothing. */
@FunctionalInterface
public interface RunnableTask extends Runnable, Serializable {}
