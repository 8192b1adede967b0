package io.multijvm.ipc.os;

import com.sun.jna.Memory;
import io.multijvm.ipc.Deadline;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waiting for the first of many descriptors, in one {@code poll(2)}. Ended from outside by {@link #wakeUp}, by an
 * interrupt, and by the close of a descriptor; the descriptors stay as they were.
 */
public final class WaitAny implements AutoCloseable {
    private final List<@Nullable Descriptor> descriptors = new ArrayList<>(); // null for numbers of somebody else's
    private final List<Integer> numbers = new ArrayList<>();
    private final Wakeup wakeup; // guarded by this, as is the next
    private boolean closed;

    public WaitAny() throws IOException {
        wakeup = Wakeup.take();
    }

    /** Adds a descriptor; its place in the answers is the number of those added before. */
    public void add(Descriptor descriptor) throws IOException {
        int number = descriptor.enter();
        try {
            descriptor.announce(wakeup);
        } catch (ClosedChannelException e) {
            descriptor.leave();
            throw e;
        }
        descriptors.add(descriptor);
        numbers.add(number);
    }

    /** Adds a channel of the JDK, whose close does not end the wait. */
    public void addChannel(Channel channel) {
        numbers.add(JdkInternals.number(JdkInternals.fileDescriptorOf(channel)));
        descriptors.add(null);
    }

    /** Which of them are readable or at their end now. */
    public boolean[] ready() throws IOException {
        int count = numbers.size();
        var ready = new boolean[count];
        try (Memory polled = describe()) {
            int found = Wait.poll(polled, count, 0);
            for (int i = 0; i < count && found > 0; i++) {
                ready[i] = polled.getShort((long) i * Wait.POLLFD_SIZE + 6) != 0;
            }
        }
        requireOpen();
        return ready;
    }

    /**
     * Waits until one of them is, until the deadline, or until woken.
     *
     * @throws ClosedChannelException when a descriptor is closed meanwhile
     * @throws java.io.InterruptedIOException when the thread is interrupted; its interrupt status stays set
     */
    public void await(Deadline deadline) throws IOException {
        int count = numbers.size();
        try (Memory polled = describe()) {
            var interrupt = new Wait.InterruptSignal(wakeup);
            interrupt.arm();
            try {
                pollUntil(polled, count + 1, deadline);
            } finally {
                interrupt.disarm();
            }
            if (polled.getShort((long) count * Wait.POLLFD_SIZE + 6) != 0) {
                wakeup.drain();
            }
        }
        requireOpen();
    }

    private static void pollUntil(Memory polled, int count, Deadline deadline) throws PosixException {
        int ready;
        do {
            ready = Wait.poll(polled, count, deadline.pollMillis());
        } while (ready <= 0 && !deadline.isOver());
    }

    /** All, and the wakeup at the end. */
    private Memory describe() {
        int count = numbers.size();
        Memory polled = LibC.memory((long) (count + 1) * Wait.POLLFD_SIZE);
        for (int i = 0; i < count; i++) {
            Wait.describe(polled, i * Wait.POLLFD_SIZE, numbers.get(i), LibC.POLLIN);
        }
        Wait.describe(polled, count * Wait.POLLFD_SIZE, wakeup.number(), LibC.POLLIN);
        return polled;
    }

    private void requireOpen() throws ClosedChannelException {
        for (Descriptor descriptor : descriptors) {
            if (descriptor != null && descriptor.isClosed()) {
                throw new ClosedChannelException();
            }
        }
    }

    /** Ends the present or the next {@link #await}. */
    public synchronized void wakeUp() {
        if (!closed) {
            wakeup.signal();
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Descriptor descriptor : descriptors) {
            if (descriptor != null) {
                withdraw(descriptor);
            }
        }
        wakeup.giveBack();
    }

    private void withdraw(Descriptor descriptor) {
        try {
            descriptor.withdraw(wakeup);
        } catch (ClosedChannelException e) {
            // closed, and withdrawn all the same; whoever waited has been told
        } finally {
            descriptor.leave();
        }
    }
}
