package io.multijvm.ipc.os;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.multijvm.ipc.Deadline;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Waits for many descriptors at once ({@code epoll}). One thread waits; any thread adds and removes.
 *
 * @param <T> what stands for a descriptor in the answers
 */
public final class Poller<T> implements AutoCloseable {
    /* epoll_event is packed on x86_64 (events at 0, data at 4) and aligned elsewhere (data at 8). */
    private static final boolean PACKED = !"aarch64".equals(System.getProperty("os.arch"));
    private static final int EVENT_SIZE = PACKED ? 12 : 16;
    private static final int DATA = PACKED ? 4 : 8;
    private static final int BATCH = 64;

    private final int epoll;
    private final Wakeup wakeup;
    private final Memory events = LibC.memory((long) BATCH * EVENT_SIZE);
    private final Memory event = LibC.memory(EVENT_SIZE); // guarded by this; made once, as remove must not fail
    private final Map<Integer, T> attached = new HashMap<>(); // guarded by this, as is the next
    private boolean closed;

    public Poller() throws IOException {
        epoll = PosixException.check(LibC.epoll_create1(LibC.EPOLL_CLOEXEC), "epoll_create1");
        wakeup = Wakeup.fresh();
        control(LibC.EPOLL_CTL_ADD, wakeup.number());
    }

    /** From now on {@link #await} names {@code attachment} when {@code descriptor} is readable or at end-of-file. */
    public synchronized void add(Descriptor descriptor, T attachment) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        int number = descriptor.enter();
        boolean done = false;
        try {
            attached.put(number, attachment);
            control(LibC.EPOLL_CTL_ADD, number);
            done = true;
        } finally {
            if (!done) {
                attached.remove(number);
            }
            descriptor.leave();
        }
    }

    /**
     * Removes the descriptor and closes it; does nothing if it is closed, as its number may be that of another one by now.
     * Takes no memory.
     */
    public synchronized void close(Descriptor descriptor) {
        if (!descriptor.isClosed()) {
            remove(descriptor);
            descriptor.close();
        }
    }

    /** To be called before the descriptor is closed. Takes no memory. */
    public synchronized void remove(Descriptor descriptor) {
        if (!closed && attached.remove(descriptor.number()) != null) {
            LibC.epoll_ctl(epoll, LibC.EPOLL_CTL_DEL, descriptor.number(), event);
        }
    }

    /** Waits for readiness, the deadline or {@link #wakeUp}; returns what is ready, perhaps nothing. */
    public List<T> await(Deadline deadline) throws IOException {
        int ready = LibC.epoll_wait(epoll, events, BATCH, deadline.pollMillis());
        if (ready < 0 && Native.getLastError() != PosixException.EINTR) {
            throw PosixException.last("epoll_wait");
        }
        var answer = new ArrayList<T>(Math.max(0, ready));
        for (int i = 0; i < ready; i++) {
            int number = events.getInt((long) i * EVENT_SIZE + DATA);
            if (number == wakeup.number()) {
                wakeup.drain();
                continue;
            }
            synchronized (this) {
                T attachment = attached.get(number);
                if (attachment != null) {
                    answer.add(attachment);
                } else if (!closed) {
                    LibC.epoll_ctl(epoll, LibC.EPOLL_CTL_DEL, number, event); // removed since, or never added whole
                }
            }
        }
        return answer;
    }

    /** Ends the present or the next {@link #await}. */
    public synchronized void wakeUp() {
        if (!closed) {
            wakeup.signal();
        }
    }

    /** To be called by the waiting thread, or when there is none. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            LibC.close(epoll);
            wakeup.destroy();
        }
    }

    private void control(int operation, int number) throws IOException {
        event.setInt(0, LibC.EPOLLIN);
        event.setLong(DATA, number);
        PosixException.check(LibC.epoll_ctl(epoll, operation, number, event), "epoll_ctl");
    }
}
