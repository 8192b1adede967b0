package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.Duck;
import io.multijvm.contract.EventContract;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.SharedEventContract;
import io.multijvm.contract.Workers;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@ForkTest
@Conforms("WithManagerTestEvent.test_event")
final class ManagedEventTest extends WithManager implements EventContract {
    private final Map<Subject, ManagedEvent> events = new HashMap<>();

    @Override
    public Subject newEvent() {
        ManagedEvent event = manager.event();
        Subject subject = Duck.as(Subject.class, event);
        events.put(subject, event);
        return subject;
    }

    @Override
    public boolean isAwaitedBy(Subject event, int count) {
        return events.get(event).waiting() == count;
    }

    @Test
    void toString_saysWhatItIsAndWhere() {
        assertThat(manager.event()).asString().startsWith("ManagedEvent[Event ").contains(" at ");
    }

    /** Between parties. */
    private interface Shared extends SharedEventContract {
        @Override
        default EventContract.Subject newEvent() {
            return Duck.as(EventContract.Subject.class, manager.event());
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
    final class BetweenProcesses extends ProcessParties implements Shared {
        BetweenProcesses() {
            super(StartMethod.FORKSERVER);
        }
    }
}
