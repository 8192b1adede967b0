package io.multijvm.queue;

import io.multijvm.shared.SharedIntArray;
import io.multijvm.sync.ProcessEvent;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A queue, and books in shared memory of what was put into it and what was taken, kept by those who do it. They put and take
 * for ever, as long as the gate is open.
 */
final class QueueLedger implements Serializable {
    private static final long serialVersionUID = 1;

    static final int PRODUCERS = 4;
    static final int CONSUMERS = 4;
    static final int PLAYERS = PRODUCERS + CONSUMERS;
    /** What one series has; a producer that gets to its end begins another. */
    private static final int ITEMS = 1 << 13;

    private static final int HEADER = 3 * Integer.BYTES;
    private static final int LARGE = 100_000;
    private static final int VERY_LARGE = 3_000_000;
    /** What is added to an item's account when it is delivered, and when it is delivered again. */
    private static final int ONCE = 1;

    private static final int AGAIN = 1 << 16;

    private static final int VIOLATIONS = 0;
    private static final int READY = 1;
    private static final int SERIES = 2;
    private static final int PACE = 3;
    private static final int ROUNDS = 4;

    final ProcessQueue<byte[]> queue;
    final ProcessEvent gate = ProcessEvent.create();
    private final int mostSeries;
    private final SharedIntArray board = SharedIntArray.raw(ROUNDS + PLAYERS);
    /** For each series: how many puts have begun, and how many have returned. */
    private final SharedIntArray begun;

    private final SharedIntArray put;
    /** For each item of each series: how often it was delivered. */
    private final SharedIntArray taken;

    QueueLedger(ProcessQueue<byte[]> queue, int mostSeries) {
        this.queue = queue;
        this.mostSeries = mostSeries;
        begun = SharedIntArray.raw(mostSeries);
        put = SharedIntArray.raw(mostSeries);
        taken = SharedIntArray.raw((long) mostSeries * ITEMS);
    }

    /** Who waits for whom. */
    enum Pace {
        ALL_QUICK,
        /** So that the queue is full. */
        CONSUMERS_SLOW,
        /** So that it is empty. */
        PRODUCERS_SLOW
    }

