package io.multijvm.sync;

/** Something held until the end of a {@code try} statement; closing it gives it back. */
public interface Guard extends AutoCloseable {
    @Override
    void close();
}
