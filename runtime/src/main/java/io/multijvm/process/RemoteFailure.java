package io.multijvm.process;

import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.NotSendableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What another process has thrown: always readable as text, and as the exception itself where both sides can do so.
 *
 * @param type class name
 * @param message its message
 * @param stack its stack trace as printed
 * @param encoded the exception, or nothing
 */
public record RemoteFailure(String type, String message, String stack, byte[] encoded) {
    /** What is to be told of {@code thrown}. */
    public static RemoteFailure of(Throwable thrown) {
        String type = thrown.getClass().getName();
        var text = new StringWriter();
        try {
            thrown.printStackTrace(new PrintWriter(text, true));
            return new RemoteFailure(type, String.valueOf(thrown.getMessage()), text.toString(), encode(thrown));
        } catch (RuntimeException | StackOverflowError e) { // out of its own getMessage, say
            text.getBuffer().setLength(0);
            text.append(type);
            for (StackTraceElement frame : thrown.getStackTrace()) {
                text.append("\n\tat ").append(frame.toString());
            }
            return new RemoteFailure(type, "it does not say what it is", text.toString(), new byte[0]);
        }
    }

    /** Its type alone, for want of memory. */
    public static RemoteFailure named(Throwable thrown) {
        String type = thrown.getClass().getName();
        return new RemoteFailure(type, "", type, new byte[0]);
    }

    private static byte[] encode(Throwable thrown) {
        try (Encoded encoded = Codec.encode(thrown)) {
            return encoded.bytes();
        } catch (NotSendableException e) {
            return new byte[0]; // the text says it all
        }
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

    /** What {@link #toBytes} has made. */
    public static RemoteFailure of(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new RemoteFailure(text(in), text(in), text(in), in.readAllBytes());
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    /** The exception, with the stack it had there; a {@link RemoteException} where it cannot be rebuilt here. */
    public Throwable toThrowable(ClassLoader loader) {
        if (encoded.length > 0) {
            try {
                if (Codec.decode(encoded, List.of(), loader) instanceof Throwable rebuilt) {
                    return rebuilt;
                }
            } catch (IOException | ClassNotFoundException | RuntimeException | Error e) { // its own code runs
                return new RemoteException(this, e);
            }
        }
        return new RemoteException(this, null);
    }
}
