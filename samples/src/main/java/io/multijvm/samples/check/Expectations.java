package io.multijvm.samples.check;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What every sample must be seen to do, by its id. */
final class Expectations {
    /** Those that print to standard error on purpose. */
    private static final Set<String> WITH_ERRORS = Set.of("proc-exitcode", "executor-crash");

    private Expectations() {}

    static Optional<Expectation> of(String id) {
        return sections()
                .filter(section -> section.containsKey(id))
                .findFirst()
                .map(section -> section.get(id))
                .map(expectation -> shown -> {
                    if (WITH_ERRORS.contains(id)) {
                        shown.endedWell();
                    } else {
                        shown.succeeded();
                    }
                    expectation.check(shown);
                });
    }

    private static Stream<Map<String, Expectation>> sections() {
        return Stream.of(
                ProcessExpectations.ALL,
                StartMethodExpectations.ALL,
                SyncExpectations.ALL,
                QueueExpectations.ALL,
                PipeExpectations.ALL,
                ValueExpectations.ALL,
                ManagerExpectations.ALL,
                PoolExpectations.ALL,
                ExecutorExpectations.ALL,
                ThreadExpectations.ALL,
                SchedulingExpectations.ALL);
    }
}
