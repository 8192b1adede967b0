package io.multijvm.ipc.socket;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.ProcessControl;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proof, before anything else is read, that both sides of a connection know one key: each sends random bytes and gets
 * back their HMAC-SHA-256 (RFC 2104) under the key. Python: {@code deliver_challenge} and {@code answer_challenge}.
 *
 * <p>The side's name is part of what is authenticated, so that an answer cannot be had by sending the challenge back.
 */
public final class Handshake {
    static final int CHALLENGE = 32;
    private static final byte[] WELCOME = "WELCOME".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FAILURE = "FAILURE".getBytes(StandardCharsets.US_ASCII);

    static final String WRONG = "wrong key: the other side's answer to the challenge is not right";

    private Handshake() {}

    /** For the side that accepted the connection. */
    public static void accept(MessageChannel socket, byte[] key, Deadline deadline) throws IOException {
        deliverChallenge(socket, key, deadline, "client");
        answerChallenge(socket, key, deadline, "server");
    }

    /** For the side that made the connection. */
    public static void connect(MessageChannel socket, byte[] key, Deadline deadline) throws IOException {
        answerChallenge(socket, key, deadline, "client");
        deliverChallenge(socket, key, deadline, "server");
    }

    static void deliverChallenge(MessageChannel socket, byte[] key, Deadline deadline, String role) throws IOException {
        byte[] challenge = ProcessControl.randomBytes(CHALLENGE);
        socket.send(challenge);
        byte[] answer = receive(socket, deadline);
        boolean right = MessageDigest.isEqual(answer, digest(key, role, challenge));
        socket.send(right ? WELCOME : FAILURE);
        if (!right) {
            throw new AuthenticationException(WRONG);
        }
    }

    static void answerChallenge(MessageChannel socket, byte[] key, Deadline deadline, String role) throws IOException {
        byte[] challenge = receive(socket, deadline);
        if (challenge.length != CHALLENGE) {
            throw new AuthenticationException("no challenge of " + CHALLENGE + " bytes but " + challenge.length);
        }
        socket.send(digest(key, role, challenge));
        if (!Arrays.equals(receive(socket, deadline), WELCOME)) {
            throw new AuthenticationException("wrong key: the other side does not accept it");
        }
    }

    /** What the side that accepted a connection has to do about it, message by message, without ever waiting. */
    static final class Acceptance {
        private enum Step {
            ANSWER,
            CHALLENGE,
            VERDICT
        }

        private final MessageChannel socket;
        private final byte[] key;
        private final byte[] challenge = ProcessControl.randomBytes(CHALLENGE);
        private Step step = Step.ANSWER;

        /** Sends the challenge. */
        Acceptance(MessageChannel socket, byte[] key) throws IOException {
            this.socket = socket;
            this.key = key;
            say(challenge);
        }

        /**
         * Takes what has come; returns whether the handshake is done.
         *
         * @throws AuthenticationException for an answer that another key gives
         * @throws IOException for anything else that is no handshake
         */
        boolean advance() throws IOException {
            for (byte[] message = socket.receiveSmall(); message != null; message = socket.receiveSmall()) {
                if (take(message)) {
                    return true;
                }
            }
            return false;
        }

        private boolean take(byte[] message) throws IOException {
            switch (step) {
                case ANSWER -> {
                    requireSize(message);
                    if (!MessageDigest.isEqual(message, digest(key, "client", challenge))) {
                        say(FAILURE);
                        throw new AuthenticationException(WRONG);
                    }
                    say(WELCOME);
                    step = Step.CHALLENGE;
                }
                case CHALLENGE -> {
                    requireSize(message);
                    say(digest(key, "server", message));
                    step = Step.VERDICT;
                }
                case VERDICT -> {
                    if (!Arrays.equals(message, WELCOME)) {
                        throw new IOException("refused by the other side");
                    }
                    return true;
                }
            }
            return false;
        }

        private void say(byte[] message) throws IOException {
            if (!socket.trySend(message)) {
                throw new IOException("the other side does not read");
            }
        }

        private static void requireSize(byte[] message) throws IOException {
            if (message.length != CHALLENGE) {
                throw new IOException("no handshake: message of " + message.length + " bytes");
            }
        }
    }

    private static byte[] receive(MessageChannel socket, Deadline deadline) throws IOException {
        try {
            byte[] message = socket.receiveSmall();
            while (message == null) {
                if (!socket.descriptor().awaitReadable(deadline)) {
                    throw new AuthenticationException("the other side did not finish the handshake in time");
                }
                message = socket.receiveSmall();
            }
            return message;
        } catch (EOFException e) {
            throw new AuthenticationException("the other side closed the connection during the handshake");
        } catch (AuthenticationException | ClosedChannelException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            var failure =
                    new AuthenticationException("the other side does not follow the handshake: " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    private static byte[] digest(byte[] key, String role, byte[] challenge) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            // HMAC pads keys with zeros, and the JDK refuses none at all: an empty key is the key of one zero.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
            mac.update(role.getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(challenge);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
