package io.multijvm.ipc.socket;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Packets;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How long a receiver looks for the next packet itself before it sleeps in the kernel: to fall asleep and to be woken costs
 * more than a quick answer takes. The time adapts to whether looking has paid on this socket lately; where it does not
 * pay, it shrinks to nothing but a try now and then, more and more seldom. So who waits long uses no processor.
 *
 * <p>Between two looks the processor is offered to others. If the sender was to run on this one, it does so at once.
 */
final class Patience {
    /** Longer than it takes to wake a sender that sleeps: while one of the two sleeps, the other must not give up. */
    private static final int MOST_NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 100_000 : 0;

    private static final int FIRST_NANOS = 12_500;
    private static final int LEAST_NANOS = 2_000;
    private static final int FEWEST_BETWEEN_TRIES = 16;
    private static final int MOST_BETWEEN_TRIES = 1024;

    private int nanos = MOST_NANOS; // guesses, racy on purpose, all three
    private int untilTry = FEWEST_BETWEEN_TRIES;
    private int betweenTries = FEWEST_BETWEEN_TRIES;

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
            long elapsed = System.nanoTime() - begin;
            if (elapsed >= most) {
                failed(elapsed);
                return packet;
            }
            if (packet != null) {
                paid();
                return packet;
            }
        }
    }

    private int most() {
        int now = nanos;
        if (now >= LEAST_NANOS) {
            return now;
        }
        untilTry--;
        return untilTry > 0 ? 0 : MOST_NANOS;
    }

    private void paid() {
        nanos = Math.min(MOST_NANOS, 2 * nanos + FIRST_NANOS);
        betweenTries = Math.max(FEWEST_BETWEEN_TRIES, betweenTries / 2);
    }

    private void failed(long elapsed) {
        nanos /= 2;
        if (elapsed > 2L * MOST_NANOS) {
            nanos = 0; // others had the processor that long: on a busy machine, sleepers are served first
        }
        if (nanos < LEAST_NANOS) {
            betweenTries = Math.min(MOST_BETWEEN_TRIES, 2 * betweenTries);
            untilTry = betweenTries;
        }
    }
}
