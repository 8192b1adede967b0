package io.multijvm.ipc.sync;

/**
 * The memory of a {@link Roll}; offsets in bytes.
 *
 * <pre>
 *   0        4          8                           8 + 8 * capacity
 *   | used   | capacity | process &lt;&lt; 32 | its number | …
 * </pre>
 */
final class RollLayout {
    static final int USED = 0;
    static final int CAPACITY = 4;
    static final int ENTRIES = 8;
    static final long NUMBER = 0xffffffffL;

    private RollLayout() {}
}
