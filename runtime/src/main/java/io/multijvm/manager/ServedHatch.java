package io.multijvm.manager;

import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import io.multijvm.ipc.codec.Encoded;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A client's {@link Hatch}, seen from the server, whose calls the {@link Desk} has served. What belongs to a call beside
 * (a wish to end it, a large answer, the client's end) comes over the connection the hatch belongs to.
 */
final class ServedHatch implements Origin {
    private static final long NONE = 0;

    private final Hatch hatch;
    private final Desk desk;
    private final Service service;
    private final Session session;
    private final ServedConnection connection;
    private volatile boolean gone; // nobody is there for an answer
    private volatile boolean lookedAt; // the desk's
    private boolean serving; // guarded by this, as is all below
    private boolean answering; // the last part of it
    private long number; // of the call being served, or served last
    private long cancelled = NONE; // the number of the call that its client does not want any more
    private @Nullable Thread waiting;
    private boolean recent; // a call has come lately; the desk's

    ServedHatch(Hatch hatch, Desk desk, Service service, Session session, ServedConnection connection) {
        this.hatch = hatch;
        this.desk = desk;
        this.service = service;
        this.session = session;
        this.connection = connection;
    }

    Hatch hatch() {
        return hatch;
    }

    boolean isCalled() {
        return hatch.isCalled();
    }

    boolean isLookedAt() {
        return lookedAt;
    }

    void lookedAt(boolean is) {
        lookedAt = is;
    }

    /** Whether a call has come since this was asked last. */
    synchronized boolean wasUsed() {
        boolean was = recent;
        recent = false;
        return was;
    }

    /**
     * Nobody is to look here while the call that has come is served. Returns false when that is about to be answered: then
     * its thread does not see any more that there is nobody.
     */
    synchronized boolean isLeft() {
        boolean left = serving && !answering;
        if (left) {
            lookedAt = false;
        }
        return left;
    }

    /** Serves the call that is there, unless another thread does; {@code turn} is the calling thread's. */
    void serve(Desk.Turn turn) {
        if (!begin()) {
            return;
        }
        boolean shutdown = false;
        boolean answered = false;
        try {
            Object outcome;
            try {
                @Nullable Object[] call = decode();
                outcome = service.serve(session, this, call);
                shutdown = Service.verbOf(call) == ServerVerb.SHUTDOWN;
            } catch (Throwable e) { // code of the program's runs in what is decoded: whatever it is, the caller gets it
                outcome = Service.refusal(e, Hatch.ROOM);
            }
            answer(outcome, turn);
            answered = true;
        } catch (IOException | RuntimeException | Error e) {
            System.getLogger("io.multijvm").log(Level.DEBUG, "an answer of a manager cannot be sent", e);
        } finally {
            if (!answered) {
                giveUp();
            }
        }
        if (shutdown) {
            desk.shutDownServer();
        }
    }

    private @Nullable Object[] decode() throws IOException, ClassNotFoundException {
        FaultPoint.reach("manager-decode");
        return service.decode(hatch.bytes(), List.of());
    }

    private synchronized boolean begin() {
        if (gone || !hatch.take()) {
            return false;
        }
        serving = true;
        recent = true;
        number = hatch.number();
        return true;
    }

    private void answer(@Nullable Object outcome, Desk.Turn turn) throws IOException {
        try (Encoded encoded = service.encode(outcome, session, true)) {
            synchronized (this) {
                answering = true;
            }
            lookAt(turn);
            boolean small =
                    encoded.length() <= Hatch.ROOM && encoded.descriptors().isEmpty();
            if (!finish(small ? encoded : null)) {
                connection.send(encoded);
            }
            encoded.recycle();
        }
    }

    /** Nobody looks here any more, if the call took long; and a call that nobody looks for would never be answered. */
    private void lookAt(Desk.Turn turn) {
        for (int i = 1; i <= ServedConnection.TRIES; i++) {
            try {
                FaultPoint.reach("manager-answer");
                desk.lookAt(this, turn);
                return;
            } catch (RuntimeException | Error e) {
                if (i == ServedConnection.TRIES) {
                    throw e;
                }
                Survival.of(e);
            }
        }
    }

    /**
     * The call is over before its client learns of that, and comes with the next one. Returns whether the client has the
     * answer, or needs none.
     */
    private boolean finish(@Nullable Encoded answer) {
        boolean over;
        boolean done = true;
        synchronized (this) {
            serving = false;
            answering = false;
            over = gone;
            if (!gone && answer != null) {
                done = hatch.answer(answer.array(), answer.length());
            } else if (!gone) {
                hatch.answerElsewhere();
                done = false;
            }
        }
        if (over) {
            over();
        }
        return done;
    }

    /** There cannot be an answer: the connection is ended in the place of it. */
    private void giveUp() {
        boolean over;
        synchronized (this) {
            over = gone && serving;
            serving = false;
            answering = false;
        }
        if (over) {
            over();
        }
        connection.end();
    }

    private void over() {
        desk.giveBack(this);
        connection.disconnected();
    }

    /** The thread is known to wait: somebody else looks for calls meanwhile. */
    @Override
    public <T extends @Nullable Object> T waiting(Callable<T> action) throws Exception {
        desk.stepAside();
        return interruptibly(action);
    }

    @Override
    public <T extends @Nullable Object> T interruptibly(Callable<T> action) throws Exception {
        synchronized (this) {
            waiting = Thread.currentThread();
            if (gone || cancelled == number) {
                waiting.interrupt();
            }
        }
        try {
            return action.call();
        } finally {
            synchronized (this) {
                waiting = null;
            }
        }
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    /** The client does not want its call {@code unwanted} any more. */
    synchronized void cancel(long unwanted) {
        cancelled = unwanted;
        if (serving && number == unwanted && waiting != null) {
            waiting.interrupt();
        }
    }

    /** The client is gone, or the server ends: nothing is served any more, what waits is interrupted. */
    void end() {
        boolean over;
        synchronized (this) {
            if (gone) {
                return;
            }
            gone = true;
            over = !serving;
            hatch.abandon();
            if (waiting != null) {
                waiting.interrupt();
            }
        }
        if (over) {
            over();
        }
    }
}
