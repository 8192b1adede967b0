package io.multijvm.launcher;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.ExitingThreads;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Poller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A daemon thread that calls back when one of many descriptors becomes readable, or at a point in time.
 *
 * <p>Nothing that is thrown ends the thread. A callback that throws is called again, after the thread has paused for 1 ms
 * at first and 100 ms at most, so that memory may become free: a callback takes nothing from the system that an error
 * could lose, and repeats no step that is done. After {@value #TRIES} failures in a row for other reasons than a lack of
 * memory it is given up; a descriptor's is called when the descriptor is next found readable.
 */
final class Monitor implements AutoCloseable {
    /** The attempts after which a callback that fails, and not for want of memory, will not succeed. */
    static final int TRIES = 10;

    private static final Deadline NOW = Deadline.after(Duration.ZERO);
    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final String name;
    private final Poller<Callback> poller;
    private final PriorityQueue<Callback> timers = new PriorityQueue<>(); // guarded by itself, as are the next two
    private int holders;
    private boolean closed;
    private volatile Thread thread;
    private @Nullable Callback failed; // the thread's own, as is the next; a list that takes no memory
    private long pause;

    /** An action, when it is to run, and how that went. */
    private static final class Callback implements Comparable<Callback> {
        final @Nullable Descriptor watched; // null for a timer
        final Deadline due;
        final Runnable action;
        int failures; // in a row; the monitor's thread only, as are the next two
        boolean isFailed; // and in the list of those to be called again

        @Nullable
        Callback next;

        Callback(@Nullable Descriptor watched, Deadline due, Runnable action) {
            this.watched = watched;
            this.due = due;
            this.action = action;
        }

        @Override
        public int compareTo(Callback other) {
            return Long.compare(due.remainingNanos(), other.due.remainingNanos());
        }
    }

    private Monitor(String name, Poller<Callback> poller) {
        this.name = name;
        this.poller = poller;
        this.thread = newThread();
    }

    static Monitor start(String threadName) {
        Poller<Callback> poller = null;
        boolean started = false;
        try {
            Survival.prepare();
            poller = new Poller<>();
            var monitor = new Monitor(threadName, poller);
            monitor.thread.start();
            started = true;
            return monitor;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (poller != null && !started) {
                poller.close();
            }
        }
    }

    private Thread newThread() {
        var made = new Thread(this::loop, name);
        made.setDaemon(true);
        return made;
    }

    /** Calls {@code onReadable} on the monitor's thread as long as {@code descriptor} is readable or at its end. */
    void watch(Descriptor descriptor, Runnable onReadable) throws IOException {
        poller.add(descriptor, new Callback(descriptor, Deadline.never(), onReadable));
    }

    /** Calls {@code action} on the monitor's thread at {@code due}. */
    void at(Deadline due, Runnable action) {
        synchronized (timers) {
            timers.add(new Callback(null, due, action));
        }
        poller.wakeUp();
    }

    /** Ends the watching and closes the descriptor; does nothing if it is closed. Takes no memory. */
    void close(Descriptor descriptor) {
        poller.close(descriptor);
    }

    /** Keeps the thread alive beyond {@link #close} until {@link #release}. */
    void hold() {
        synchronized (timers) {
            holders++;
        }
    }

    /** Ends a {@link #hold}. */
    void release() {
        synchronized (timers) {
            holders--;
        }
        poller.wakeUp();
    }

    /** Ends the thread, as soon as nobody holds it. */
    @Override
    public void close() {
        synchronized (timers) {
            closed = true;
        }
        poller.wakeUp();
    }

    /**
     * Has another thread go on if this monitor's will never return from a callback, as that has called {@link System#exit}.
     */
    void replaceExiting() {
        if (ExitingThreads.isExiting(thread)) {
            Thread next = newThread();
            next.start();
            thread = next;
        }
    }

    private void loop() {
        while (!isOver()) {
            try {
                turn();
            } catch (Throwable e) { // nobody else would watch
                survive(e);
            }
        }
        poller.close();
    }

    private void survive(Throwable failure) {
        try {
            complain(failure);
            pause();
        } catch (Throwable e) {
            // a class that could not be loaded, say: on all the same
        }
    }

    private boolean isOver() {
        synchronized (timers) {
            return closed && holders <= 0;
        }
    }

    private void turn() throws IOException {
        boolean unused = Thread.interrupted(); // by a callback: it means nothing here, but would end every wait
        FaultPoint.reach(name);
        boolean succeeded = true;
        List<Callback> readable = poller.await(failed == null ? nextTimer() : NOW);
        Callback again = failed;
        failed = null;
        for (Callback ready : readable) {
            succeeded &= call(ready);
        }
        while (again != null) {
            Callback following = again.next;
            again.isFailed = false;
            succeeded &= call(again);
            again = following;
        }
        for (Callback due = dueTimer(); due != null; due = dueTimer()) {
            succeeded &= call(due);
        }
        if (succeeded) {
            pause = 0;
        } else {
            pause();
        }
    }

    private Deadline nextTimer() {
        synchronized (timers) {
            return timers.isEmpty() ? Deadline.never() : timers.peek().due;
        }
    }

    private @Nullable Callback dueTimer() {
        synchronized (timers) {
            return !timers.isEmpty() && timers.peek().due.isOver() ? timers.poll() : null;
        }
    }

    private boolean call(Callback callback) {
        if (callback.watched != null && callback.watched.isClosed()) {
            return true;
        }
        try {
            callback.action.run();
            callback.failures = 0;
            return true;
        } catch (Throwable e) { // it hurts nobody but this callback
            callback.failures += e instanceof OutOfMemoryError ? 0 : 1;
            if (callback.failures < TRIES && !callback.isFailed) {
                callback.isFailed = true;
                callback.next = failed;
                failed = callback;
            }
            complain(e);
            return false;
        }
    }

    /** Once for a row of failures. */
    private void complain(Throwable failure) {
        if (pause == 0) {
            EngineLog.log(Level.ERROR, "while watching child processes", failure);
        }
    }

    private void pause() {
        pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, 2 * pause));
        long end = System.nanoTime() + pause;
        for (long left = pause; left > 0; left = end - System.nanoTime()) {
            boolean unused = Thread.interrupted();
            LockSupport.parkNanos(left);
        }
    }
}
