package io.multijvm.ipc.queue;

import java.io.IOException;

/** A walk over published items, from one to the next; under the lock of those who take. */
final class Cursor {
    private final Segments segments;
    private long sequence;
    private Segment segment;
    private int at = -1; // of the item, or -1 while that is to be found

    /** At item {@code sequence}, which begins at {@code from} if its segment is that of {@code base}. */
    Cursor(Segments segments, long sequence, long base, int from) throws IOException {
        this.segments = segments;
        this.sequence = sequence;
        this.segment = segments.of(sequence);
        if (segment.base == base) {
            at = segment.locate(from);
        } else {
            at = segment.locate(0);
            skip(sequence - segment.base);
        }
    }

    private void skip(long count) {
        for (long i = 0; i < count; i++) {
            at = segment.locate(segment.past(at));
        }
    }

    long sequence() {
        return sequence;
    }

    Segment segment() {
        return segment;
    }

    int at() {
        return at;
    }

    int state() {
        return segment.state(at);
    }

    void state(int state) {
        segment.state(at, state);
    }

    int owner() {
        return state() & Segment.OWNER;
    }

    /** Whether it is to be taken. */
    boolean isFree() {
        return owner() == Segment.FREE || owner() == Segment.CREDIT;
    }

    /** Whether some process has taken it, and not acknowledged it. */
    boolean isHeld() {
        return !isFree() && !isDone();
    }

    boolean isDone() {
        return owner() == Segment.DONE;
    }

    /** Where the next item is looked for, if it is in the same segment. */
    int past() {
        return segment.past(at);
    }

    Item.Place place() {
        return new Item.Place(sequence, segment.base, at);
    }

    /** Goes to the next item, which must be published. */
    void advance() throws IOException {
        int from = past();
        sequence++;
        Segment next = segments.of(sequence);
        at = next == segment || next.base == segment.base ? next.locate(from) : next.locate(0);
        segment = next;
    }
}
