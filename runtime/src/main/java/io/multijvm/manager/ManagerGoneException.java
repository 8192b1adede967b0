package io.multijvm.manager;

import org.jspecify.annotations.Nullable;

/** The server of a manager cannot be reached: it was shut down, or killed, or the way to it is interrupted. */
public final class ManagerGoneException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    ManagerGoneException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
