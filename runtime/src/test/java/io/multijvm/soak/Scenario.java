package io.multijvm.soak;

/** A part of a soak that is repeated. Each round ends, and accounts for, everything that it has started. */
interface Scenario extends AutoCloseable {
    void round() throws Exception;

    /** Summarises all rounds so far in a few words. */
    String report();

    @Override
    default void close() {}
}
