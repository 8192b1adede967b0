package io.multijvm.testkit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Something that happens to a thread of the engine at a place where a test injects it. */
public enum Fault {
    ERROR,
    OUT_OF_MEMORY,
    STACK_OVERFLOW,
    THREAD_DEATH,
    EXCEPTION,
    INTERRUPT,
    DELAY;

    private static final long DELAY_MILLIS = Rounds.of(40, 10_000);
    private static final Fault[] OF_EACH_KIND =
            Rounds.of(new Fault[] {ERROR, OUT_OF_MEMORY, INTERRUPT, DELAY}, values());
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    /** Arguments of a parameterised test: each place with one fault of each kind, or in a full run with every fault. */
    public static Stream<Arguments> at(String... places) {
        return Stream.of(places).flatMap(place -> Stream.of(OF_EACH_KIND).map(fault -> Arguments.of(place, fault)));
    }

    /** Whether code to which it happens ends there. */
    public boolean isThrown() {
        return this != INTERRUPT && this != DELAY;
    }

    /** An injector that lets this happen to the first {@code times} threads that come by {@code place}. */
    public Injector at(String place, int times) {
        return new Injector(this, place, times);
    }

    private void strike() {
        switch (this) {
            case ERROR -> throw new AssertionError("expected");
            case OUT_OF_MEMORY -> throw new OutOfMemoryError("expected");
            case STACK_OVERFLOW -> throw new StackOverflowError("expected");
            case THREAD_DEATH -> throw new ThreadDeath();
            case EXCEPTION -> throw new IllegalStateException("expected");
            case INTERRUPT -> Thread.currentThread().interrupt();
            case DELAY -> delay();
        }
    }

    /** The one wait in a test that is meant to take its time. */
    private static void delay() {
        try {
            if (NEVER.await(DELAY_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("never");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Is called with the name of each place that a thread reaches. */
    public static final class Injector implements Consumer<String> {
        private final Fault fault;
        private final String place;
        private final int times;
        private final AtomicInteger left;

        private Injector(Fault fault, String place, int times) {
            this.fault = fault;
            this.place = place;
            this.times = times;
            this.left = new AtomicInteger(times);
        }

        @Override
        public void accept(String name) {
            if (name.equals(place) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                fault.strike();
            }
        }

        /** The number of times the fault has happened. */
        public int strikes() {
            return times - left.get();
        }

        /** Whether a thread has come by. */
        public boolean hasStruck() {
            return strikes() > 0;
        }
    }
}