    /** The child: puts, or takes, until it is killed. */
    void play(int player) {
        board.getAndIncrement(READY);
        try {
            if (player < PRODUCERS) {
                produceForEver(player);
            } else {
                consumeForEver(player);
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            violation("player " + player + ": " + e);
            throw new AssertionError(e);
        }
    }

    private void produceForEver(int player) throws InterruptedException {
        while (true) {
            int series = board.getAndIncrement(SERIES);
            for (int number = 0; number < ITEMS; number++) {
                gate.await();
                byte[] item = item(series, number);
                begun.setVolatile(series, number + 1);
                put(item, number);
                put.setVolatile(series, number + 1);
                step(player, Pace.PRODUCERS_SLOW);
            }
        }
    }

    private void put(byte[] item, int number) throws InterruptedException {
        switch (number % 3) {
            case 0 -> queue.put(item);
            case 1 -> {
                while (!queue.offer(item)) {
                    Thread.onSpinWait();
                }
            }
            default -> {
                while (!queue.offer(item, 1, TimeUnit.MILLISECONDS)) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private void consumeForEver(int player) throws InterruptedException {
        var last = new HashMap<Integer, Integer>();
        for (int round = 0; true; round++) {
            take(last, round);
            step(player, Pace.CONSUMERS_SLOW);
            if (round % 16 == 0) {
                lookAround();
            }
        }
    }

    private void lookAround() {
        var items = queue.iterator();
        for (int i = 0; i < 5 && items.hasNext(); i++) {
            requireWhole(items.next());
        }
        if (queue.size() < 0) {
            violation("size " + queue.size());
        }
    }

    private void take(Map<Integer, Integer> last, int round) throws InterruptedException {
        if (queue instanceof JoinableQueue<byte[]> joinable) {
            var delivery = joinable.getDelivery(null);
            enter(delivery.item(), delivery.isRedelivered(), last);
            LockSupport.parkNanos(round % 3 * 200_000L); // or hardly anybody would die with an item in its hands
            if (round % 2 == 0) {
                delivery.done();
            } else {
                joinable.taskDone();
            }
            return;
        }
        byte[] item = round % 3 == 0 ? queue.take() : queue.poll(1, TimeUnit.MILLISECONDS);
        if (item != null) {
            enter(item, false, last);
        }
    }

    /** Books what was delivered; {@code last} is what this consumer has had of each series. */
    void enter(byte[] item, boolean again, Map<Integer, Integer> last) {
        requireWhole(item);
        var header = ByteBuffer.wrap(item);
        int series = header.getInt();
        int number = header.getInt();
        taken.getAndAdd((long) series * ITEMS + number, again ? AGAIN : ONCE);
        if (!again) {
            Integer before = last.put(series, number);
            if (before != null && before >= number) {
                violation("of series " + series + ", " + number + " after " + before);
            }
        }
    }

    private void step(int player, Pace slow) {
        board.getAndIncrement(ROUNDS + player);
        LockSupport.parkNanos(board.getVolatile(PACE) == slow.ordinal() ? 300_000 : 1);
    }

    /** A number of bytes that say what they are, from the first to the last. */
    private static byte[] item(int series, int number) {
        var random = new Random(series * 31L + number);
        int size = HEADER + random.nextInt(300);
        int kind = random.nextInt(1_000);
        if (kind < 10) {
            size = kind == 0 ? VERY_LARGE : LARGE;
        }
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) (series + number));
        ByteBuffer.wrap(bytes).putInt(series).putInt(number).putInt(size);
        return bytes;
    }

    private void requireWhole(byte[] item) {
        var header = ByteBuffer.wrap(item);
        byte filling = (byte) (header.getInt() + header.getInt());
        boolean whole = header.getInt() == item.length;
        for (int i = HEADER; whole && i < item.length; i++) {
            whole = item[i] == filling;
        }
        if (!whole) {
            violation("an item that is not whole: " + Arrays.toString(Arrays.copyOf(item, 20)));
        }
    }

    void pace(Pace pace) {
        board.setVolatile(PACE, pace.ordinal());
    }

    int ready() {
        return board.getVolatile(READY);
    }

    int rounds(int player) {
        return board.getVolatile(ROUNDS + player);
    }

    int violations() {
        return board.getVolatile(VIOLATIONS);
    }

    boolean isNearlyFull() {
        return board.getVolatile(SERIES) > mostSeries - 2 * PRODUCERS;
    }

    @SuppressWarnings("SystemOut")
    private void violation(String what) {
        board.getAndIncrement(VIOLATIONS);
        System.err.println("violation in " + ProcessHandle.current().pid() + ": " + what);
    }

    /**
     * What the books say of all items.
     *
     * @param put items whose put has returned
     * @param lost those of them that nobody has got
     * @param invented items that somebody has got and nobody has put
     * @param twice items that were delivered more than once as if for the first time
     * @param again deliveries of an item that somebody had before
     */
    record Audit(long put, int lost, int invented, int twice, int again) {}

    Audit audit() {
        long puts = 0;
        int lost = 0;
        int invented = 0;
        int twice = 0;
        int again = 0;
        for (int series = 0; series < mostSeries; series++) {
            int returned = put.getVolatile(series);
            puts += returned;
            for (int number = 0; number < ITEMS; number++) {
                int deliveries = taken.getVolatile((long) series * ITEMS + number);
                lost += number < returned && deliveries == 0 ? 1 : 0;
                invented += number >= begun.getVolatile(series) && deliveries != 0 ? 1 : 0;
                twice += deliveries % AGAIN > ONCE ? 1 : 0;
                again += deliveries / AGAIN;
            }
        }
        return new Audit(puts, lost, invented, twice, again);
    }

    void close() {
        board.close();
        begun.close();
        put.close();
        taken.close();
    }
}
