package io.multijvm.ipc;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The logger {@code io.multijvm} for threads that others depend on.
 *
 * <p>A logger runs code of the program: a handler may block, throw an {@link Error} or end the program, and so may the
 * exception that it prints. Messages are therefore passed to a daemon thread, in order. A message is dropped when
 * {@value #MOST} others wait or memory is short; a message says later how many were. No method of this class throws
 * anything.
 */
public final class EngineLog {
    private static final int MOST = 500;
    private static final EngineLog INSTANCE = new EngineLog();

    private final ArrayDeque<Entry> waiting = new ArrayDeque<>(); // guarded by this, as is all below
    private @Nullable Thread writer;
    private long dropped;

    private record Entry(
            Level level, String message, @Nullable Throwable thrown) {}

    private EngineLog() {}

    /** Loads what it takes to log, so that it is there when memory is short. */
    public static void prepare() {
        Object unused = new Entry(Level.INFO, "", null);
    }

    /** Logs a message; the logging thread formats it later. */
    public static void log(Level level, String message, @Nullable Throwable thrown) {
        INSTANCE.add(level, message, thrown);
    }

    /** Waits up to {@code timeout} until the messages so far are written; returns whether they are. */
    public static boolean flush(Deadline timeout) {
        return INSTANCE.awaitEmpty(timeout);
    }

    private synchronized void add(Level level, String message, @Nullable Throwable thrown) {
        try {
            if (waiting.size() < MOST) {
                waiting.add(new Entry(level, message, thrown));
            } else {
                dropped++;
            }
            ensureWriter();
        } catch (Throwable e) { // no memory, or no thread: what the caller does is more important
            dropped++;
        }
    }

    private void ensureWriter() {
        if (writer == null) {
            var thread = new Thread(this::write, "multijvm-log");
            thread.setDaemon(true);
            thread.start();
            writer = thread;
        }
    }

    private void write() {
        try {
            for (Entry next = next(); next != null; next = next()) {
                write(next);
            }
        } finally {
            ended();
        }
    }

    /** The next message; null when there is none, after which this thread writes no more. */
    private synchronized @Nullable Entry next() {
        Entry next = waiting.poll();
        if (next == null && dropped > 0) {
            next = new Entry(Level.WARNING, dropped + " messages of this logger are lost", null);
            dropped = 0;
        } else if (next == null) {
            writer = null;
            notifyAll();
        }
        return next;
    }

    /** After an error the next message starts another thread. */
    private synchronized void ended() {
        if (writer == Thread.currentThread()) {
            writer = null;
            notifyAll();
        }
    }

    private void write(Entry entry) {
        try {
            FaultPoint.reach("multijvm-log");
            System.getLogger("io.multijvm").log(entry.level, entry.message, entry.thrown);
        } catch (Throwable e) { // the handler's, or the code of the exception to be printed
            writeWithoutException(entry);
        }
    }

    private void writeWithoutException(Entry entry) {
        try {
            String unprinted =
                    entry.thrown == null ? "" : ": " + entry.thrown.getClass().getName();
            System.getLogger("io.multijvm").log(entry.level, entry.message + unprinted);
        } catch (Throwable e) {
            // the logger takes nothing: counting what it did not take would be one more message for it
        }
    }

    private synchronized boolean awaitEmpty(Deadline timeout) {
        try {
            while (writer != null && !timeout.isOver()) {
                TimeUnit.NANOSECONDS.timedWait(this, timeout.remainingNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return writer == null;
    }
}
