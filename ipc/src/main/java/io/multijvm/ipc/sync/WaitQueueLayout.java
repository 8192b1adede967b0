package io.multijvm.ipc.sync;

/**
 * The memory of a {@link WaitQueue}; offsets in bytes.
 *
 * <pre>
 *   0            4             8               12        16
 *   | sequence   | next ticket | signalled to  | signals | roll: eligible &lt;&lt; 16 | waiting, by process
 * </pre>
 */
final class WaitQueueLayout {
    static final int SEQUENCE = 0;
    static final int NEXT = 4;
    static final int SIGNALLED_TO = 8;
    static final int SIGNALS = 12;
    static final int ROLL = 16;
    static final int ELIGIBLE = 16; // shift
    static final int WAITING = 0xffff;

    private WaitQueueLayout() {}
}
