package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.sync.ProcessEvent;
import io.multijvm.sync.ProcessSemaphore;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A place in a task: a test sees that tasks have come to it, and says when they go on. */
public final class Gate implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Duration PATIENCE = Duration.ofMinutes(2); // longer than the time a test has

    private final ProcessSemaphore arrived = ProcessSemaphore.create(0);
    private final ProcessEvent open = ProcessEvent.create();

    /** The task is here; it goes on when the gate is open, or by an interrupt. */
    public void pass() throws InterruptedException {
        arrived.release();
        open.await();
    }

    /** As {@link #pass}, and gives {@code value}. */
    public <T> T passWith(T value) throws InterruptedException {
        pass();
        return value;
    }

    /** The task is here, and stays whatever happens but for the end of its process. */
    public void stay() {
        arrived.release();
        while (!open.isSet()) {
            LockSupport.parkNanos(1_000_000);
            boolean unused = Thread.interrupted();
        }
    }

    /** The task is here, and goes on. */
    public void arrive() {
        arrived.release();
    }

    /** Waits until so many more tasks have come. */
    public void awaitArrivals(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            assertThat(arrived.tryAcquire(PATIENCE))
                    .as("%d of %d arrivals", i, count)
                    .isTrue();
        }
    }

    /** Whether somebody has come whom nobody has awaited. */
    public boolean hasArrivals() {
        return arrived.availablePermits() > 0;
    }

    public void open() {
        open.set();
    }
}
