package io.multijvm.ipc.queue;

/**
 * What the processes that use a queue share beside its items; offsets in bytes, what is written together in one cache line.
 * Items are numbered in the order they were put, from 0 on.
 *
 * <pre>
 *    0  lock of those who put | put: how many items ever were (8) | first item of the segment written to (8)
 *       | generation of that segment, 0 for none (4) | not to be written to any more (4)
 *   64  lock of those who take | head: first item never taken (8) | gone: how many are no longer in the queue (8)
 *       | where the head is, if in the segment of base (8) | base (8) | removed from behind the head (4)
 *       | given back, to be taken again (4) | of this line and the next something may be half done (4)
 *  128  low: first item not finished (8) | where it is, if in the segment of base (8) | base (8) | how many are finished (8)
 *  192  event count: items          256  event count: space          320  event count: all finished
 *  384  what this is (8) | most items at once, 0 for any number (4) | whether items are acknowledged (4)
 * </pre>
 */
final class QueueLayout {
    static final int PUT_LOCK = 0;
    static final int PUT = 16;
    static final int TAIL_BASE = 24;
    static final int GENERATION = 32;
    static final int SEALED = 36;

    static final int TAKE_LOCK = 64;
    static final int HEAD = 80;
    static final int GONE = 88;
    static final int HEAD_AT = 96;
    static final int HEAD_BASE = 104;
    static final int AHEAD = 112;
    static final int AGAIN = 116;
    static final int HALF_DONE = 120;

    static final int LOW = 128;
    static final int LOW_AT = 136;
    static final int LOW_BASE = 144;
    static final int FINISHED = 152;

    static final int ITEMS = 192;
    static final int SPACE = 256;
    static final int ALL_DONE = 320;

    static final int MAGIC = 384;
    static final int MAXSIZE = 392;
    static final int JOINABLE = 396;
    static final int SIZE = 448;

    /** Of this layout and of the documents in the segments. */
    static final long VERSION_1 = 0x4d4a_564d_5155_0001L;

    private QueueLayout() {}
}
