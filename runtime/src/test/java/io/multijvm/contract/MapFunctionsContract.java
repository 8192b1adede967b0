package io.multijvm.contract;

import static io.multijvm.contract.Sendable.biFn;
import static io.multijvm.contract.Sendable.fn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What holds for every map of ours that is given functions, which may run where the map is. */
public interface MapFunctionsContract extends MapSource {
    @Test
    default void computeIfAbsent_onlyComputesWhatIsAbsent() {
        var map = numbered("a");

        assertThat(map.computeIfAbsent("a", fn(key -> 9))).isEqualTo(1);
        assertThat(map.computeIfAbsent("three", fn(String::length))).isEqualTo(5);
        assertThat(map.computeIfAbsent("none", fn(key -> null))).isNull();

        assertThat(map).isEqualTo(Map.of("a", 1, "three", 5));
    }

    @Test
    default void computeIfPresent_onlyComputesWhatIsThere() {
        var map = numbered("a", "b");

        assertThat(map.computeIfPresent("a", biFn((key, value) -> value + key.length())))
                .isEqualTo(2);
        assertThat(map.computeIfPresent("b", biFn((key, value) -> null))).isNull();
        assertThat(map.computeIfPresent("c", biFn((key, value) -> 9))).isNull();

        assertThat(map).isEqualTo(Map.of("a", 2));
    }

    @Test
    default void compute_givesWhatTheFunctionMakesOfIt() {
        var map = numbered("a", "b");

        assertThat(map.compute("a", biFn((key, value) -> value == null ? 0 : value * 10)))
                .isEqualTo(10);
        assertThat(map.compute("c", biFn((key, value) -> value == null ? 0 : value * 10)))
                .isZero();
        assertThat(map.compute("b", biFn((key, value) -> null))).isNull();
        assertThat(map.compute("d", biFn((key, value) -> null))).isNull();

        assertThat(map).isEqualTo(Map.of("a", 10, "c", 0));
    }

    @Test
    default void merge_putsOrMakesOneOfBoth() {
        var map = numbered("a", "b");

        assertThat(map.merge("a", 5, biFn(Integer::sum))).isEqualTo(6);
        assertThat(map.merge("c", 5, biFn(Integer::sum))).isEqualTo(5);
        assertThat(map.merge("b", 5, biFn((old, value) -> null))).isNull();

        assertThat(map).isEqualTo(Map.of("a", 6, "c", 5));
    }

    @Test
    default void replaceAll_changesEveryValue() {
        var map = numbered("a", "b", "c");

        map.replaceAll(biFn((key, value) -> value * value + key.length()));

        assertThat(map).isEqualTo(Map.of("a", 2, "b", 5, "c", 10));
        this.<String, Integer>newMap().replaceAll(biFn((key, value) -> 1));
    }

    @Test
    default void functions_capturedValues_comeAlong() {
        var map = numbered("a");
        int step = 7;

        map.merge("a", 1, biFn((old, value) -> old + value * step));
        map.compute("b", biFn((key, value) -> step));
        map.computeIfAbsent("c", fn(key -> step + 1));
        map.replaceAll(biFn((key, value) -> value + step));

        assertThat(map).isEqualTo(Map.of("a", 15, "b", 14, "c", 15));
    }

    @Test
    default void functions_thatThrow_changeNothing() {
        var map = numbered("a");
        int zero = map.size() - 1;

        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> map.compute("a", biFn((key, value) -> Math.floorDiv(value, zero))));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> map.computeIfPresent("a", biFn((key, value) -> Math.floorDiv(value, zero))));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> map.computeIfAbsent("b", fn(key -> 1 / (key.length() - 1))));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> map.merge("a", 1, biFn((old, value) -> Math.floorDiv(old, zero))));

        assertThat(map).isEqualTo(Map.of("a", 1));
        assertThat(map.merge("a", 1, biFn(Integer::sum))).isEqualTo(2);
    }

    @Test
    default void functions_null_areRefused() {
        var map = numbered("a");

        assertThatNullPointerException().isThrownBy(() -> map.compute("a", null));
        assertThatNullPointerException().isThrownBy(() -> map.computeIfAbsent("b", null));
        assertThatNullPointerException().isThrownBy(() -> map.computeIfPresent("a", null));
        assertThatNullPointerException().isThrownBy(() -> map.merge("a", 1, null));
        assertThatNullPointerException().isThrownBy(() -> map.merge("b", null, biFn(Integer::sum)));
        assertThatNullPointerException().isThrownBy(() -> map.replaceAll(null));
        assertThatNullPointerException().isThrownBy(() -> map.forEach(null));
        assertThat(map).isEqualTo(Map.of("a", 1));
    }

    @Test
    default void forEach_runsHere() {
        var map = numbered("a", "b", "c");
        var seen = new HashMap<String, Integer>();

        map.forEach(seen::put);

        assertThat(seen).isEqualTo(Map.of("a", 1, "b", 2, "c", 3));
    }
}
