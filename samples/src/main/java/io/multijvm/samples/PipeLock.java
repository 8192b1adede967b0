package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.process.JvmProcess;
import io.multijvm.sync.ProcessLock;
import java.io.IOException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two consumers receive at one end of a pipe, under a lock: in Python two receives at once would tear a message apart.
 *
 * <p>Expect: each of ten buns goes to one of the two, and each of them ends at a null of its own. (Here a message goes
 * whole to one receiver without a lock, too; the lock does not harm.)
 */
public final class PipeLock {
    private static final int BUNS = 10;
    private static final int CONSUMERS = 2;

    private PipeLock() {}

    public static void main(String[] args) throws Exception {
        var pipe = MultiJvm.pipe();
        var in = pipe.first();
        var out = pipe.second();
        var lock = MultiJvm.lock();
        var everybody = Stream.of(
                        MultiJvm.process("c1", () -> consume(in, out, lock)),
                        MultiJvm.process("c2", () -> consume(in, out, lock)),
                        MultiJvm.process("p1", () -> produce(in, out)))
                .toList();
        everybody.forEach(JvmProcess::start);
        in.close();
        out.close();
        for (var each : everybody) {
            each.join();
        }
        System.out.println("main");
    }

    private static void produce(Connection in, Connection out) throws IOException {
        out.close();
        for (int i = 0; i < BUNS; i++) {
            in.send(i);
        }
        for (int i = 0; i < CONSUMERS; i++) {
            in.send(null);
        }
        in.close();
    }

    private static void consume(Connection in, Connection out, ProcessLock lock) throws IOException {
        in.close();
        var name = MultiJvm.currentProcess().name();
        for (Object bun = receive(out, lock); bun != null; bun = receive(out, lock)) {
            System.out.println(name + " has received bun " + bun);
        }
        System.out.println(name + " has received the null");
        out.close();
    }

    private static @Nullable Object receive(Connection out, ProcessLock lock) throws IOException {
        lock.lock();
        try {
            return out.recv();
        } finally {
            lock.unlock();
        }
    }
}
