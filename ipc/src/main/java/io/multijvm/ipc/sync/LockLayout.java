package io.multijvm.ipc.sync;

/**
 * The memory of an {@link OwnedLock}; offsets in bytes.
 *
 * <pre>
 *   0                                       4        8                16
 *   | word: sleepers | inherited | holder   | depth  | thread id, xor holder &lt;&lt; 34
 *     bit 31           bit 30      0..29
 * </pre>
 */
final class LockLayout {
    static final int DEPTH = 4;
    static final int THREAD = 8;
    static final int SIZE = 16;
    static final int INHERITED = 1 << 30;
    static final int HOLDER = INHERITED - 1;
    static final int TAG = 34; // shift: above all thread ids there will ever be

    private LockLayout() {}
}
