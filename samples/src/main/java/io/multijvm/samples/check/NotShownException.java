package io.multijvm.samples.check;

/** A sample has not shown what it must. */
public final class NotShownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotShownException(String message) {
        super(message);
    }
}
