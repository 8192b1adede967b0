package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ForkTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each sample of the section Shared values, in a JVM of its own: it shows what its class comment promises. */
@ForkTest
final class ValueSamplesTest {
    private static final String INT = "-2147483648 to 2147483647";
    private static final String LONG = "-9223372036854775808 to 9223372036854775807";
    private static final String UNSIGNED_LONG = "0 to 18446744073709551615";

    /** What is said of each typecode before the answer to a value beyond. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("c", "Character of 1 bytes: U+0 to U+ff"),
            Map.entry("u", "Character of 2 bytes: U+0 to U+ffff"),
            Map.entry("b", "Integer of 1 bytes: -128 to 127"),
            Map.entry("B", "Integer of 1 bytes: 0 to 255"),
            Map.entry("h", "Integer of 2 bytes: -32768 to 32767"),
            Map.entry("H", "Integer of 2 bytes: 0 to 65535"),
            Map.entry("i", "Integer of 4 bytes: " + INT),
            Map.entry("I", "Long of 4 bytes: 0 to 4294967295"),
            Map.entry("l", "Long of 8 bytes: " + LONG),
            Map.entry("L", "BigInteger of 8 bytes: " + UNSIGNED_LONG),
            Map.entry("q", "Long of 8 bytes: " + LONG),
            Map.entry("Q", "BigInteger of 8 bytes: " + UNSIGNED_LONG),
            Map.entry("f", "Float of 4 bytes: -3.4028235E38 to 3.4028235E38"),
            Map.entry("d", "Double of 8 bytes: -1.7976931348623157E308 to 1.7976931348623157E308"));

    @Test
    void valueTypes_everyTypecode_holdsItsRangeAndRefusesTheRest() throws InterruptedException {
        var run = SampleRun.succeeding(ValueTypes.class);

        assertThat(run.out()).first().isEqualTo("set by the child: 888, a, U+6b66");
        assertThat(run.out()).hasSize(1 + TYPES.size());
        TYPES.forEach((code, type) -> assertThat(run.text(code + ", " + type.replace("+", "\\+") + ", refuses: (.*)"))
                .as(code)
                .contains("'" + code + "'"));
    }

    @Test
    void arrayBasic_elements_areSharedAndLengthAndTypeAreFixed() throws InterruptedException {
        var run = SampleRun.succeeding(ArrayBasic.class);

        assertThat(run.out())
                .containsSubsequence(
                        "element 0: 666",
                        "elements 1 and 2: [22, 777]",
                        "all of them: [666, 22, 777, 888]",
                        "length: 4",
                        "all of them: [666, 22, 777, 888]",
                        "all of them: [1, 2]");
        assertThat(run.texts("(.*) is refused: IndexOutOfBoundsException: .*"))
                .containsExactly("get(4)", "get(-1)", "set(4, 55)", "setSlice(3, two elements)");
        assertThat(run.texts("(.*) is refused: IllegalArgumentException: .*"))
                .containsExactly("set(0, \"text\")", "set(0, 40000)");
        assertThat(run.out()).hasSize(12);
    }

    @Test
    void valueRace_withoutLock_losesUpdatesAndWithItNone() throws InterruptedException {
        assertThat(SampleRun.succeeding(ValueRace.class).out())
                .containsExactly("without the lock: 1", "with the lock: 20", "with atomic operations: 20000");
    }
}
