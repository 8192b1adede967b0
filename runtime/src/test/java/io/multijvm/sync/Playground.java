package io.multijvm.sync;

import io.multijvm.ipc.memory.Block;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.locks.LockSupport;

/**
 * One synchroniser of each kind, and a board of numbers by which the processes that use them are watched. Each process runs
 * a thread for each {@link Game} until it is killed, round and round as long as the gate is open.
 */
final class Playground implements Serializable {
    private static final long serialVersionUID = 1;

    static final int PLAYERS = 8;
    private static final int PARTIES = 3;

    private static final int VIOLATIONS = 0;
    private static final int LOCK_PAIR = 4;
    private static final int REENTRANT_PAIR = 12;
    private static final int INHERITED = 20;
    private static final int ALONE = 24;
    private static final int TOLD = 28;
    private static final int READY = 32;
    private static final int ROUNDS = 64;

    final ProcessLock lock = ProcessLock.create();
    final ReentrantProcessLock reentrant = ReentrantProcessLock.create();
    final ProcessSemaphore semaphore = ProcessSemaphore.create(2);
    final ProcessCondition quiet = ProcessCondition.create();
    final ProcessCondition storm = ProcessCondition.create(ProcessLock.create());
    final ProcessEvent gate = ProcessEvent.create();
    final ProcessEvent bell = ProcessEvent.create();
    final ProcessBarrier barrier = ProcessBarrier.create(PARTIES);
    private final Block.Ref board;

    private transient Block numbers;

    Playground() {
        numbers = ProcessContext.domain().allocate(ROUNDS + Integer.BYTES * PLAYERS * Game.values().length);
        board = numbers.ref();
    }

    /** What a thread does again and again. */
    enum Game {
        LOCK,
        REENTRANT,
        SEMAPHORE,
        OTHER_SEMAPHORE,
        QUIET_CONDITION,
        STORMY_CONDITION,
        EVENT,
        BARRIER
    }

    /** The child: plays until it is killed. */
    void play(int player) throws InterruptedException {
        for (Game game : Game.values()) {
            var thread = new Thread(() -> playForEver(player, game), game.toString());
            thread.setDaemon(true);
            thread.start();
        }
        numbers().getAndAddInt(READY, 1);
        ProcessEvent.create().await();
    }

    private void playForEver(int player, Game game) {
        try {
            while (true) {
                gate.await();
                play(game);
                numbers().getAndAddInt(rounds(player, game), 1);
                LockSupport.parkNanos(1); // no lock here is fair
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            violation(game + ": " + e);
            throw new AssertionError(e);
        }
    }

    private void play(Game game) throws InterruptedException {
        switch (game) {
            case LOCK -> withLock();
            case REENTRANT -> withReentrant();
            case SEMAPHORE, OTHER_SEMAPHORE -> withSemaphore();
            case QUIET_CONDITION -> withQuietCondition();
            case STORMY_CONDITION -> withStormyCondition();
            case EVENT -> withEvent();
            case BARRIER -> withBarrier();
        }
    }

    @SuppressWarnings("LockNotBeforeTry") // who fails inside has found a violation
    void withLock() {
        lock.lock();
        changePair(lock, LOCK_PAIR);
        lock.unlock();
    }

    @SuppressWarnings("LockNotBeforeTry")
    void withReentrant() {
        reentrant.lock();
        changePair(reentrant, REENTRANT_PAIR);
        reentrant.lock();
        if (reentrant.holdCount() != 2) {
            violation("held " + reentrant.holdCount() + " times");
        }
        reentrant.unlock();
        changePair(reentrant, REENTRANT_PAIR);
        reentrant.unlock();
    }

    /** Two numbers that differ only while somebody is inside, or has died there. */
    private void changePair(AbstractProcessLock held, int pair) {
        boolean inherited = held.isInherited();
        Block board = numbers();
        int first = board.getInt(pair);
        int second = board.getInt(pair + Integer.BYTES);
        if (inherited) {
            board.getAndAddInt(INHERITED, 1);
        } else if (first != second) {
            violation(held + ": " + first + " is not " + second);
        }
        int next = Math.max(first, second) + 1;
        board.setIntRelease(pair, next);
        for (int i = 0; i < next % 64; i++) {
            Thread.onSpinWait();
        }
        board.setIntRelease(pair + Integer.BYTES, next);
        if (board.getInt(pair) != next) {
            violation(held + ": somebody else is inside");
        }
    }

    private void withSemaphore() {
        semaphore.acquireUninterruptibly();
        if (numbers().getIntVolatile(ALONE) != 0) {
            violation("a permit too many");
        }
        semaphore.release();
    }

    /** For who has all permits: says so for a moment. */
    void aloneWithAllPermits() {
        numbers().setIntVolatile(ALONE, 1);
        for (int i = 0; i < 20_000; i++) {
            Thread.onSpinWait();
        }
        if (semaphore.availablePermits() != 0) {
            violation("a permit too many");
        }
        numbers().setIntVolatile(ALONE, 0);
    }

    @SuppressWarnings({"try", "WaitNotInLoop"})
    private void withQuietCondition() throws InterruptedException {
        try (Guard held = quiet.guard()) {
            quiet.await();
            told(told() + 1);
        }
    }

    @SuppressWarnings({"try", "WaitNotInLoop"})
    private void withStormyCondition() throws InterruptedException {
        try (Guard held = storm.guard()) {
            storm.signal();
            storm.await(Duration.ofMillis(2));
            storm.signalAll();
        }
    }

    private void withEvent() throws InterruptedException {
        bell.await();
        bell.clear();
        bell.set();
        bell.clear();
    }

    private void withBarrier() throws InterruptedException {
        try {
            barrier.await();
        } catch (BrokenBarrierException e) {
            barrier.reset();
        }
    }

    /** Of the quiet condition; for who holds its lock. */
    int told() {
        return numbers().getInt(TOLD);
    }

    private void told(int count) {
        numbers().setIntRelease(TOLD, count);
    }

    int ready() {
        return numbers().getIntVolatile(READY);
    }

    int inherited() {
        return numbers().getIntVolatile(INHERITED);
    }

    int violations() {
        return numbers().getIntVolatile(VIOLATIONS);
    }

    int rounds(int player, int game) {
        return numbers().getIntVolatile(rounds(player, Game.values()[game]));
    }

    private static int rounds(int player, Game game) {
        return ROUNDS + Integer.BYTES * (player * Game.values().length + game.ordinal());
    }

    @SuppressWarnings("SystemOut")
    private void violation(String what) {
        numbers().getAndAddInt(VIOLATIONS, 1);
        System.err.println("violation in " + ProcessHandle.current().pid() + ": " + what);
    }

    private synchronized Block numbers() {
        if (numbers == null) {
            try {
                numbers = ProcessContext.domain().attach(board);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return numbers;
    }
}
