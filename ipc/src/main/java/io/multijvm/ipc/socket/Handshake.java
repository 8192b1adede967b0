package io.multijvm.ipc.socket;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.ProcessControl;
import java.io.EOFException;
import java.io.IOException;
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
    private static final int CHALLENGE = 32;
    private static final byte[] WELCOME = "WELCOME".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FAILURE = "FAILURE".getBytes(StandardCharsets.US_ASCII);

    private Handshake() {}

    /** For the side that accepted the connection. */
    public static void accept(MessageSocket socket, byte[] key, Deadline deadline) throws IOException {
        deliverChallenge(socket, key, deadline, "client");
        answerChallenge(socket, key, deadline, "server");
    }

    /** For the side that made the connection. */
    public static void connect(MessageSocket socket, byte[] key, Deadline deadline) throws IOException {
        answerChallenge(socket, key, deadline, "client");
        deliverChallenge(socket, key, deadline, "server");
    }

    static void deliverChallenge(MessageSocket socket, byte[] key, Deadline deadline, String role) throws IOException {
        byte[] challenge = ProcessControl.randomBytes(CHALLENGE);
        socket.send(challenge);
        byte[] answer = receive(socket, deadline);
        boolean right = MessageDigest.isEqual(answer, digest(key, role, challenge));
        socket.send(right ? WELCOME : FAILURE);
        if (!right) {
            throw new AuthenticationException("wrong key: the other side's answer to the challenge is not right");
        }
    }

    static void answerChallenge(MessageSocket socket, byte[] key, Deadline deadline, String role) throws IOException {
        byte[] challenge = receive(socket, deadline);
        if (challenge.length != CHALLENGE) {
            throw new AuthenticationException("no challenge of " + CHALLENGE + " bytes but " + challenge.length);
        }
        socket.send(digest(key, role, challenge));
        if (!Arrays.equals(receive(socket, deadline), WELCOME)) {
            throw new AuthenticationException("wrong key: the other side does not accept it");
        }
    }

    private static byte[] receive(MessageSocket socket, Deadline deadline) throws IOException {
        if (!socket.poll(deadline)) {
            throw new AuthenticationException("the other side did not finish the handshake in time");
        }
        try {
            MessageSocket.Message message = socket.receive();
            message.discard();
            return message.bytes();
        } catch (EOFException e) {
            throw new AuthenticationException("the other side closed the connection during the handshake");
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
