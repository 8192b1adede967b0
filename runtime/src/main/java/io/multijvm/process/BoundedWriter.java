package io.multijvm.process;

import java.io.Writer;

/**
 * Keeps the first characters that are written and refuses more, so that printing ends which has no end of its own, such
 * as that of a chain of causes that makes a new one whenever it is asked.
 */
final class BoundedWriter extends Writer {
    private final int most;
    private final StringBuilder text = new StringBuilder();
    private boolean full;

    BoundedWriter(int most) {
        this.most = most;
    }

    @Override
    public void write(char[] characters, int offset, int count) {
        int room = Math.min(count, most - text.length());
        text.append(characters, offset, room);
        requireRoom(room == count);
    }

    @Override
    public void write(String string, int offset, int count) {
        int room = Math.min(count, most - text.length());
        text.append(string, offset, offset + room);
        requireRoom(room == count);
    }

    private void requireRoom(boolean isThere) {
        if (!isThere || full) {
            full = true;
            throw new FullException();
        }
    }

    /** Whether something was refused. */
    boolean isFull() {
        return full;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
        return full ? text + "\n... (the rest is cut off)" : text.toString();
    }

    /** Ends the printing; an {@code IOException} would only be noted by the {@link java.io.PrintWriter} between. */
    private static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FullException() {
            super("full", null, false, false);
        }
    }
}
