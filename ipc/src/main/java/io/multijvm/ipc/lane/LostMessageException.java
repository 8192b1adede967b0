package io.multijvm.ipc.lane;

import java.io.IOException;

/** The bytes of a message cannot be had: they are gone, or do not fit into this process's heap. The message is consumed. */
public final class LostMessageException extends IOException {
    private static final long serialVersionUID = 1;

    private final int kind;
    private final long number;
    private final long aux;

    LostMessageException(int kind, long number, long aux, IOException cause) {
        super(cause.getMessage(), cause);
        this.kind = kind;
        this.number = number;
        this.aux = aux;
    }

    /** The kind that its sender gave it. */
    public int kind() {
        return kind;
    }

    /** The number that its sender gave it. */
    public long number() {
        return number;
    }

    /** The second number that its sender gave it. */
    public long aux() {
        return aux;
    }
}
