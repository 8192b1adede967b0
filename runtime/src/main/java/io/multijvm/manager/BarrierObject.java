package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.process.Target;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A barrier in the server. Where there is an action, the last to arrive is told to run it, in its own process, and the others
 * wait until it says that this is done.
 */
final class BarrierObject extends ServedObject {
    /** What can be asked of it. */
    enum Verb {
        /** Thread, nanoseconds, or less than none for its own timeout: waits; how many were missing, or a constant. */
        AWAIT,
        /** Thread, whether well: the action has been run; 0, or {@link #BROKEN}. */
        ACTED,
        /** Thread: it was interrupted, before or while it was waiting. */
        INTERRUPTED,
        RESET,
        ABORT,
        PARTIES,
        /** How many wait. */
        WAITING,
        IS_BROKEN,
        /** The action. */
        ACTION
    }

    /** In the place of a number: run the action, and say that you have. */
    static final int ACT = -1;
    /** In the place of a number: the barrier is broken. */
    static final int BROKEN = -2;
    /** In the place of a number: the barrier is broken, by this caller's time being up. */
    static final int TIMED_OUT = -3;

    private static final Verb[] VERBS = Verb.values();

    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition changed = mutex.newCondition();
    private final int parties;
    private final @Nullable Target action;
    private final @Nullable Duration timeout;
    private final Set<Caller> interrupted = new HashSet<>(); // seen by the barrier before they say so
    private Cycle cycle = new Cycle();

    BarrierObject(int parties, @Nullable Target action, @Nullable Duration timeout) {
        if (parties < 1) {
            throw new IllegalArgumentException("parties: " + parties + ", at least 1 expected");
        }
        this.parties = parties;
        this.action = action;
        this.timeout = timeout;
    }

    @Override
    @Nullable
    Object serve(Call call) throws Exception {
        return switch (call.verb(VERBS)) {
            case AWAIT -> {
                Caller caller = Caller.of(call, 0);
                Deadline deadline = call.<Long>argument(1) < 0 ? Deadline.after(timeout) : Caller.deadline(call, 1);
                yield call.waiting(() -> await(caller, deadline));
            }
            case ACTED -> acted(Caller.of(call, 0), call.<Boolean>argument(1));
            case INTERRUPTED -> {
                interrupted(Caller.of(call, 0));
                yield null;
            }
            case RESET -> {
                reset();
                yield null;
            }
            case ABORT -> {
                abort();
                yield null;
            }
            case PARTIES -> parties;
            case WAITING -> waiting();
            case IS_BROKEN -> isBroken();
            case ACTION -> action;
        };
    }

    /** FILLING -> ACTING (all have come) -> PASSED; FILLING -> PASSED without an action; either of the first two -> BROKEN. */
    private enum State {
        FILLING,
        ACTING,
        PASSED,
        BROKEN
    }

    /** One use of the barrier by all parties; one that is broken stays until the reset. */
    private static final class Cycle {
        State state = State.FILLING;
        int arrived;

        @Nullable
        Caller actor;
    }

    private int await(Caller caller, Deadline deadline) throws InterruptedException {
        mutex.lock();
        try {
            interrupted.remove(caller);
            while (cycle.state == State.ACTING) {
                changed.await(); // somebody too many: it belongs to the next
            }
            Cycle mine = cycle;
            if (mine.state == State.BROKEN) {
                return BROKEN;
            }
            mine.arrived++;
            int missing = parties - mine.arrived;
            if (missing == 0) {
                return last(mine, caller);
            }
            sleep(mine, caller, deadline);
            if (mine.state == State.FILLING) {
                end(mine, State.BROKEN);
                return TIMED_OUT;
            }
            return mine.state == State.PASSED ? missing : BROKEN;
        } finally {
            mutex.unlock();
        }
    }

    private int last(Cycle mine, Caller caller) {
        if (action == null) {
            end(mine, State.PASSED);
            return 0;
        }
        mine.state = State.ACTING;
        mine.actor = caller;
        caller.client().watch(this);
        return ACT;
    }

    /** Until the cycle is over, or the time is up and somebody is missing still. */
    private void sleep(Cycle mine, Caller caller, Deadline deadline) throws InterruptedException {
        try {
            while (mine.state == State.FILLING && LockObject.sleep(changed, deadline)) {
                // looks again
            }
            while (mine.state == State.ACTING) {
                changed.await();
            }
        } catch (InterruptedException e) {
            if (mine.state != State.FILLING && mine.state != State.ACTING) {
                Thread.currentThread().interrupt();
                return;
            }
            end(mine, State.BROKEN);
            interrupted.add(caller);
            throw e;
        }
    }

    private int acted(Caller caller, boolean well) {
        mutex.lock();
        try {
            caller.client().unwatch(this);
            Cycle mine = cycle;
            if (mine.state != State.ACTING || !caller.equals(mine.actor)) {
                return BROKEN;
            }
            end(mine, well ? State.PASSED : State.BROKEN);
            return well ? 0 : BROKEN;
        } finally {
            mutex.unlock();
        }
    }

    /** Breaks it, unless it was broken by this very interrupt already. */
    private void interrupted(Caller caller) {
        mutex.lock();
        try {
            if (!interrupted.remove(caller)) {
                end(cycle, State.BROKEN);
            }
        } finally {
            mutex.unlock();
        }
    }

    private void end(Cycle ended, State state) {
        ended.state = state;
        if (ended == cycle && state == State.PASSED) {
            cycle = new Cycle();
        }
        changed.signalAll();
    }

    private void reset() {
        mutex.lock();
        try {
            end(cycle, State.BROKEN);
            cycle = new Cycle();
        } finally {
            mutex.unlock();
        }
    }

    private void abort() {
        mutex.lock();
        try {
            end(cycle, State.BROKEN);
        } finally {
            mutex.unlock();
        }
    }

    private int waiting() {
        mutex.lock();
        try {
            return cycle.state == State.FILLING ? cycle.arrived : 0;
        } finally {
            mutex.unlock();
        }
    }

    private boolean isBroken() {
        mutex.lock();
        try {
            return cycle.state == State.BROKEN;
        } finally {
            mutex.unlock();
        }
    }

    /** Breaks it if the client was to run the action; one that waits is interrupted, which breaks it as well. */
    @Override
    void clientGone(Session client, boolean inOrder) {
        mutex.lock();
        try {
            Caller actor = cycle.actor;
            if (cycle.state == State.ACTING && actor != null && actor.client() == client) {
                end(cycle, State.BROKEN);
            }
        } finally {
            mutex.unlock();
        }
    }
}
