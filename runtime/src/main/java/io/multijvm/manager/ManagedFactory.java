package io.multijvm.manager;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Makes objects of a program's own type, in the server of a manager. */
@FunctionalInterface
public interface ManagedFactory<T> extends Serializable {
    /** An object for the arguments that {@link Manager#create} was given; the same one again if it is to be shared. */
    T create(@Nullable Object[] arguments) throws Exception;
}
