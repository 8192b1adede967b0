package io.multijvm.ipc.os;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Native memory for one system call at a time, borrowed from a pool because threads may be many and short-lived. */
final class Scratch implements AutoCloseable {
    /** How many bytes fit into {@link #data}. */
    static final int DATA_SIZE = 66 * 1024;

    private static final int HEAD_SIZE = 2 * 1024;
    private static final int POOLED = 16;
    private static final ConcurrentLinkedQueue<Scratch> POOL = new ConcurrentLinkedQueue<>();

    private final Memory head = LibC.memory(HEAD_SIZE);
    private final Memory data = LibC.memory(DATA_SIZE);

    private Scratch() {}

    static Scratch take() {
        Scratch pooled = POOL.poll();
        return pooled == null ? new Scratch() : pooled;
    }

    /** Room for a system call's structures. */
    Pointer head() {
        return head;
    }

    /** Room for a system call's bytes. */
    Pointer data() {
        return data;
    }

    @Override
    public void close() {
        try {
            if (POOL.size() < POOLED) {
                POOL.add(this);
            }
        } catch (OutOfMemoryError e) {
            // the call it served has been made, and its result counts; this one is garbage
        }
    }
}
