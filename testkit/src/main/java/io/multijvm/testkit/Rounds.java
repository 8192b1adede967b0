package io.multijvm.testkit;

/** How often a test repeats a race: a few times as a rule, often in {@code scripts/test --full}. */
public final class Rounds {
    private static final boolean FULL = Boolean.getBoolean("multijvm.test.full");

    private Rounds() {}

    /** Returns {@code few}, or {@code many} in a full run: a number of rounds, or what the rounds are about. */
    public static <T> T of(T few, T many) {
        return FULL ? many : few;
    }
}
