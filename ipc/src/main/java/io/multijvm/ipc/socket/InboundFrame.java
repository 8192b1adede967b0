package io.multijvm.ipc.socket;

import io.multijvm.ipc.HeapExhaustedException;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.StreamBytes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The frame that is coming in over a stream: its header, and of its message as much as has come. Guarded by its socket. */
final class InboundFrame {
    private static final int FIRST = 64 * 1024;
    private static final byte[] NONE = {};

    private final byte[] header = new byte[StreamSocket.HEADER];
    private int headerSize;
    private byte[] body = NONE;
    private int size;
    private final byte[] waste = new byte[512];
    private @Nullable OutOfMemoryError lost; // there was no memory for this message: its bytes are thrown away
    private @Nullable IOException broken;

    boolean isEmpty() {
        return headerSize == 0;
    }

    /** The message, if all of it has come. */
    byte @Nullable [] take(Descriptor from, int most) throws IOException {
        if (!fill(from, most, Integer.MAX_VALUE)) {
            return null;
        }
        byte[] message = body;
        OutOfMemoryError failure = lost;
        long length = size;
        clear();
        if (failure != null) {
            throw new HeapExhaustedException("a message", length, failure);
        }
        return message;
    }

    /** Whether {@link #take} would have a message, or an end, to tell of. */
    boolean isNextWhole(Descriptor from) throws IOException {
        var next = new byte[StreamSocket.HEADER];
        while (true) {
            int there = broken == null ? StreamBytes.peek(from, next) : StreamBytes.END;
            if (there == StreamBytes.WOULD_BLOCK) {
                return false;
            }
            int lacking = StreamSocket.HEADER - headerSize;
            if (there == StreamBytes.END || (there >= lacking && there - lacking >= lengthWith(next) - size)) {
                return true;
            }
            fill(from, StreamSocket.MOST, there);
        }
    }

    private int lengthWith(byte[] next) {
        return ByteBuffer.allocate(2 * StreamSocket.HEADER)
                .put(header, 0, headerSize)
                .put(next)
                .getInt(0);
    }

    private void clear() {
        headerSize = 0;
        body = NONE;
        size = 0;
        lost = null;
    }

    /** Takes up to {@code budget} bytes of what is there; returns whether the message is complete. */
    private boolean fill(Descriptor from, int most, int budget) throws IOException {
        if (broken != null) {
            throw new IOException(broken.getMessage(), broken);
        }
        try {
            int left = fillHeader(from, budget);
            return headerSize == StreamSocket.HEADER && fillBody(from, most, left);
        } catch (EOFException | ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            broken = e;
            clear();
            StreamSocket.shutDown(from);
            throw e;
        }
    }

    private int fillHeader(Descriptor from, int budget) throws IOException {
        int left = budget;
        while (headerSize < StreamSocket.HEADER && left > 0) {
            int count = StreamBytes.receive(from, header, headerSize, Math.min(left, StreamSocket.HEADER - headerSize));
            if (count == StreamBytes.WOULD_BLOCK) {
                return 0;
            }
            if (count == StreamBytes.END) {
                throw headerSize == 0 ? new EOFException("the other end is closed") : half();
            }
            headerSize += count;
            left -= count;
        }
        return left;
    }

    private boolean fillBody(Descriptor from, int most, int budget) throws IOException {
        int length = ByteBuffer.wrap(header).getInt();
        if (length < 0 || length > most) {
            throw new IOException("malformed frame: a message of " + Integer.toUnsignedString(length)
                    + " bytes where at most " + most + " are taken");
        }
        int left = budget;
        while (size < length && left > 0) {
            if (size == body.length && lost == null) {
                grow(length);
            }
            int count = lost == null
                    ? StreamBytes.receive(from, body, size, Math.min(left, body.length - size))
                    : StreamBytes.receive(from, waste, 0, Math.min(waste.length, Math.min(left, length - size)));
            if (count == StreamBytes.WOULD_BLOCK) {
                return false;
            }
            if (count == StreamBytes.END) {
                throw half();
            }
            size += count;
            left -= count;
        }
        return size == length;
    }

    private void grow(int length) {
        try {
            body = Arrays.copyOf(body, (int) Math.min(length, Math.max(FIRST, 2L * size)));
        } catch (OutOfMemoryError e) {
            body = NONE;
            lost = e;
        }
    }

    private static IOException half() {
        return new IOException("the other end was closed, or killed, in the middle of a message");
    }
}
