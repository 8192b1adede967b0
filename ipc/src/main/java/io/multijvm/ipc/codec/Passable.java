package io.multijvm.ipc.codec;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What travels in the place of a {@link Handle}. A class of these has two ways to make the handle again, which do the same:
 * its {@code readResolve}, after serialisation, and otherwise a static method {@code Object arrived(Object[] parts)}, which
 * is given what {@link #parts} returned.
 *
 * <p>What these throw, an {@link java.io.IOException} or a {@link RuntimeException}, is how decoding fails. Parts may come
 * from anybody: any are possible, of any type.
 */
public interface Passable extends Serializable {
    /** What it takes to make the handle again: values of the common kinds, and other handles. */
    @Nullable
    Object[] parts();
}
