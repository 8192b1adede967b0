package io.multijvm.testkit;

/** How often a test repeats a race: a few times as a rule, often in {@code scripts/test --full}. */
public final class Rounds {
    private static final boolean FULL = Boolean.getBoolean("multijvm.test.full");

    private Rounds() {}

    /** Returns {@code few}, or {@code many} in a full run. */
    public static int of(int few, int many) {
        return FULL ? many : few;
    }
}
