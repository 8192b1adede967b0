package io.multijvm.ipc.sync;

import static io.multijvm.ipc.sync.RollLayout.CAPACITY;
import static io.multijvm.ipc.sync.RollLayout.ENTRIES;
import static io.multijvm.ipc.sync.RollLayout.NUMBER;
import static io.multijvm.ipc.sync.RollLayout.USED;

import io.multijvm.ipc.memory.Block;

/**
 * For each process that has something to do with a synchroniser, a number of 32 bits: permits held, threads waiting.
 * Guarded by a lock of its owner's.
 *
 * <p>An entry is written by one store, so whoever finds it after its writer was killed finds it whole. Entry 0 is free.
 */
final class Roll {
    /** More processes than one machine can run as JVMs, and the whole synchroniser stays within 2 KiB. */
    static final int MOST = 248;

    private final Domain domain;
    private final Block block;
    private final int offset;
    private int hint; // where this process's entry was last; racy on purpose

    Roll(Domain domain, Block block, int offset) {
        this.domain = domain;
        this.block = block;
        this.offset = offset;
    }

    /** How many bytes a roll of {@code capacity} processes takes. */
    static int size(int capacity) {
        return ENTRIES + Long.BYTES * capacity;
    }

    /** Makes room in fresh memory. */
    void format(int capacity) {
        block.setInt(offset + CAPACITY, capacity);
    }

    /** The number of this process; 0 when it has none. */
    int mine() {
        int at = find();
        return at < 0 ? 0 : (int) entry(at);
    }

    /** Sets the number of this process; 0 takes it off the roll. Returns false when the roll is full. */
    boolean mine(int number) {
        int at = find();
        if (at < 0) {
            if (number == 0) {
                return true;
            }
            at = freeEntry();
            if (at < 0) {
                return false;
            }
            hint = at;
        }
        entry(at, number == 0 ? 0 : ((long) domain.number() << Integer.SIZE) | (number & NUMBER));
        return true;
    }

    /** Adds to the number of this process. Returns false when it is not on the roll, and that is full. */
    boolean add(int delta) {
        int at = find();
        if (at < 0) {
            return mine(delta);
        }
        entry(at, entry(at) + delta);
        return true;
    }

    /**
     * Takes {@code count} from the number of this process; returns false, with nothing taken, when it is less. One that comes
     * to 0 stays on the roll, where it is found again at once, as long as nobody needs its place.
     */
    boolean take(int count) {
        int at = find();
        long entry = at < 0 ? 0 : entry(at);
        if ((int) entry < count) {
            return false;
        }
        entry(at, entry - count);
        return true;
    }

    /** The numbers of all processes together, or what is left of each when shifted to the right and masked. */
    int sum(int shift, int mask) {
        int used = used();
        int sum = 0;
        for (int i = 0; i < used; i++) {
            sum += ((int) entry(i) >>> shift) & mask;
        }
        return sum;
    }

    /** What {@link #replaceAll} asks. */
    interface Change {
        int of(int number);
    }

    /** Sets the number of every process; 0 takes it off the roll. */
    void replaceAll(Change change) {
        int used = used();
        for (int i = 0; i < used; i++) {
            long entry = entry(i);
            if (entry != 0) {
                int number = change.of((int) entry);
                entry(i, number == 0 ? 0 : (entry & ~NUMBER) | (number & NUMBER));
            }
        }
    }

    /** Takes dead processes off the roll; returns whether there were any. */
    boolean removeDead() {
        int used = used();
        boolean removed = false;
        for (int i = 0; i < used; i++) {
            long entry = entry(i);
            if (entry != 0 && !domain.isAlive((int) (entry >>> Integer.SIZE))) {
                entry(i, 0);
                removed = true;
            }
        }
        return removed;
    }

    private int find() {
        int me = domain.number();
        int guess = hint;
        if (guess < used() && (int) (entry(guess) >>> Integer.SIZE) == me) {
            return guess;
        }
        int used = used();
        for (int i = 0; i < used; i++) {
            if ((int) (entry(i) >>> Integer.SIZE) == me) {
                hint = i;
                return i;
            }
        }
        return -1;
    }

    private int freeEntry() {
        int used = used();
        for (int i = 0; i < used; i++) {
            if (entry(i) == 0) {
                return i;
            }
        }
        if (used < block.getInt(offset + CAPACITY)) {
            block.setIntRelease(offset + USED, used + 1);
            return used;
        }
        for (int i = 0; i < used; i++) {
            if ((int) entry(i) == 0) {
                return i;
            }
        }
        return -1;
    }

    private int used() {
        return block.getInt(offset + USED);
    }

    private long entry(int index) {
        return block.getLong(offset + ENTRIES + Long.BYTES * index);
    }

    private void entry(int index, long value) {
        block.setLongRelease(offset + ENTRIES + Long.BYTES * index, value);
    }
}
