package io.multijvm.ipc.sync;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.InProcessFamily.Member;
import io.multijvm.testkit.StressTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which ends the races between two or three processes may have; each process has its own mapping of the memory. */
final class WordStressTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int SOME = 400;
    private static final int MANY = 20_000;
    private static final int COUNTER = 32;

    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final Member first = family.member();
    private final Member second = family.member();
    private final Member third = family.member();

    @Test
    void races_someTimes_endAsAllowed() throws Exception {
        all(SOME);
    }

    @Test
    @StressTest
    @Timeout(1200)
    void races_manyTimes_endAsAllowed() throws Exception {
        all(MANY);
    }

    private void all(int runs) throws Exception {
        Race.of(runs, this::increments).allows("3 of 3");
        Race.of(runs, this::releaseAgainstAcquire).allows("had");
        Race.of(runs, this::permitsForTwo).allows("both, 0 left");
        Race.of(runs, this::setAgainstAwait).allows("released");
        Race.of(runs, this::setAndClearAgainstAwait).allows("released", "nobody waited yet");
        Race.of(runs, this::signalAgainstTimeout).allows("0 waited, 0 told", "1 waited, 1 told", "2 waited, 1 told");
        Race.of(runs, this::tripAgainstTimeout).allows("TIMED_OUT, BROKEN", "PASSED 1, PASSED 0", "PASSED 0, PASSED 1");
    }

    /** Mutual exclusion, and that plain writes are seen by the next holder. */
    private Race.Run increments() throws Exception {
        Block block = first.domain().allocate(64);
        return run(
                List.of(increment(first, block), increment(second, block), increment(third, block)),
                results -> block.getIntVolatile(COUNTER) + " of 3");
    }

    private static Callable<Object> increment(Member member, Block block) {
        Block view = member.view(block);
        var lock = new OwnedLock(member.domain(), view);
        return () -> {
            lock.acquire();
            view.setInt(COUNTER, view.getInt(COUNTER) + 1);
            return lock.release();
        };
    }

    private Race.Run releaseAgainstAcquire() throws Exception {
        Block block = OwnedLock.allocate(first.domain());
        var theirs = new OwnedLock(first.domain(), block);
        var mine = second.open(block, OwnedLock::new);
        theirs.acquire();
        return run(
                List.of(atSomeMoment(theirs::release), timeOf(() -> mine.acquireInterruptibly(Deadline.after(LONG)))),
                results -> delay("had", results));
    }

    private Race.Run permitsForTwo() throws Exception {
        Block block = Permits.allocate(first.domain(), 0, 10);
        var theirs = new Permits(first.domain(), block);
        var second = this.second.open(block, Permits::new);
        var third = this.third.open(block, Permits::new);
        return run(
                List.of(
                        atSomeMoment(() -> {
                            theirs.release(1);
                            theirs.release(1);
                        }),
                        timeOf(() -> second.acquireInterruptibly(Deadline.after(LONG))),
                        timeOf(() -> third.acquireInterruptibly(Deadline.after(LONG)))),
                results -> delay("both, " + theirs.available() + " left", results));
    }

    private Race.Run setAgainstAwait() throws Exception {
        Block block = Flag.allocate(first.domain());
        var theirs = new Flag(first.domain(), block);
        var mine = second.open(block, Flag::new);
        return run(
                List.of(atSomeMoment(theirs::set), timeOf(() -> mine.await(Deadline.after(LONG)))),
                results -> delay("released", results));
    }

    /** A waiter that announced itself before is released, although the flag is not set when it wakes up. */
    private Race.Run setAndClearAgainstAwait() throws Exception {
        Block block = Flag.allocate(first.domain());
        var theirs = new Flag(first.domain(), block);
        var mine = second.open(block, Flag::new);
        return run(
                List.of(
                        () -> {
                            pause();
                            boolean announced = block.getIntVolatile(0) < 0;
                            theirs.set();
                            theirs.clear();
                            long when = System.nanoTime();
                            if (!announced) {
                                theirs.set();
                            }
                            return announced ? when : "nobody waited yet";
                        },
                        timeOf(() -> mine.await(Deadline.after(LONG)))),
                results -> delay("released", results));
    }

    private Race.Run signalAgainstTimeout() throws Exception {
        Block lockBlock = OwnedLock.allocate(first.domain());
        Block block = WaitQueue.allocate(first.domain());
        var lock = new OwnedLock(first.domain(), lockBlock);
        var queue = new WaitQueue(first.domain(), block);
        return run(
                List.of(
                        () -> {
                            pause();
                            lock.acquire();
                            int waiting = queue.waiting();
                            queue.signal(1);
                            lock.release();
                            return waiting;
                        },
                        waiter(second, lockBlock, block),
                        waiter(third, lockBlock, block)),
                results -> results.get(0) + " waited, " + ((int) results.get(1) + (int) results.get(2)) + " told");
    }

    private static Callable<Object> waiter(Member member, Block lockBlock, Block block) {
        var lock = member.open(lockBlock, OwnedLock::new);
        var queue = member.open(block, WaitQueue::new);
        return () -> {
            Deadline deadline =
                    Deadline.after(Duration.ofNanos(ThreadLocalRandom.current().nextInt(200_000)));
            lock.acquire();
            int ticket = queue.enter();
            try {
                while (true) {
                    int seen = queue.sequence();
                    lock.release();
                    boolean inTime = queue.await(seen, deadline, false);
                    lock.acquire();
                    if (queue.take(ticket)) {
                        return 1;
                    }
                    if (!inTime) {
                        queue.leave(ticket);
                        return 0;
                    }
                }
            } finally {
                lock.release();
            }
        };
    }

    private Race.Run tripAgainstTimeout() throws Exception {
        Block block = Rendezvous.allocate(first.domain(), 2);
        var theirs = new Rendezvous(first.domain(), block);
        var mine = second.open(block, Rendezvous::new);
        return run(
                List.of(
                        () -> {
                            long nanos = ThreadLocalRandom.current().nextInt(60_000);
                            return theirs.await(null, Deadline.after(Duration.ofNanos(nanos)));
                        },
                        () -> {
                            pause();
                            return mine.await(null, Deadline.after(LONG));
                        }),
                results -> describe(results.get(0)) + ", " + describe(results.get(1)));
    }

    private static String describe(Object result) {
        var arrival = (Rendezvous.Arrival) result;
        boolean passed = arrival.outcome() == Rendezvous.Outcome.PASSED;
        return arrival.outcome() + (passed ? " " + arrival.index() : "");
    }

    /** Changes something at a random moment; returns when that was done. */
    private static Callable<Object> atSomeMoment(Runnable change) {
        return () -> {
            pause();
            change.run();
            return System.nanoTime();
        };
    }

    /** Waits; returns when that was over. */
    private static Callable<Object> timeOf(Callable<Boolean> wait) {
        return () -> wait.call() ? System.nanoTime() : "in vain";
    }

    /** Compares when the first actor let the others go on with when they did. */
    private static String delay(String outcome, List<Object> results) {
        long latest = 0;
        for (Object result : results) {
            if (!(result instanceof Long when)) {
                return result.toString();
            }
            latest = latest == 0 || when - latest > 0 ? when : latest;
        }
        return Race.orLate(outcome, (long) results.get(0), latest);
    }

    /** Sometimes none, sometimes until the others sleep. */
    private static void pause() {
        for (int i = ThreadLocalRandom.current().nextInt(4_000); i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    private interface Judge {
        String of(List<Object> results) throws Exception;
    }

    private static Race.Run run(List<Callable<Object>> actors, Judge judge) {
        return new Race.Run() {
            @Override
            public List<Callable<Object>> actors() {
                return actors;
            }

            @Override
            public String outcome(List<Object> results) throws Exception {
                return judge.of(results);
            }
        };
    }
}
