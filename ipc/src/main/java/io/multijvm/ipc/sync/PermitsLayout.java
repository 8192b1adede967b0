package io.multijvm.ipc.sync;

/**
 * The memory of {@link Permits}, which begins with that of a lock; offsets in bytes.
 *
 * <pre>
 *   0         16                     20     24      28      32          40
 *   | lock    | sleepers | free      | mode | start | limit | recovered | roll: permits held, by process
 *               bit 31     0..30
 * </pre>
 */
final class PermitsLayout {
    static final int FREE = LockLayout.SIZE;
    static final int MODE = 20;
    static final int START = 24;
    static final int LIMIT = 28;
    static final int RECOVERED = 32;
    static final int ROLL = 40;
    static final int HELD = 0;
    static final int SIGNAL = 1;

    private PermitsLayout() {}
}
