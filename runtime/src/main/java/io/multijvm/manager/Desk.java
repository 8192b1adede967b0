package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.EventCount;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where calls through hatches are served: by one thread, which goes from hatch to hatch, so that many clients cost no change
 * of threads in the server. When there is no call it looks for one for a moment, if that has paid lately, and sleeps on a futex.
 *
 * <p>Nobody waits for another's call. Who is about to wait lets the next thread have its turn before. Of one that takes
 * long without having said so - a function, a slow {@code equals}, a lock of the program's - another thread, which
 * looks at the one at work every millisecond, has the turn go on to the next.
 *
 * <p>Hatches in which no call has come for a while are closed, so that none is looked at in vain; after the last one the threads go.
 */
final class Desk {
    /** What clients have of it: the event count of calls; beside, how many hatches are open. */
    static final int BELL = 0;

    static final int OPEN = 64;
    private static final int SIZE = 128;
    private static final Duration STAY = Duration.ofMillis(100);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int IDLE_TICKS = 4;

    private final Domain domain;
    private final Executor threads;
    private final Runnable shutDown;
    private final Block block;
    private final EventCount calls;
    private final Lookout lookout = new Lookout();
    private final Watch watch = new Watch();
    private final ArrayDeque<Block> blocks = new ArrayDeque<>(); // of clients that are gone; guarded by this
    private volatile ServedHatch[] open = {}; // written under this, as are the next two
    private volatile @Nullable Turn turn;
    private boolean watched; // there is a thread that does; guarded by this, as is the next
    private boolean closed;

    Desk(Domain domain, Executor threads, Runnable shutDown) {
        this.domain = domain;
        this.threads = threads;
        this.shutDown = shutDown;
        this.block = domain.allocate(SIZE);
        this.calls = new EventCount(domain, block, BELL);
    }

    /** Whether {@code directory} is the run directory of this process, whose memory only processes of one program share. */
    boolean isIn(@Nullable Object directory) {
        return domain.directory().path().toString().equals(directory);
    }

    /** Where the client finds the bell, which it rings for each call, and the hatch; see {@link Line}. */
    Object addressOf(ServedHatch hatch) {
        Block.Ref to = block.ref();
        Block.Ref at = hatch.hatch().block().ref();
        return new Object[] {to.file(), to.offset(), to.size(), at.file(), at.offset(), at.size()};
    }

    /** A hatch for another client; to be {@link #giveBack given back} when that is gone. */
    synchronized Hatch newHatch() {
        Block used = blocks.poll();
        var hatch = new Hatch(domain, used == null ? domain.allocate(Hatch.SIZE) : used);
        hatch.reset();
        return hatch;
    }

    /** The client is gone, and its last call is served. */
    synchronized void giveBack(ServedHatch gone) {
        ignore(gone);
        blocks.add(gone.hatch().block());
    }

    /** Has the calls in {@code hatch} served, from now on until none has come for a while. */
    synchronized void open(ServedHatch hatch) {
        add(hatch, null);
        if (hatch.isLookedAt()) {
            hatch.hatch().open();
        }
    }

    /** Has somebody look for calls there again: if nobody is there, the thread that asks, when it has answered. */
    void lookAt(ServedHatch hatch, Turn mine) {
        if (!hatch.isLookedAt()) {
            add(hatch, mine);
        }
    }

    private synchronized void add(ServedHatch hatch, @Nullable Turn mine) {
        if (closed || hatch.isLookedAt() || hatch.isGone()) {
            return;
        }
        boolean done = false;
        try {
            ServedHatch[] more = Arrays.copyOf(open, open.length + 1);
            more[open.length] = hatch;
            become(more);
            hatch.lookedAt(true);
            if (!watched) {
                threads.execute(watch); // first: of a turn that does not come about it makes another one
                watched = true;
            }
            if (turn == null && mine != null) {
                turn = mine;
            } else if (turn == null) {
                next();
            }
            done = true;
        } finally {
            if (!done) {
                ignore(hatch); // calls go on coming over the connection
            }
        }
    }

    private synchronized void ignore(ServedHatch hatch) {
        become(Arrays.stream(open).filter(each -> each != hatch).toArray(ServedHatch[]::new));
        hatch.lookedAt(false);
    }

    private synchronized void become(ServedHatch[] now) {
        open = now;
        block.setIntVolatile(OPEN, now.length);
    }

    private synchronized void next() {
        Turn before = turn;
        var fresh = new Turn();
        turn = fresh;
        boolean done = false;
        try {
            FaultPoint.reach("manager-desk-next");
            threads.execute(fresh);
            done = true;
        } finally {
            if (!done) {
                turn = before; // there is no thread; the watch tries again
            }
        }
    }

