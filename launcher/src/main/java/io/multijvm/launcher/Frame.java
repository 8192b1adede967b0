package io.multijvm.launcher;

import java.nio.ByteBuffer;

/**
 * The frames of the control channel, a private stream socket between a parent and its child.
 *
 * <pre>
 *   0        4      5       6             8
 *   | length | kind | (pad) | descriptors | body …   then, for every 253 descriptors begun, one byte that carries them
 * </pre>
 *
 * <pre>
 * parent                                child JVM
 *   WARM (only to a spare)  ─────────▶  loads what a start will need
 *                           ◀─────────  READY  (a spare: for its start)
 *   START  run directory, payload ───▶  entry point decodes the payload
 *                           ◀─────────  RUNNING
 *                           ◀─────────  READY  handlers of signals are in place (at any time from here on)
 *                           ◀─────────  FAILED  uncaught exception        (if so)
 *                           ◀─────────  SIGNALLED n  by SIGTERM, SIGHUP   (if so; a JVM turns them into an exit)
 *                           ◀─────────  ENDED n  exit code to come        (unless it exits on the way)
 *                           ◀─────────  ENDING  its shutdown has begun
 *   EOF on the lifeline     ─────────▶  wakes the thread that reads here: a JVM's exit waits 300 ms for threads that
 *                                       are blocked in a system call
 *                           ◀── EOF ──  process gone
 * </pre>
 *
 * <p>A child's frames have bodies of at most {@value FrameReader#MOST} bytes; a longer one is no frame. The parent ends its direction when the start is sent. End-of-file on the lifeline tells the child that its parent is gone.
 */
enum Frame {
    WARM,
    START,
    READY,
    RUNNING,
    FAILED,
    SIGNALLED,
    ENDED,
    ENDING;

    static final int HEADER = 8;

    private static final Frame[] ALL = values();

    /** The header of a frame. */
    byte[] header(int length, int descriptors) {
        return ByteBuffer.allocate(HEADER)
                .putInt(length)
                .put((byte) ordinal())
                .put((byte) 0)
                .putShort((short) descriptors)
                .array();
    }

    static boolean isKind(ByteBuffer header) {
        return header.get(4) >= 0 && header.get(4) < ALL.length;
    }

    static Frame kindOf(ByteBuffer header) {
        return ALL[header.get(4)];
    }

    static int lengthOf(ByteBuffer header) {
        return header.getInt(0);
    }

    static int descriptorsOf(ByteBuffer header) {
        return header.getShort(6);
    }
}
