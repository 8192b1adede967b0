package io.multijvm.connection;

import java.io.IOException;

/** A message did not fit into the buffer given for it. Python: {@code multiprocessing.BufferTooShort}. */
public final class BufferTooShortException extends IOException {
    private static final long serialVersionUID = 1;

    private final byte[] message;

    BufferTooShortException(byte[] message, int room) {
        super("message of " + message.length + " bytes where there is room for " + room);
        this.message = message;
    }

    /** The whole message. */
    public byte[] message() {
        return message.clone();
    }
}
