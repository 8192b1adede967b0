package io.multijvm.soak;

/** A part of a soak. Whatever it starts in a round is accounted for and ended there. */
interface Lane extends AutoCloseable {
    void round() throws Exception;

    /** What has happened so far, in a few words. */
    String report();

    @Override
    default void close() {}
}
