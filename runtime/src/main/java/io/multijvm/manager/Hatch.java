package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.EventCount;
import java.io.IOException;

/**
 * Memory that a client and its server share beside a connection, for small calls, one at a time: the client puts a call in
 * and takes the answer out. While both are awake that is no system call.
 *
 * <pre>
 *    0       4        8        16             64
 *    | state | length | number | event count  | the call, then its answer
 *
 * state
 *   CLOSED   -> FREE       server: somebody looks here from now on
 *   FREE     -> CLOSED     server: nobody does; calls go over the connection
 *   FREE     -> CALLED     client: there is a call
 *   CALLED   -> SERVED     server: it has the call
 *   SERVED   -> ANSWERED   server: there is the answer
 *   SERVED   -> ELSEWHERE  server: the answer, too large for here, comes over the connection; or nothing does any more
 *   SERVED   -> DEFERRED   client: it has waited long, and goes on waiting at the connection
 *   DEFERRED -> ELSEWHERE  server
 *   ANSWERED, ELSEWHERE -> FREE   client: it has it
 * </pre>
 *
 * <p>The client's death at any moment leaves only its own memory behind, which its connection's end gives back.
 */
final class Hatch {
    /** The most bytes of a call or an answer. */
    static final int ROOM = 4096 - 64;

    /** The size of it all. */
    static final int SIZE = 4096;

    private static final int CLOSED = 0;
    private static final int FREE = 1;
    private static final int CALLED = 2;
    private static final int SERVED = 3;
    private static final int ANSWERED = 4;
    private static final int ELSEWHERE = 5;
    private static final int DEFERRED = 6;

    private static final int STATE = 0;
    private static final int LENGTH = 4;
    private static final int NUMBER = 8;
    private static final int EVENTS = 16;
    private static final int BYTES = 64;

    private final Block block;
    private final EventCount answers;
    private final Lookout lookout = new Lookout();

    Hatch(Domain domain, Block block) {
        this.block = block;
        this.answers = new EventCount(domain, block, EVENTS);
    }

    Block block() {
        return block;
    }

    // The client's side.

    /** Puts a call in; returns false if that cannot be done here. */
    boolean call(byte[] call, int length, long number) {
        if (length > ROOM || state() != FREE) {
            return false;
        }
        block.setLong(NUMBER, number);
        block.setInt(LENGTH, length);
        block.put(BYTES, call, length);
        return block.compareAndSetInt(STATE, FREE, CALLED);
    }

    /** Who waits for an answer. */
    interface Client {
        /** Asked now and then: whether nobody is there any more from whom it could come. */
        boolean isServerGone();

        /** Whether so many clients call that looking for an answer takes the processor from who is to give it. */
        boolean isInACrowd();
    }

    /**
     * Waits until there is an answer, here or, as {@link #isElsewhere} says, at the connection, where it may still have to be
     * waited for: that costs less when it lasts long. Returns false when the server is gone.
     */
    boolean awaitAnswer(Client client) throws InterruptedException {
        var answer = new Answer(client);
        boolean seen = !client.isInACrowd() && lookout.sees(answer);
        return seen || (answers.sleep(answer, Deadline.never()) && isAnswered());
    }

    private final class Answer implements EventCount.Awaited {
        private final Client client;
        private boolean gone;

        Answer(Client client) {
            this.client = client;
        }

        @Override
        public boolean isThere() {
            return isAnswered() || gone;
        }

        @Override
        public void lookForDead() {
            gone = client.isServerGone();
            if (!gone) {
                block.compareAndSetInt(STATE, SERVED, DEFERRED);
            }
        }
    }

    private boolean isAnswered() {
        return state() >= ANSWERED;
    }

    /** Whether the answer comes over the connection; else {@link #takeAnswer} has it. To be asked first. */
    boolean isElsewhere() {
        return state() >= ELSEWHERE;
    }

    /** The answer; another call can be made then. */
    byte[] takeAnswer() throws IOException {
        byte[] answer = bytes();
        free();
        return answer;
    }

    /** Another call can be made, the answer having come over the connection. */
    void free() {
        block.setIntVolatile(STATE, FREE);
    }

    // The server's side.

    /** Lets the client put calls in; they are looked for already. */
    void open() {
        block.compareAndSetInt(STATE, CLOSED, FREE);
    }

    /** Keeps the client from putting calls in; returns whether none can come any more. */
    boolean close() {
        return block.compareAndSetInt(STATE, FREE, CLOSED) || state() == CLOSED;
    }

    /** Makes it as new for another client, there being none. */
    void reset() {
        block.setIntVolatile(STATE, CLOSED);
    }

    boolean isCalled() {
        return state() == CALLED;
    }

    /** Takes the call on; returns false when another thread has. */
    boolean take() {
        return block.compareAndSetInt(STATE, CALLED, SERVED);
    }

    /** Which call of its client it is that was taken. */
    long number() {
        return block.getLong(NUMBER);
    }

    /** The call that was taken, or the answer. */
    byte[] bytes() throws IOException {
        int length = block.getInt(LENGTH);
        if (length < 0 || length > ROOM) {
            throw new IOException("malformed message of " + length + " bytes in shared memory");
        }
        var bytes = new byte[length];
        block.get(BYTES, bytes);
        return bytes;
    }

    /** Answers the call that was taken; returns false when the client expects the answer at the connection. */
    boolean answer(byte[] answer, int length) {
        block.setInt(LENGTH, length);
        block.put(BYTES, answer, length);
        if (block.compareAndSetInt(STATE, SERVED, ANSWERED)) {
            answers.signal();
            return true;
        }
        become(ELSEWHERE);
        return false;
    }

    /** Has the client look at the connection for the answer, or for its end. */
    void answerElsewhere() {
        become(ELSEWHERE);
    }

    /** Has a client that waits for an answer look at the connection, where there is none any more. */
    void abandon() {
        int state = state();
        if (state == CALLED || state == SERVED) {
            become(ELSEWHERE);
        }
    }

    private void become(int state) {
        block.setIntVolatile(STATE, state);
        answers.signal();
    }

    private int state() {
        return block.getIntVolatile(STATE);
    }
}
