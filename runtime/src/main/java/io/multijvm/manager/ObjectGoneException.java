package io.multijvm.manager;

/** A manager's server does not have the object any more that a proxy stands for. */
public final class ObjectGoneException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    ObjectGoneException(String message) {
        super(message);
    }
}
