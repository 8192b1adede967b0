package io.multijvm.samples.check;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The section of shared values. */
final class ValueExpectations {
    static final Map<String, Expectation> ALL = Map.ofEntries(
            entry("value-types", ValueExpectations::types),
            entry("array-basic", ValueExpectations::array),
            entry(
                    "value-race",
                    shown -> shown.exactly(
                            "without the lock: 1", "with the lock: 20", "with atomic operations: 20000")));

    private static final String INT = "-2147483648 to 2147483647";
    private static final String LONG = "-9223372036854775808 to 9223372036854775807";
    private static final String UNSIGNED_LONG = "0 to 18446744073709551615";

    /** What is said of each typecode before the answer to a value beyond. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            entry("c", "Character of 1 bytes: U+0 to U+ff"),
            entry("u", "Character of 2 bytes: U+0 to U+ffff"),
            entry("b", "Integer of 1 bytes: -128 to 127"),
            entry("B", "Integer of 1 bytes: 0 to 255"),
            entry("h", "Integer of 2 bytes: -32768 to 32767"),
            entry("H", "Integer of 2 bytes: 0 to 65535"),
            entry("i", "Integer of 4 bytes: " + INT),
            entry("I", "Long of 4 bytes: 0 to 4294967295"),
            entry("l", "Long of 8 bytes: " + LONG),
            entry("L", "BigInteger of 8 bytes: " + UNSIGNED_LONG),
            entry("q", "Long of 8 bytes: " + LONG),
            entry("Q", "BigInteger of 8 bytes: " + UNSIGNED_LONG),
            entry("f", "Float of 4 bytes: -3.4028235E38 to 3.4028235E38"),
            entry("d", "Double of 8 bytes: -1.7976931348623157E308 to 1.7976931348623157E308"));

    private ValueExpectations() {}

    private static void types(Shown shown) {
        shown.begins("set by the child: 888, a, U+6b66");
        shown.size(1 + TYPES.size());
        TYPES.forEach((code, type) -> {
            var refusal = shown.text(Pattern.quote(code + ", " + type) + ", refuses: (.*)");
            Require.that(refusal.contains("'" + code + "'"), "the typecode is named in " + refusal);
        });
    }

    private static void array(Shown shown) {
        shown.inOrder(
                "element 0: 666",
                "elements 1 and 2: [22, 777]",
                "all of them: [666, 22, 777, 888]",
                "length: 4",
                "all of them: [666, 22, 777, 888]",
                "all of them: [1, 2]");
        Require.equal(
                shown.texts("(.*) is refused: IndexOutOfBoundsException: .*"),
                List.of("get(4)", "get(-1)", "set(4, 55)", "setSlice(3, two elements)"));
        Require.equal(
                shown.texts("(.*) is refused: IllegalArgumentException: .*"),
                List.of("set(0, \"text\")", "set(0, 40000)"));
        shown.size(12);
    }
}
