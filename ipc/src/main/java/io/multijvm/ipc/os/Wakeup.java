package io.multijvm.ipc.os;

import com.sun.jna.Memory;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What ends a thread's {@code poll(2)} from outside: an {@code eventfd} polled beside what the thread waits for.
 * Pooled, because threads come and go and descriptors are dear.
 */
final class Wakeup {
    private static final ConcurrentLinkedQueue<Wakeup> POOL = new ConcurrentLinkedQueue<>();
    private static final int POOLED = 16;

    private final int fd;
    private final Memory counter = LibC.memory(8);
    private volatile boolean signalled;

    private Wakeup(int fd) {
        this.fd = fd;
        counter.setLong(0, 1);
    }

    static Wakeup take() throws IOException {
        Wakeup pooled = POOL.poll();
        return pooled == null ? fresh() : pooled;
    }

    /** One that is never pooled: its owner keeps it. */
    static Wakeup fresh() throws IOException {
        return new Wakeup(PosixException.check(LibC.eventfd(0, LibC.EFD_FLAGS), "eventfd"));
    }

    int number() {
        return fd;
    }

    /**
     * Makes the descriptor readable until {@link #drain}. That there is something to drain is said after it is there: a drain
     * beside this call may leave it to the next one, but none takes back what was said of a signal yet to come.
     */
    void signal() {
        LibC.write(fd, counter, 8);
        signalled = true;
    }

    void drain() {
        if (!signalled) {
            return;
        }
        signalled = false;
        try (var scratch = Scratch.take()) {
            LibC.read(fd, scratch.data(), 8);
        }
    }

    /** Gives it back; the caller must know that nobody can signal it any more. */
    void giveBack() {
        drain();
        if (POOL.size() < POOLED) {
            POOL.add(this);
        } else {
            destroy();
        }
    }

    void destroy() {
        LibC.close(fd);
    }
}
