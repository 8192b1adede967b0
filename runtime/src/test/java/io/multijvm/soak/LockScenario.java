package io.multijvm.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.sync.ProcessEvent;
import io.multijvm.sync.ProcessSemaphore;
import io.multijvm.testkit.Eventually;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.locks.Lock;

/** Three processes that count under one lock or semaphore. Half of the rounds kill one of them. */
final class LockScenario implements Scenario {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int PROCESSES = 3;
    private static final int TIMES = 2_000;

    private final Random random;
    private long counted;
    private int kills;

    LockScenario(long seed) {
        random = new Random(seed);
    }

    private interface Exclusion extends Serializable {
        void enter() throws InterruptedException;

        void leave();
    }

    private record ByLock(Lock lock) implements Exclusion {
        @Override
        public void enter() {
            lock.lock();
        }

        @Override
        public void leave() {
            lock.unlock();
        }
    }

    private record BySemaphore(ProcessSemaphore semaphore) implements Exclusion {
        @Override
        public void enter() throws InterruptedException {
            semaphore.acquire();
        }

        @Override
        public void leave() {
            semaphore.release();
        }
    }

    @Override
    public void round() throws Exception {
        Exclusion exclusion = switch (random.nextInt(3)) {
            case 0 -> new ByLock(MultiJvm.lock());
            case 1 -> new ByLock(MultiJvm.rlock());
            default -> new BySemaphore(MultiJvm.semaphore(1));
        };
        ProcessEvent go = MultiJvm.event();
        SharedInt counter = SharedInt.raw(0);
        try (var done = SharedIntArray.of(PROCESSES)) {
            var processes = new ArrayList<JvmProcess>();
            for (int i = 0; i < PROCESSES; i++) {
                int self = i;
                JvmProcess process = MultiJvm.process(() -> count(exclusion, go, counter, done, self));
                process.start();
                processes.add(process);
            }
            go.set();
            boolean isOneKilled = random.nextBoolean();
            if (isOneKilled) {
                kills++;
                int victim = random.nextInt(PROCESSES);
                Eventually.holds(() -> done.getVolatile(victim) > 0);
                processes.get(victim).kill();
            }
            int ended = 0;
            for (JvmProcess each : processes) {
                assertThat(each.join(PATIENCE)).as("%s", each).isTrue();
                ended += each.exitCode() == 0 ? 1 : 0;
            }
            assertThat(ended).isGreaterThanOrEqualTo(isOneKilled ? PROCESSES - 1 : PROCESSES);
            long sum = done.sum();
            assertThat((long) counter.get()).isBetween(sum, isOneKilled ? sum + 1 : sum);
            counted += sum;
        }
    }

    private static void count(Exclusion exclusion, ProcessEvent go, SharedInt counter, SharedIntArray done, int self)
            throws InterruptedException {
        go.await();
        for (int i = 0; i < TIMES; i++) {
            exclusion.enter();
            try {
                counter.set(counter.getPlain() + 1);
                done.setVolatile(self, i + 1);
            } finally {
                exclusion.leave();
            }
        }
    }

    @Override
    public String report() {
        return "locks " + counted + " times, " + kills + " kills";
    }
}
