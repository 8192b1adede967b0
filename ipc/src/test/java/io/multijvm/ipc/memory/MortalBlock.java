package io.multijvm.ipc.memory;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A block as a process sees it that is killed between two of its stores, or in its sleep: what it wrote until then stays,
 * and nothing comes after.
 */
public final class MortalBlock extends Block {
    private int left = Integer.MAX_VALUE;
    private boolean before;
    private boolean asleep;

    private MortalBlock(MappedFile file, Ref ref) {
        super(file.chunks().get(0), ref, new AtomicBoolean(true));
    }

    /** A mapping of its own of {@code block}. */
    public static MortalBlock of(SharedHeap heap, Block block) throws IOException {
        return new MortalBlock(MappedFile.open(heap.directory().file(block.ref().file())), block.ref());
    }

    /** The end of a process; what it would have done on the way out is not done. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** From now on {@code stores} are done; death comes right after the last, before anything else. */
    public void dieAfter(int stores) {
        left = stores;
        if (stores == 0) {
            left = -1;
        }
    }

    /** From now on {@code stores} are done; death comes right before the next, after all that is done elsewhere in between. */
    public void dieBefore(int stores) {
        left = stores + 1;
        before = true;
    }

    /** Death comes when it next asks the kernel to sleep, or to wake others. */
    public void dieInKernel() {
        asleep = true;
    }

    private void aboutToStore() {
        if (left <= (before ? 1 : 0)) {
            left = -1;
            throw new Killed();
        }
    }

    private void stored() {
        if (left != Integer.MAX_VALUE && --left == 0) {
            throw new Killed();
        }
    }

    @Override
    public long address(int offset) {
        if (asleep || left <= 0) {
            left = -1;
            throw new Killed();
        }
        return super.address(offset);
    }

    @Override
    public void setInt(int offset, int value) {
        aboutToStore();
        super.setInt(offset, value);
        stored();
    }

    @Override
    public void setIntRelease(int offset, int value) {
        aboutToStore();
        super.setIntRelease(offset, value);
        stored();
    }

    @Override
    public void setIntVolatile(int offset, int value) {
        aboutToStore();
        super.setIntVolatile(offset, value);
        stored();
    }

    @Override
    public boolean compareAndSetInt(int offset, int expected, int value) {
        aboutToStore();
        boolean done = super.compareAndSetInt(offset, expected, value);
        if (done) {
            stored();
        }
        return done;
    }

    @Override
    public int getAndSetInt(int offset, int value) {
        aboutToStore();
        int before = super.getAndSetInt(offset, value);
        stored();
        return before;
    }

    @Override
    public int getAndAddInt(int offset, int delta) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setLong(int offset, long value) {
        aboutToStore();
        super.setLong(offset, value);
        stored();
    }

    @Override
    public void setLongRelease(int offset, long value) {
        aboutToStore();
        super.setLongRelease(offset, value);
        stored();
    }

    @Override
    public void setLongVolatile(int offset, long value) {
        aboutToStore();
        super.setLongVolatile(offset, value);
        stored();
    }

    @Override
    public boolean compareAndSetLong(int offset, long expected, long value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long getAndSetLong(int offset, long value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long getAndAddLong(int offset, long delta) {
        throw new UnsupportedOperationException();
    }
}
