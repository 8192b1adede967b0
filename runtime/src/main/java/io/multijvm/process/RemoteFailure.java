package io.multijvm.process;

import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.NotSendableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * An exception of another process: always readable as text, and as the exception itself where both sides can do so.
 *
 * <p>An exception is code of the program, and any method of it may fail. None of those failures leaves this class: the
 * text says which method failed and how, and the exception itself is not sent then, as nobody could print it. The sizes
 * are bounded: {@value #MESSAGE} characters of the message, {@value #STACK} of the printed stack trace, which says if it
 * is cut, and {@value #ENCODED} bytes for the exception itself, which is not sent if it takes more.
 *
 * @param type class name
 * @param message its message
 * @param stack its stack trace as printed
 * @param encoded the exception, or nothing
 */
public record RemoteFailure(String type, String message, String stack, byte[] encoded) {
    private static final int MESSAGE = 64 * 1024;
    private static final int STACK = 256 * 1024;
    private static final int ENCODED = 4 << 20;
    private static final int MOST_CAUSES = 1000;
    private static final byte[] NOTHING = {};

    /** Returns a description of {@code thrown}. Throws nothing but {@link OutOfMemoryError}, if there is no memory for the type. */
    public static RemoteFailure of(Throwable thrown) {
        try {
            return new Account(thrown).failure();
        } catch (Throwable e) { // out of memory, most likely
            return named(thrown);
        }
    }

    /** Its type alone, for want of memory. */
    public static RemoteFailure named(Throwable thrown) {
        String type = thrown.getClass().getName();
        return new RemoteFailure(type, "", type, NOTHING);
    }

    /** Asks an exception for all that it can tell, one thing after another. */
    private static final class Account {
        private final Throwable thrown;
        private final String type;
        private final StringBuilder failures = new StringBuilder();
        private boolean messageIsCut;
        private boolean isFit = true; // all of its methods work

        Account(Throwable thrown) {
            this.thrown = thrown;
            this.type = thrown.getClass().getName();
        }

        RemoteFailure failure() {
            String message = message();
            String stack = stack(message);
            byte[] encoded = isFit ? encoded() : NOTHING;
            return new RemoteFailure(type, message, stack + failures, encoded);
        }

        private String message() {
            String message = "it does not say what it is";
            try {
                FaultPoint.reach("exception");
                String text = String.valueOf(thrown.getMessage());
                messageIsCut = text.length() > MESSAGE;
                message = cut(text, MESSAGE);
                requireUsable(thrown);
            } catch (Throwable e) {
                failed("its text", e);
            }
            return message;
        }

        private String stack(String message) {
            var out = new BoundedWriter(STACK);
            try {
                thrown.printStackTrace(new PrintWriter(out, true));
                return out.toString();
            } catch (Throwable e) {
                if (out.isFull() && !messageIsCut) {
                    return out.toString();
                }
                if (!out.isFull()) {
                    failed("its stack trace", e);
                }
                return type + ": " + message + frames();
            }
        }

        private String frames() {
            var out = new BoundedWriter(STACK);
            try {
                for (StackTraceElement frame : thrown.getStackTrace()) {
                    out.write("\n\tat " + frame);
                }
            } catch (Throwable e) {
                if (!out.isFull()) {
                    failed("its stack trace, element by element", e);
                }
            }
            return out.toString();
        }

        private byte[] encoded() {
            try (Encoded encoded = Codec.encode(thrown)) {
                if (encoded.bytes().length <= ENCODED) {
                    return encoded.bytes();
                }
                failures.append("\n(it takes ")
                        .append(encoded.bytes().length)
                        .append(" bytes and is not sent itself; the limit is ")
                        .append(ENCODED)
                        .append(')');
            } catch (NotSendableException e) {
                failures.append("\n(it is not sent itself: ")
                        .append(describe(e))
                        .append(')');
            } catch (Throwable e) {
                failed("itself, to be sent,", e);
            }
            return NOTHING;
        }

        private void failed(String what, Throwable failure) {
            isFit = false;
            failures.append("\n(").append(what).append(" cannot be had: ").append(describe(failure));
            failures.append(')');
        }
    }

    /** The type and message of an exception, if they can be had. */
    private static String describe(Throwable thrown) {
        String type = thrown.getClass().getName();
        try {
            return type + ": " + cut(String.valueOf(thrown.getMessage()), MESSAGE);
        } catch (Throwable e) {
            return type;
        }
    }

    /**
     * Throws what the methods throw that the JDK calls when it makes an exception the cause of another, or prints it.
     *
     * @throws IllegalStateException if it has causes without end, so that its stack trace could not be printed
     */
    private static void requireUsable(Throwable thrown) {
        String unusedText = thrown.toString();
        String unusedMessage = thrown.getLocalizedMessage();
        Set<Throwable> causes = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable cause = thrown.getCause(); cause != null && causes.add(cause); cause = cause.getCause()) {
            if (causes.size() > MOST_CAUSES) {
                throw new IllegalStateException("more than " + MOST_CAUSES + " causes");
            }
        }
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "... (" + text.length() + " characters in all)";
    }

    /** As bytes, for {@link #of(byte[])}. */
    public byte[] toBytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            for (String text : List.of(type, message, stack)) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                out.writeInt(utf8.length);
                out.write(utf8);
            }
            out.write(encoded);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** Reads the bytes that {@link #toBytes} has made; other bytes give a failure that says so. */
    public static RemoteFailure of(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new RemoteFailure(text(in), text(in), text(in), in.readAllBytes());
        } catch (IOException | IllegalArgumentException e) {
            String lost = "what it has thrown is lost: this process had no memory for it, or it is not readable";
            return new RemoteFailure("unknown", lost, lost, NOTHING);
        }
    }

    private static String text(DataInputStream in) throws IOException {
        int size = in.readInt();
        byte[] utf8 = in.readNBytes(Math.min(size, in.available()));
        if (utf8.length < size) {
            throw new IOException("cut off");
        }
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /**
     * The exception, with the stack it had there; a {@link RemoteException} where it cannot be rebuilt here, or where its
     * {@code toString} fails.
     */
    public Throwable toThrowable(ClassLoader loader) {
        if (encoded.length > 0) {
            try {
                if (Codec.decode(encoded, List.of(), loader) instanceof Throwable rebuilt) {
                    requireUsable(rebuilt);
                    return rebuilt;
                }
            } catch (Throwable e) { // its own code runs
                return standIn(e);
            }
        }
        return new RemoteException(this, null);
    }

    private RemoteException standIn(Throwable rebuilding) {
        try {
            requireUsable(rebuilding);
            return new RemoteException(this, rebuilding);
        } catch (Throwable e) {
            return new RemoteException(this, null);
        }
    }
}
