package io.multijvm.pool;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What workers are to do with each of many arguments. */
@FunctionalInterface
public interface TaskFunction<A extends @Nullable Object, R extends @Nullable Object> extends Serializable {
    /** Called in a worker; what it throws is the failure of the one result. */
    R apply(A argument) throws Exception;
}
