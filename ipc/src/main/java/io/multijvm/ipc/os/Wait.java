package io.multijvm.ipc.os;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.multijvm.ipc.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Waiting for a descriptor, ended by readiness, deadline, close or interrupt; whichever it is, the descriptor and
 * its other waiters stay as they were.
 */
final class Wait {
    static final int POLLFD_SIZE = 8;

    private Wait() {}

    /** Whether {@code poll(2)} reports {@code events}, end-of-file or an error right now. */
    static boolean isReady(int fd, short events) throws PosixException {
        try (var scratch = Scratch.take()) {
            Pointer polled = scratch.head();
            describe(polled, 0, fd, events);
            return poll(polled, 1, 0) > 0;
        }
    }

    static boolean await(Descriptor descriptor, int fd, short events, Deadline deadline) throws IOException {
        Wakeup wakeup = Wakeup.take();
        var interrupt = new InterruptSignal(wakeup);
        boolean ready;
        try {
            descriptor.announce(wakeup);
            interrupt.arm();
            try {
                ready = Threads.isVirtual()
                        ? Substitute.pollUntil(fd, events, wakeup, deadline)
                        : pollUntil(fd, events, wakeup, deadline);
            } finally {
                interrupt.disarm();
            }
        } finally {
            try {
                descriptor.withdraw(wakeup);
            } finally {
                wakeup.giveBack();
            }
        }
        return ready;
    }

    private static boolean pollUntil(int fd, short events, Wakeup wakeup, Deadline deadline) throws PosixException {
        try (var scratch = Scratch.take()) {
            Pointer polled = scratch.head();
            do {
                describe(polled, 0, fd, events);
                describe(polled, POLLFD_SIZE, wakeup.number(), LibC.POLLIN);
                if (poll(polled, 2, deadline.pollMillis()) > 0) {
                    return polled.getShort(6) != 0;
                }
            } while (!deadline.isOver());
            return false;
        }
    }

    /** A platform thread that waits in the kernel in the place of a virtual one, whose carrier runs others meanwhile. */
    private static final class Substitute implements Runnable {
        private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "multijvm-wait");
            thread.setDaemon(true);
            return thread;
        });

        private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        private final int fd;
        private final short events;
        private final Wakeup wakeup;
        private final Deadline deadline;

        private Substitute(int fd, short events, Wakeup wakeup, Deadline deadline) {
            this.fd = fd;
            this.events = events;
            this.wakeup = wakeup;
            this.deadline = deadline;
        }

        static boolean pollUntil(int fd, short events, Wakeup wakeup, Deadline deadline) throws PosixException {
            var substitute = new Substitute(fd, events, wakeup, deadline);
            THREADS.execute(substitute);
            try {
                return substitute.outcome.join(); // an interrupt signals the wakeup, and so ends this too
            } catch (CompletionException e) {
                if (e.getCause() instanceof PosixException failure) {
                    throw failure;
                }
                throw e;
            }
        }

        @Override
        public void run() {
            try {
                outcome.complete(Wait.pollUntil(fd, events, wakeup, deadline));
            } catch (PosixException | RuntimeException | Error e) {
                outcome.completeExceptionally(e);
            }
        }
    }

    static int poll(Pointer polled, int count, int timeoutMillis) throws PosixException {
        int ready = LibC.poll(polled, count, timeoutMillis);
        if (ready < 0 && Native.getLastError() != PosixException.EINTR) {
            throw PosixException.last("poll");
        }
        return ready;
    }

    static void describe(Pointer polled, int offset, int fd, short events) {
        polled.setInt(offset, fd);
        polled.setShort(offset + 4L, events);
        polled.setShort(offset + 6L, (short) 0);
    }

    /**
     * Signals the wakeup when this thread is interrupted. {@link AbstractInterruptibleChannel} is the one public way
     * to hear of an interrupt while in native code; this channel has nothing to close.
     */
    static final class InterruptSignal extends AbstractInterruptibleChannel {
        private final Wakeup wakeup;

        InterruptSignal(Wakeup wakeup) {
            this.wakeup = wakeup;
        }

        void arm() {
            begin();
        }

        void disarm() throws InterruptedIOException {
            try {
                end(true);
            } catch (ClosedByInterruptException e) {
                var interrupted = new InterruptedIOException("interrupted while waiting");
                interrupted.initCause(e);
                throw interrupted;
            } catch (IOException e) {
                throw new AssertionError("nobody else closes this channel", e);
            }
        }

        @Override
        protected void implCloseChannel() {
            wakeup.signal();
        }
    }
}
