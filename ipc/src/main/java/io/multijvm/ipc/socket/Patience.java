package io.multijvm.ipc.socket;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Packets;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How long a receiver looks for the next packet itself before it sleeps in the kernel: to fall asleep and to be woken costs
 * more than a quick answer takes. The time adapts to whether looking has paid on this socket lately; where it does not
 * pay, it shrinks to nothing but a try now and then. So who waits long uses no processor.
 *
 * <p>Between two looks the processor is offered to others. If the sender was to run on this one, it does so at once.
 */
final class Patience {
    private static final int MOST_NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 50_000 : 0;
    private static final int LEAST_NANOS = 2_000;
    private static final int BETWEEN_TRIES = 16;

    private int nanos = MOST_NANOS; // a guess, racy on purpose, as is the other
    private int refrained;

    /** The next packet if it comes soon, else null. */
    @SuppressWarnings("ThreadPriorityCheck") // quick either way; nothing depends on it
    Packets.@Nullable Packet receive(Descriptor socket) throws IOException {
        int most = most();
        if (most == 0) {
            return null;
        }
        long begin = System.nanoTime();
        while (true) {
            Thread.yield();
            Packets.Packet packet = Packets.receive(socket);
            boolean isOver = System.nanoTime() - begin >= most; // on a busy machine, others had the processor that long
            if (isOver) {
                nanos -= nanos / 4;
            } else if (packet != null) {
                nanos = Math.min(MOST_NANOS, 2 * nanos + LEAST_NANOS);
            }
            if (isOver || packet != null) {
                return packet;
            }
        }
    }

    private int most() {
        int now = nanos;
        if (now >= LEAST_NANOS) {
            return now;
        }
        refrained++;
        return refrained % BETWEEN_TRIES == 0 ? MOST_NANOS : 0;
    }
}
