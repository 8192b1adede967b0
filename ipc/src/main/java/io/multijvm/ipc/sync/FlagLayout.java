package io.multijvm.ipc.sync;

/**
 * The memory of a {@link Flag}; offsets in bytes.
 *
 * <pre>
 *   0                                  4
 *   | sleepers | times set | set       |
 *     bit 31     1..30       bit 0
 * </pre>
 */
final class FlagLayout {
    static final int SIZE = 4;
    static final int SET = 1;
    static final int ONCE = 2;
    static final int TIMES = ~(Word.SLEEPERS | SET);

    private FlagLayout() {}
}
