package io.multijvm.pool;

import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The pool cannot go on: its workers cannot be started, or too many have died. Python: {@code BrokenProcessPool}. */
public final class BrokenProcessPoolException extends RejectedExecutionException {
    private static final long serialVersionUID = 1;

    BrokenProcessPoolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
