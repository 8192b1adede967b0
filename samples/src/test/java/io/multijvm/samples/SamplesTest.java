package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.samples.check.SampleCheck;
import io.multijvm.testkit.ForkTest;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each sample, in a JVM of its own, shows what its class comment promises: what that is, package check says. */
@ForkTest
final class SamplesTest {
    static List<String> ids() {
        return Catalog.all().stream().map(Catalog.Sample::id).toList();
    }

    @Timeout(240)
    @ParameterizedTest(name = "{0}")
    @MethodSource("ids")
    void main_sample_showsWhatItMust(String id) throws Exception {
        var checked = SampleCheck.of(Catalog.find(id).orElseThrow());

        assertThat(checked.failure()).as(() -> "of " + checked.shown()).isEmpty();
    }
}