    /** The calling thread is about to wait for something; if it is its turn, the turn goes on to another. */
    void stepAside() {
        Turn now = turn;
        if (now != null && now.thread == Thread.currentThread()) {
            pass(now);
        }
    }

    private synchronized void pass(Turn late) {
        if (turn == late && !closed) {
            ServedHatch kept = late.serving;
            if (kept != null && kept.isLeft()) {
                ignore(kept); // until it is answered
            }
            if (open.length == 0) {
                turn = null;
            } else {
                next();
            }
        }
    }

    /** Has the whole server shut down, as a client wishes. */
    void shutDownServer() {
        shutDown.run();
    }

    /** Nobody looks any more. */
    void close() {
        synchronized (this) {
            closed = true;
            become(new ServedHatch[0]);
            turn = null;
        }
        calls.signalAll();
    }

    /** Closes hatches in which no call has come since last time; the turn ends with the last of them. */
    private synchronized void closeUnused(Turn mine) {
        for (ServedHatch each : open) {
            if (!each.wasUsed() && each.hatch().close()) {
                ignore(each);
            }
        }
        if (turn == mine && open.length == 0) {
            turn = null;
        }
    }

    /** One thread's turn at the desk. */
    final class Turn implements Runnable, EventCount.Awaited {
        volatile @Nullable Thread thread;
        volatile @Nullable ServedHatch serving;
        volatile long served; // so far, the one being served included
        private long count; // the same
        private long swept = System.nanoTime();

        @Override
        public void run() {
            thread = Thread.currentThread();
            while (turn == this) {
                try {
                    FaultPoint.reach("manager-desk");
                    look();
                } catch (RuntimeException | Error e) {
                    serving = null;
                    Survival.of(e); // calls that were not begun are there still
                }
            }
        }

        private void look() {
            boolean somethingThere = awaitCall();
            if (!somethingThere || System.nanoTime() - swept > STAY.toNanos()) {
                closeUnused(this);
                swept = System.nanoTime();
            }
            if (somethingThere) {
                serveAll();
            }
        }

        private boolean awaitCall() {
            try {
                return lookout.sees(this) || calls.sleep(this, Deadline.after(STAY));
            } catch (InterruptedException e) {
                return isThere(); // was meant for a call that is over
            }
        }

        private void serveAll() {
            for (ServedHatch each : open) {
                if (each.isCalled()) {
                    served = ++count;
                    serving = each;
                    watch.wakeIfAsleep();
                    each.serve(this);
                    serving = null;
                    if (turn != this) {
                        return;
                    }
                }
            }
        }

        @Override
        public boolean isThere() {
            for (ServedHatch each : open) {
                if (each.isCalled()) {
                    return true;
                }
            }
            return turn != this;
        }

        @Override
        public void lookForDead() {
            // whose connections end
        }
    }

    /** Somebody is to look for calls, if for want of a thread nobody does. */
    private synchronized void takeUp() {
        if (turn == null && open.length > 0 && !closed) {
            next();
        }
    }

    /** Whether there is nobody to be watched. */
    private synchronized boolean isWatchOver() {
        if (turn == null && open.length == 0) {
            watched = false;
        }
        return !watched;
    }

    /** The thread that has the turn go on when a call takes long. */
    private final class Watch implements Runnable {
        private volatile @Nullable Thread asleep;

        @Override
        public void run() {
            boolean over = false;
            while (!over) {
                try {
                    FaultPoint.reach("manager-desk-watch");
                    watch();
                    over = true;
                } catch (RuntimeException | Error e) {
                    Survival.of(e);
                }
            }
        }

        private void watch() {
            Turn seen = null;
            long servedThen = 0;
            int idle = 0;
            while (idle <= IDLE_TICKS || !isWatchOver()) {
                Turn now = turn;
                long served = now == null ? 0 : now.served;
                boolean same = now == seen && served == servedThen;
                if (same && now != null && now.serving != null) {
                    pass(now);
                } else if (now == null) {
                    takeUp();
                }
                idle = same ? idle + 1 : 0;
                seen = now;
                servedThen = served;
                if (idle <= IDLE_TICKS) {
                    LockSupport.parkNanos(this, TICK_NANOS);
                } else if (now != null) {
                    sleep(now);
                }
            }
        }

        /** Until a call is served. */
        private void sleep(Turn now) {
            asleep = Thread.currentThread();
            if (turn == now && now.serving == null) {
                LockSupport.parkNanos(this, STAY.toNanos());
            }
            asleep = null;
        }

        void wakeIfAsleep() {
            Thread sleeper = asleep;
            if (sleeper != null) {
                asleep = null;
                LockSupport.unpark(sleeper);
            }
        }
    }
}
