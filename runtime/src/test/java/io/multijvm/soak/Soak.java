package io.multijvm.soak;

import io.multijvm.ipc.Deadline;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A program that does everything at once for a time: pools, queues, locks and a manager, with kills, pauses and lacks of
 * memory. It ends with 0 when nothing was lost, hung or grew, and says what it did as it goes.
 */
final class Soak {
    private static final long PATIENCE_SECONDS = 180;
    private static final int LOOKS = 120;

    private final List<Lane> lanes;
    private final Lane pressure = new PressureLane();
    /** Read while a lane has something under way, written while nothing may be. */
    private final ReentrantReadWriteLock quiet = new ReentrantReadWriteLock(true);

    private final Deadline end;
    private final Duration pause;
    private final CountDownLatch failure = new CountDownLatch(1);
    private volatile boolean isOver;

    private Soak(Duration length, long seed) {
        lanes = List.of(
                new ExecutorLane(seed),
                new PoolLane(seed),
                new QueueLane(seed),
                new LockLane(seed),
                new ManagerLane(seed));
        end = Deadline.after(length);
        pause = length.dividedBy(LOOKS);
    }

    /** Arguments: how long, as {@code PT1H}, and a seed. */
    public static void main(String[] args) throws Exception {
        say("for " + args[0] + ", seed " + args[1]);
        boolean isRight = new Soak(Duration.parse(args[0]), Long.parseLong(args[1])).play();
        say(isRight ? "nothing lost, nothing hung, nothing grew" : "failed");
        System.exit(isRight ? 0 : 1);
    }

    private boolean play() throws Exception {
        var threads = new ArrayList<Thread>();
        for (Lane lane : lanes) {
            var thread = new Thread(() -> play(lane), lane.getClass().getSimpleName());
            thread.start();
            threads.add(thread);
        }
        var measures = new ArrayList<Measure>();
        while (!end.isOver()) {
            if (failure.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                break;
            }
            if (!quiet.writeLock().tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                threads.forEach(Soak::dump);
                return false;
            }
            try {
                pressure.round();
                measures.add(Measure.now());
                say(measures.get(measures.size() - 1).toString());
                lanes.forEach(lane -> say("  " + lane.report()));
                say("  " + pressure.report());
            } finally {
                quiet.writeLock().unlock();
            }
        }
        isOver = true;
        for (Thread thread : threads) {
            thread.join();
        }
        lanes.forEach(Lane::close);
        pressure.close();
        String growth = Measure.growth(measures);
        if (!growth.isEmpty()) {
            say(growth);
        }
        return failure.getCount() > 0 && growth.isEmpty();
    }

    private void play(Lane lane) {
        try {
            while (!isOver && failure.getCount() > 0) {
                quiet.readLock().lock();
                try {
                    lane.round();
                } finally {
                    quiet.readLock().unlock();
                }
            }
        } catch (Throwable e) { // whatever it is, the soak has failed by it
            e.printStackTrace();
            failure.countDown();
        }
    }

    private static void dump(Thread thread) {
        say(thread.getName() + " " + thread.getState());
        for (StackTraceElement frame : thread.getStackTrace()) {
            say("    at " + frame);
        }
    }

    private static void say(String line) {
        System.out.println(LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS) + " " + line);
    }
}
