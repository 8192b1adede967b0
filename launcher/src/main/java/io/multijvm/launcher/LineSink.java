package io.multijvm.launcher;

import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.FaultPoint;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts bytes into lines and passes them to a consumer one by one.
 *
 * <p>A line of more than {@value #MOST} bytes is passed on in pieces, cut between characters, which say so.
 */
final class LineSink extends OutputRelay.Sink {
    /** The most bytes of a line that are kept before they are passed on. */
    static final int MOST = 64 * 1024;

    static final String CONTINUES = " [line continues]";
    static final String CONTINUED = "[line continued] ";

    private static final int FIRST_ROOM = 256;

    private final String prefix;
    private final Consumer<String> consumer;
    private final Charset charset;
    private byte[] line = new byte[FIRST_ROOM];
    private int size;
    private boolean isWhole; // the line, and to be passed on
    private boolean isContinued; // a piece of the line was passed on
    private volatile boolean calling;

    LineSink(String prefix, Consumer<String> consumer, Charset charset) {
        this.prefix = prefix;
        this.consumer = consumer;
        this.charset = charset;
    }

    @Override
    void take() {
        while (true) {
            if (isWhole) {
                passLine();
            } else if (size == MOST) {
                passPiece();
            } else if (from == to) {
                return;
            } else {
                collect();
            }
        }
    }

    /** Adds bytes to the line, up to its end if that is there. */
    private void collect() {
        int end = from;
        int most = Math.min(to, from + MOST - size);
        while (end < most && bytes[end] != '\n') {
            end++;
        }
        int count = end - from;
        if (size + count > line.length) {
            line = Arrays.copyOf(line, Math.min(MOST, Math.max(2 * line.length, size + count)));
        }
        System.arraycopy(bytes, from, line, size, count);
        size += count;
        from = end;
        if (end < most) {
            from++;
            isWhole = true;
        }
    }

    @Override
    void finish() {
        take();
        if (size > 0) {
            passLine();
        }
    }

    private void passLine() {
        boolean carriageReturn = size > 0 && line[size - 1] == '\r';
        String text = new String(line, 0, carriageReturn ? size - 1 : size, charset);
        String whole = prefix + (isContinued ? CONTINUED : "") + text;
        isWhole = false;
        isContinued = false;
        size = 0;
        call(whole);
    }

    /** Leaves the bytes of a character that is not complete. */
    private void passPiece() {
        ByteBuffer in = ByteBuffer.wrap(line, 0, size);
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        CharBuffer out = CharBuffer.allocate((int) (size * (double) decoder.maxCharsPerByte()) + 1);
        decoder.decode(in, out, false);
        String piece = prefix + (isContinued ? CONTINUED : "") + out.flip() + CONTINUES;
        int left = in.remaining();
        System.arraycopy(line, in.position(), line, 0, left);
        isContinued = true;
        size = left;
        call(piece);
    }

    private void call(String text) {
        calling = true;
        try {
            FaultPoint.reach("line-consumer");
            consumer.accept(text);
        } catch (Throwable e) { // the program's code
            EngineLog.log(Level.ERROR, "the consumer of output threw", e);
        } finally {
            calling = false;
        }
    }

    @Override
    boolean isAbandoned() {
        return calling;
    }
}
