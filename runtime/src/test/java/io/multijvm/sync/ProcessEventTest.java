package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.EventContract;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.SharedEventContract;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.DefaultBackend;
import io.multijvm.testkit.EveryBackend;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.FullOnly;
import io.multijvm.testkit.JdkTest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@EveryBackend
@JdkTest
final class ProcessEventTest implements EventContract {
    /** An event of this package as the contract sees it. */
    private record EventSubject(ProcessEvent event) implements EventContract.Subject {
        @Override
        public void set() {
            event.set();
        }

        @Override
        public void clear() {
            event.clear();
        }

        @Override
        public boolean isSet() {
            return event.isSet();
        }

        @Override
        public void await() throws InterruptedException {
            event.await();
        }

        @Override
        public boolean await(Duration timeout) throws InterruptedException {
            return event.await(timeout);
        }
    }

    @Override
    public EventSubject newEvent() {
        return new EventSubject(ProcessEvent.create());
    }

    @Test
    @Conforms("_TestEvent.test_repr")
    void toString_saysWhetherItIsSet() {
        var event = ProcessEvent.create();
        assertThat(event).hasToString("ProcessEvent[unset]");
        event.set();
        assertThat(event).hasToString("ProcessEvent[set]");
        event.clear();
        assertThat(event).hasToString("ProcessEvent[unset]");
    }

    @Test
    void await_timeUnit_isTheSame() throws InterruptedException {
        var event = ProcessEvent.create();
        long start = System.nanoTime();
        assertThat(event.await(BRIEFLY.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(BRIEFLY.toNanos());
        event.set();
        assertThat(event.await(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
    }

    /** Between parties. */
    private interface Shared extends SharedEventContract {
        @Override
        default EventSubject newEvent() {
            return new EventSubject(ProcessEvent.create());
        }
    }

    @Nested
    final class BetweenThreads implements Shared {
        @Override
        public Workers workers() {
            return Workers.threads();
        }
    }

    @Nested
    @ForkTest
    @FullOnly
    @DefaultBackend
    final class BetweenSpawnedProcesses extends ProcessParties implements Shared {
        BetweenSpawnedProcesses() {
            super(StartMethod.SPAWN);
        }
    }

    @Nested
    @ForkTest
    final class BetweenProcesses extends ProcessParties implements Shared {
        BetweenProcesses() {
            super(StartMethod.FORKSERVER);
        }
    }
}
