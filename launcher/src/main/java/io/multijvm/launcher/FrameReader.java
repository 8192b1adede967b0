package io.multijvm.launcher;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the frames that a child sends, from the pieces in which they arrive.
 *
 * <p>A frame's size is checked before memory is taken for it: {@value #MOST} bytes at most. A body for which there is no
 * memory is read and dropped, and is empty then, so that the frames after it are found. A frame stays the current one
 * until {@link #next}, and nothing that is thrown on the way loses a byte.
 */
final class FrameReader {
    /** The largest body. */
    static final int MOST = 8 << 20;

    private static final int PIECE = 4096;
    private static final int UNREAD = -2;
    private static final byte[] EMPTY = {};

    private final byte[] piece = new byte[PIECE];
    private int from; // in the piece: bytes not taken yet
    private int to;
    private final byte[] header = new byte[Frame.HEADER];
    private int headerSize;
    private byte @Nullable [] body; // null while the header is incomplete
    private int bodySize; // taken of the body so far, kept or not

    /** Reads once, without waiting, if all is taken; returns whether there may be more, which is not so at end-of-file. */
    boolean read(Descriptor control) throws IOException {
        if (from < to) {
            return true;
        }
        try {
            int count = control.readNow(piece);
            if (count > 0) {
                from = 0;
                to = count;
            }
            return count >= 0 || count == UNREAD;
        } catch (PosixException e) {
            if (e.isPeerGone()) {
                return true; // told once, when the child has left bytes unread; its own are still to come
            }
            throw e;
        }
    }

    /**
     * The kind of the current frame, or null if more is to be read for it.
     *
     * @throws IOException if this is no frame, after which none will be found any more
     */
    @Nullable
    Frame current() throws IOException {
        if (body == null) {
            headerSize += take(header, headerSize, Frame.HEADER - headerSize);
            if (headerSize < Frame.HEADER) {
                return null;
            }
            body = room(Frame.lengthOf(fields()));
            bodySize = 0;
        }
        int left = Frame.lengthOf(fields()) - bodySize;
        bodySize += body.length == 0 ? skip(left) : take(body, bodySize, left);
        return bodySize < Frame.lengthOf(fields()) ? null : Frame.kindOf(fields());
    }

    /** The body of the current frame. */
    byte[] body() {
        return body == null ? EMPTY : body;
    }

    /** Goes on to the frame after the current one. */
    void next() {
        body = null;
        headerSize = 0;
    }

    private ByteBuffer fields() {
        return ByteBuffer.wrap(header);
    }

    private byte[] room(int length) throws IOException {
        if (length < 0 || length > MOST || !Frame.isKind(fields())) {
            throw new IOException("no frame: " + Arrays.toString(header));
        }
        try {
            return length == 0 ? EMPTY : new byte[length];
        } catch (OutOfMemoryError e) {
            return EMPTY;
        }
    }

    private int take(byte[] into, int offset, int most) {
        int count = Math.min(most, to - from);
        System.arraycopy(piece, from, into, offset, count);
        from += count;
        return count;
    }

    private int skip(int most) {
        int count = Math.min(most, to - from);
        from += count;
        return count;
    }
}
