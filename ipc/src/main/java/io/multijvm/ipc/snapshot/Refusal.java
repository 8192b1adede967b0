package io.multijvm.ipc.snapshot;

import java.io.Serial;

/** An object cannot be copied. Its message is the way to it, and why. */
final class Refusal extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Object culprit;

    Refusal(Object culprit, String reason) {
        super(reason, null, false, false);
        this.culprit = culprit;
    }

    /** The same with the way there in its message. */
    Refusal reachedBy(String path) {
        return new Refusal(culprit, path + " [" + getMessage() + "]");
    }

    Object culprit() {
        return culprit;
    }
}
