package io.multijvm.ipc.codec;

import java.io.Serializable;

/**
 * An object that only stands for something: a lock, a queue, a connection. Its {@code writeReplace} returns a
 * {@link Passable}, and so it travels without Java's serialisation, whose first object costs a cold JVM 10 to 40 ms. Inside
 * of something that is serialised it travels as well. Met twice in one value, it arrives as one.
 */
public interface Handle extends Serializable {}
