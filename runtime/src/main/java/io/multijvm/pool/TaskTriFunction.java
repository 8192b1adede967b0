package io.multijvm.pool;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What workers are to do with each of many triples. */
@FunctionalInterface
public interface TaskTriFunction<
                A extends @Nullable Object,
                B extends @Nullable Object,
                C extends @Nullable Object,
                R extends @Nullable Object>
        extends Serializable {
    /** Called in a worker; what it throws is the failure of the one result. */
    R apply(A first, B second, C third) throws Exception;
}
