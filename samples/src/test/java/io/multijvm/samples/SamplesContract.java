package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.samples.check.SampleCheck;
import io.multijvm.testkit.ForkTest;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A sample, in a JVM of its own, shows what its class comment promises; package {@code check} says what that is. Two
 * classes share the sections among them, so that they run side by side.
 */
@ForkTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SamplesContract {
    /** The sections of {@link ProcessSamplesTest}; {@link PoolSamplesTest} has all others. */
    static final Set<String> OF_PROCESSES =
            Set.of("Processes", "Start methods", "Process scheduling", "Pipes", "Shared values", "Queues");

    abstract boolean includes(String section);

    List<String> ids() {
        return Catalog.all().stream()
                .filter(sample -> includes(sample.section()))
                .map(Catalog.Sample::id)
                .toList();
    }

    @Timeout(240)
    @ParameterizedTest(name = "{0}")
    @MethodSource("ids")
    void main_sample_showsWhatItMust(String id) throws Exception {
        var checked = SampleCheck.of(Catalog.find(id).orElseThrow());

        assertThat(checked.failure()).as(() -> "of " + checked.shown()).isEmpty();
    }
}
