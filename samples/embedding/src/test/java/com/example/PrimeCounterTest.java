package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.multijvm.MultiJvm;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests need nothing special: children get the class path of the tests, and end with them. */
final class PrimeCounterTest {
    @Test
    void below_counts() throws InterruptedException {
        try (var primes = new PrimeCounter(2)) {
            assertEquals(0, primes.below(2));
            assertEquals(25, primes.below(100));
        }
    }

    @Test
    void below_killedWorker_goesOn() throws InterruptedException {
        try (var primes = new PrimeCounter(2)) {
            assertEquals(25, primes.below(100));

            ProcessHandle.of(primes.workers().get(0)).ifPresent(ProcessHandle::destroyForcibly);

            assertEquals(168, primes.below(1000));
        }
    }

    /** A test may be another process's partner: here one waits for what the other sets. */
    @Test
    void event_setByChild_isSeen() throws InterruptedException {
        var event = MultiJvm.event();
        var child = MultiJvm.process(event::set);
        child.start();

        event.await(Duration.ofMinutes(1));
        child.joinOrThrow();

        assertEquals(true, event.isSet());
    }
}
