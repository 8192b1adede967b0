package io.multijvm.benchmarks;

import io.multijvm.connection.Connection;
import java.io.IOException;

/** What the two processes do in the area {@code pipe}. */
final class PipeTasks {
    private PipeTasks() {}

    static Partner.Task giveBack(Connection far) {
        return times -> {
            for (long i = 0; i < times; i++) {
                far.sendBytes(far.recvBytes());
            }
            return times;
        };
    }

    static Partner.Task take(Connection far) {
        return times -> {
            for (long i = 0; i < times; i++) {
                far.recvBytes();
            }
            return times;
        };
    }

    static void sendAndReceive(Connection near, int size, int times) throws IOException {
        byte[] message = new byte[size];
        for (int i = 0; i < times; i++) {
            near.sendBytes(message);
            near.recvBytes();
        }
    }

    static void send(Connection near, int size, int times) throws IOException {
        byte[] message = new byte[size];
        for (int i = 0; i < times; i++) {
            near.sendBytes(message);
        }
    }
}
