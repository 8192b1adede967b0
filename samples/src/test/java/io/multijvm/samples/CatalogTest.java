package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CatalogTest {
    static List<Catalog.Sample> samples() {
        return Catalog.all();
    }

    @Test
    void all_ids_areUnique() {
        assertThat(samples())
                .extracting(Catalog.Sample::id)
                .doesNotHaveDuplicates()
                .contains("wordcount", "proc-hello");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void find_id_givesSampleWhoseClassIsNamedAfterIt(Catalog.Sample sample) {
        assertThat(Catalog.find(sample.id())).contains(sample);
        assertThat(sample.main().getSimpleName())
                .startsWithIgnoringCase(sample.id().replace("-", "")); // ThreadLocal is the JDK's
    }

    @ParameterizedTest
    @MethodSource("samples")
    void all_mainClass_hasPlainMain(Catalog.Sample sample) throws NoSuchMethodException {
        assertThat(sample.main().getMethod("main", String[].class)).isNotNull();
        assertThat(sample.line()).isNotBlank().doesNotContain("\n");
    }

    @Test
    void find_unknownId_isEmpty() {
        assertThat(Catalog.find("no-such-sample")).isEmpty();
    }
}
