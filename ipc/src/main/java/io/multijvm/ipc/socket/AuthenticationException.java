package io.multijvm.ipc.socket;

import java.io.IOException;

/** The other side of a connection does not know the key, or does not follow the handshake. */
public final class AuthenticationException extends IOException {
    private static final long serialVersionUID = 1;

    AuthenticationException(String message) {
        super(message);
    }
}
