package io.multijvm.pool;

import io.multijvm.ipc.lane.Lane;
import io.multijvm.ipc.lane.Ring;
import io.multijvm.process.JvmProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A worker, seen from its pool: its lane, and what it has been sent. What a worker has been sent and not begun can be had back
 * at any time, so a task behind a long one is not stuck.
 */
final class PoolWorker {
    /** So much work is sent ahead, judged by what it had lately. */
    private static final long AHEAD_NANOS = 1_000_000;

    private static final long QUICKEST_NANOS = 500;
    private static final int MOST_AHEAD = 512;
    private static final int PACE_SHARE = 8;

    /** STARTING -> READY -> LEAVING (was told to end) -> GONE; from anywhere to GONE. */
    enum State {
        STARTING,
        READY,
        LEAVING,
        GONE
    }

    final int number;
    final String name;
    final Lane lane;
    final long started = System.nanoTime();
    volatile @Nullable JvmProcess process; // null while it is being started
    volatile long pid; // 0 while it is being started
    volatile boolean exited; // the operating system says so
    final ByteArrayOutputStream logged = new ByteArrayOutputStream(0); // the beginning of a record; the collector's

    // The collector's: answers of one look at this worker that are not told yet.
    final ArrayDeque<Results.Answer> answers = new ArrayDeque<>();
    boolean areSettled; // the ledger knows of those
    long answeredNanos; // they took
    boolean isOutOfMemory; // one of them says so

    volatile boolean isIdle; // has no task and has searched the other workers for one; written under the pool's lock

    // Guarded by the pool's lock:
    State state = State.STARTING;
    boolean saidReady;
    boolean isCondemned;
    int load; // tasks it was given: on their way to it, or with it
    long given; // tasks it was ever given, less what it gave back
    long done;
    long working; // nanoseconds
    long ready; // when it was, by System.nanoTime
    long idleSince;

    @Nullable
    String reason; // why the pool wants it to end

    @Nullable
    Work stopping; // the one task it has, which is to end

    private volatile long pace; // nanoseconds a task of late; 0 before the first

    // Guarded by this:
    private final ArrayDeque<Work> sent = new ArrayDeque<>();
    private final Set<Long> routines = new HashSet<>();
    private boolean closed;

    PoolWorker(int number, String name, Lane lane) {
        this.number = number;
        this.name = name;
        this.lane = lane;
    }

    /** Its process has been started. */
    void process(JvmProcess running) {
        pid = running.pid();
        process = running;
    }

    /** What there is to be told of it, but for its memory. */
    PoolStats.WorkerStats stats(long now) {
        boolean isReady = ready != 0;
        return new PoolStats.WorkerStats(
                name,
                pid,
                done,
                Duration.ofNanos((isReady ? ready : now) - started),
                Duration.ofNanos(working),
                Duration.ofNanos(isReady ? Math.max(0, now - ready - working) : 0),
                0);
    }

    /** Whether it was not told to end, nor has ended. */
    boolean isStaying() {
        return state == State.STARTING || state == State.READY;
    }

    /** How many tasks it should have. */
    int depth() {
        long now = pace;
        return now == 0 ? 1 : (int) Math.max(1, Math.min(MOST_AHEAD, AHEAD_NANOS / Math.max(now, QUICKEST_NANOS)));
    }

    /** It took so long for a task. */
    void paced(long nanos) {
        long before = pace;
        pace = before == 0 ? Math.max(1, nanos) : Math.max(1, before + (nanos - before) / PACE_SHARE);
    }

    /**
     * Sends a task; returns false when it cannot have it now.
     *
     * @throws IOException when there is no space for what is large in it
     */
    synchronized boolean send(Work work) throws IOException {
        if (closed) {
            return false;
        }
        Routine routine = work.call.routine();
        Ring tasks = lane.tasks();
        if (!routine.isBuiltIn() && !routines.contains(routine.number())) {
            byte[] definition = routine.definition();
            if (tasks.send(Protocol.DEFINE, 0, routine.number(), definition, definition.length) == Ring.NO_ROOM) {
                return false;
            }
            routines.add(routine.number());
        }
        long position =
                tasks.send(work.kind, work.number, routine.number(), work.call.parameters(), work.call.length());
        if (position == Ring.NO_ROOM) {
            return false;
        }
        work.position = position;
        sent.addLast(work);
        return true;
    }

    /** Wakes it, after {@link #send}. */
    void signal() {
        lane.signalWork();
    }

    /** It will not be asked for this routine again. */
    synchronized void forget(Routine routine) {
        if (!closed && routines.remove(routine.number())) {
            // Without room for that, it remembers what is of no use; no more.
            try {
                long unused = lane.tasks().send(Protocol.FORGET, 0, routine.number(), new byte[0], 0);
            } catch (IOException e) {
                throw new AssertionError("nothing in it is large", e);
            }
        }
    }

    /** Tells it to end after what it has; returns false when there is no room to say so now. */
    synchronized boolean sendEnd() {
        if (closed) {
            return true;
        }
        try {
            boolean told = lane.tasks().send(Protocol.END, 0, 0, new byte[0], 0) != Ring.NO_ROOM;
            lane.signalWork();
            return told;
        } catch (IOException e) {
            throw new AssertionError("nothing in it is large", e);
        }
    }

    /** The task an answer is about, which is done with now; 0 for whichever is next. */
    synchronized Work answered(long task) {
        Work work = sent.peekFirst();
        if (work == null || (task != 0 && work.number != task)) {
            throw new IllegalStateException(
                    "answer to task " + task + " where " + (work == null ? "none" : work.number) + " was expected");
        }
        sent.removeFirst();
        return work;
    }

    /** Takes a task back; returns false when it has begun it, or has it not. */
    synchronized boolean takeBack(Work work) {
        if (closed || work.position < 0 || !lane.tasks().withdraw(work.position)) {
            return false;
        }
        return sent.remove(work);
    }

    /** Takes back up to {@code most} of the tasks it has not begun, the last ones; they come in order. */
    synchronized List<Work> takeBack(int most) {
        var back = new ArrayDeque<Work>();
        if (!closed) {
            for (Iterator<Work> each = sent.descendingIterator(); each.hasNext() && back.size() < most; ) {
                Work work = each.next();
                if (!lane.tasks().withdraw(work.position)) {
                    break;
                }
                each.remove();
                back.addFirst(work);
            }
        }
        return new ArrayList<>(back);
    }

    /** Whether it has begun {@code work}. */
    synchronized boolean hasBegun(Work work) {
        return !closed
                && work.position >= 0
                && sent.contains(work)
                && lane.tasks().hasBegun(work.position);
    }

    /** What a dead worker had, begun or not; it gets no more. */
    synchronized Left close() {
        closed = true;
        var begun = new ArrayList<Work>(1);
        var untouched = new ArrayList<Work>();
        for (Work work : sent) {
            (lane.tasks().hasBegun(work.position) ? begun : untouched).add(work);
        }
        sent.clear();
        return new Left(begun, untouched);
    }

    /** What a worker leaves behind. */
    record Left(List<Work> begun, List<Work> untouched) {}
}
