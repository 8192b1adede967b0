package io.multijvm.ipc.sync;

/**
 * The memory of a {@link Rendezvous}, which begins with that of a lock; offsets in bytes.
 *
 * <pre>
 *   0        16                      20        24        28       32       40          104
 *   | lock   | generation | broken   | parties | arrived | acting | resets | last resets | roll: member | arrived, by process
 *              bits 1..31   bit 0                                            16 generations
 * </pre>
 */
final class RendezvousLayout {
    static final int GENERATION = LockLayout.SIZE;
    static final int PARTIES = 20;
    static final int ARRIVED = 24;
    static final int ACTING = 28;
    static final int RESETS = 32;
    static final int LAST_RESETS = 40;
    static final int REMEMBERED = 16;
    static final int ROLL = 104;
    static final int NO_RESET = -1; // no generation: these are even
    static final int BROKEN = 1;
    static final int MEMBER = 1 << 30;

    private RendezvousLayout() {}
}
