package io.multijvm.ipc.sync;

import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import io.multijvm.ipc.os.Futex;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Sleeping for virtual threads: a system call would keep the carrier thread, of which there are as many as processors,
 * from running the very thread that is to wake the sleeper. So they park, and for each word some of them wait for, one
 * platform thread sleeps in the kernel and unparks them all.
 */
final class VirtualSleepers {
    /** How long a platform thread sleeps at most; who is parked has a time of its own. */
    private static final long TURN_NANOS = 1_000_000_000;

    private final ConcurrentHashMap<Long, Group> groups = new ConcurrentHashMap<>();

    boolean sleep(long address, int seen, long nanos, boolean interruptibly) {
        var sleeper = new Sleeper(Thread.currentThread());
        groups.compute(address, (key, group) -> {
            Group joined = group == null ? new Group(address) : group;
            joined.members.add(sleeper);
            joined.seen = seen;
            if (group == null) {
                joined.start();
            }
            return joined;
        });
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        for (long left = nanos; !sleeper.isOver() && left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
            if (Thread.currentThread().isInterrupted()) {
                if (interruptibly) {
                    sleeper.leave();
                    return true;
                }
                interrupted |= Thread.interrupted(); // with it set, parking would return at once
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !sleeper.leave();
    }

    /** Either is woken or leaves; which of the two comes first decides. */
    private static final class Sleeper {
        private final Thread thread;
        private final AtomicBoolean over = new AtomicBoolean();

        Sleeper(Thread thread) {
            this.thread = thread;
        }

        boolean isOver() {
            return over.get();
        }

        boolean leave() {
            return over.compareAndSet(false, true);
        }

        boolean wake() {
            boolean slept = over.compareAndSet(false, true);
            if (slept) {
                LockSupport.unpark(thread);
            }
            return slept;
        }
    }

    /** Those who wait for one word; its fields are read and written inside {@code groups.compute} only. */
    private final class Group implements Runnable {
        final long address;
        final List<Sleeper> members = new ArrayList<>();
        int seen;

        Group(long address) {
            this.address = address;
        }

        void start() {
            var thread = new Thread(this, "multijvm-futex");
            thread.setDaemon(true);
            thread.start();
        }

        /** Whoever joins while this thread sleeps has seen the word later, and is woken with the others or earlier. */
        @Override
        public void run() {
            boolean done = false;
            while (!done) {
                try {
                    FaultPoint.reach("futex");
                    sleepForAll();
                    done = true;
                } catch (RuntimeException | Error e) {
                    Survival.of(e);
                }
            }
        }

        private void sleepForAll() {
            int[] expected = new int[1];
            while (groups.computeIfPresent(address, (key, group) -> {
                        expected[0] = seen;
                        return members.isEmpty() ? null : group;
                    })
                    != null) {
                boolean woken = Futex.sleep(address, expected[0], TURN_NANOS);
                if (!wakeMembers() && woken) {
                    Futex.wake(address, 1); // it was for somebody, and here all have left
                }
            }
        }

        private boolean wakeMembers() {
            boolean[] any = new boolean[1];
            groups.computeIfPresent(address, (key, group) -> {
                members.forEach(sleeper -> any[0] |= sleeper.wake());
                members.clear();
                return group;
            });
            return any[0];
        }
    }
}
