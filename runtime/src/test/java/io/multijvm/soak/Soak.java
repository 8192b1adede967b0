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
 * A program that uses pools, queues, locks and a manager at once for a given time, with kills, pauses and lacks of memory. It
 * logs its progress, and exits with 0 if nothing was lost, hung or grew, with 2 if a round hangs, with 1 otherwise.
 */
final class Soak {
    private static final long PATIENCE_SECONDS = 180;
    private static final int CHECKS = 120;
    private static final int HUNG = 2;

    private final List<Scenario> scenarios;
    private final Scenario pressure = new PressureScenario();
    /** Read-locked by a scenario for each round, write-locked for checks between rounds. */
    private final ReentrantReadWriteLock quiet = new ReentrantReadWriteLock(true);

    private final Deadline end;
    private final Duration pause;
    private final CountDownLatch failure = new CountDownLatch(1);
    private volatile boolean isOver;

    private Soak(Duration length, long seed) {
        scenarios = List.of(
                new ExecutorScenario(seed),
                new PoolScenario(seed),
                new QueueScenario(seed),
                new LockScenario(seed),
                new ManagerScenario(seed));
        end = Deadline.after(length);
        pause = length.dividedBy(CHECKS);
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
        for (Scenario scenario : scenarios) {
            var thread = new Thread(() -> play(scenario), scenario.getClass().getSimpleName());
            thread.start();
            threads.add(thread);
        }
        var measures = new ArrayList<Measure>();
        while (!end.isOver()) {
            if (failure.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                break;
            }
            if (!quiet.writeLock().tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                giveUp(threads);
            }
            try {
                pressure.round();
                measures.add(Measure.now());
                say(measures.get(measures.size() - 1).toString());
                scenarios.forEach(scenario -> say("  " + scenario.report()));
                say("  " + pressure.report());
            } finally {
                quiet.writeLock().unlock();
            }
        }
        isOver = true;
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            if (thread.isAlive()) {
                giveUp(threads);
            }
        }
        scenarios.forEach(Scenario::close);
        pressure.close();
        String growth = Measure.growth(measures);
        if (!growth.isEmpty()) {
            say(growth);
        }
        return failure.getCount() > 0 && growth.isEmpty();
    }

    private void play(Scenario scenario) {
        try {
            while (!isOver && failure.getCount() > 0) {
                quiet.readLock().lock();
                try {
                    scenario.round();
                } finally {
                    quiet.readLock().unlock();
                }
            }
        } catch (Throwable e) { // any failure of a round fails the soak
            e.printStackTrace();
            failure.countDown();
        }
    }

    /** Ends this JVM without waiting for its children, as a round hangs. */
    private static void giveUp(List<Thread> threads) {
        threads.forEach(Soak::dump);
        System.out.flush();
        Runtime.getRuntime().halt(HUNG);
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
