package io.multijvm.samples.check;

/** What a sample must be seen to do. */
@FunctionalInterface
interface Expectation {
    /** Throws a {@link NotShownException} when it is not so. */
    void check(Shown shown);
}
