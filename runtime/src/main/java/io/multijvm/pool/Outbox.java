package io.multijvm.pool;

import io.multijvm.ipc.lane.Lane;
import io.multijvm.ipc.lane.Ring;
import io.multijvm.ipc.sync.EventCount;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/** What a worker says to its pool, whichever of its threads does; waits for room where there is none. */
final class Outbox {
    private final Lane lane;
    private final EventCount bell;
    private final ReentrantLock lock = new ReentrantLock();

    Outbox(Lane lane, EventCount bell) {
        this.lane = lane;
        this.bell = bell;
    }

    void send(int kind, long number, long nanos, byte[] bytes) throws IOException {
        send(kind, number, nanos, bytes, bytes.length);
    }

    /** An interrupt meanwhile was meant for a task that has ended, and is dropped. */
    void send(int kind, long number, long nanos, byte[] bytes, int length) throws IOException {
        lock.lock();
        try {
            boolean unused = put(kind, number, nanos, bytes, length);
        } finally {
            lock.unlock();
        }
    }

    /** Sends something in parts, none larger than {@code most}, with nothing between them; an interrupt is kept for later. */
    void sendInParts(int partKind, int lastKind, long number, byte[] bytes, int most) throws IOException {
        boolean interrupted = Thread.interrupted();
        lock.lock();
        try {
            int sent = 0;
            while (bytes.length - sent > most) {
                interrupted |= put(partKind, number, 0, part(bytes, sent, most), most);
                sent += most;
            }
            int rest = bytes.length - sent;
            interrupted |= put(lastKind, number, 0, part(bytes, sent, rest), rest);
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static byte[] part(byte[] bytes, int from, int length) {
        if (length == bytes.length) {
            return bytes;
        }
        byte[] part = new byte[length];
        System.arraycopy(bytes, from, part, 0, length);
        return part;
    }

    /** Returns whether it was interrupted. */
    private boolean put(int kind, long number, long nanos, byte[] bytes, int length) throws IOException {
        boolean interrupted = false;
        while (lane.results().send(kind, number, nanos, bytes, length) == Ring.NO_ROOM) {
            bell.signal();
            try {
                lane.awaitRoom();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        bell.signal();
        return interrupted;
    }
}
