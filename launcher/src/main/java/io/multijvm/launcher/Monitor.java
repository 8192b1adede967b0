package io.multijvm.launcher;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Poller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A daemon thread that calls back when one of many descriptors becomes readable. */
final class Monitor implements AutoCloseable {
    private final Poller<Runnable> poller;
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(); // guarded by itself
    private volatile boolean closed;

    private record Timer(Deadline due, Runnable action) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            return Long.compare(due.remainingNanos(), other.due.remainingNanos());
        }
    }

    private Monitor(Poller<Runnable> poller) {
        this.poller = poller;
    }

    static Monitor start(String threadName) {
        try {
            var monitor = new Monitor(new Poller<>());
            var thread = new Thread(monitor::loop, threadName);
            thread.setDaemon(true);
            thread.start();
            return monitor;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls {@code onReadable} on the monitor's thread as long as {@code descriptor} is readable or at its end. */
    void watch(Descriptor descriptor, Runnable onReadable) throws IOException {
        poller.add(descriptor, onReadable);
    }

    /** Calls {@code action} on the monitor's thread at {@code due}. */
    void at(Deadline due, Runnable action) {
        synchronized (timers) {
            timers.add(new Timer(due, action));
        }
        poller.wakeUp();
    }

    /** Ends the watching and closes the descriptor. */
    void close(Descriptor descriptor) {
        poller.remove(descriptor);
        descriptor.close();
    }

    @Override
    public void close() {
        closed = true;
        poller.wakeUp();
    }

    private void loop() {
        while (!closed) {
            try {
                for (Runnable ready : poller.await(nextTimer())) {
                    call(ready);
                }
                for (Timer due = dueTimer(); due != null; due = dueTimer()) {
                    call(due.action);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot watch child processes", e);
            }
        }
        poller.close();
    }

    private Deadline nextTimer() {
        synchronized (timers) {
            return timers.isEmpty() ? Deadline.never() : timers.peek().due;
        }
    }

    private @Nullable Timer dueTimer() {
        synchronized (timers) {
            return !timers.isEmpty() && timers.peek().due.isOver() ? timers.poll() : null;
        }
    }

    private static void call(Runnable ready) {
        try {
            ready.run();
        } catch (RuntimeException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.ERROR, "while watching child processes", e);
        }
    }
}
