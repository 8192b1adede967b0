package io.multijvm.manager;

import io.multijvm.ipc.memory.Garbage;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.process.ExitHook;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** The servers that this process knows, itself one of them perhaps. */
final class Servers {
    /** Who this process is to them. */
    static final UUID THIS_PROCESS = newId();

    private static final int AFTER_ALL_ELSE = -100;
    private static final Map<UUID, Server> HERE = new ConcurrentHashMap<>();
    /** Each is there as long as this process has something of it. */
    private static final Map<UUID, WeakReference<RemoteServer>> ELSEWHERE = new ConcurrentHashMap<>();

    private static final AtomicBoolean WILL_SAY_GOODBYE = new AtomicBoolean();

    private Servers() {}

    static UUID newId() {
        ByteBuffer random = ByteBuffer.wrap(ProcessControl.randomBytes(2 * Long.BYTES));
        return new UUID(random.getLong(), random.getLong());
    }

    /** The server {@code id}, which was last heard of at {@code address}. */
    static Server of(UUID id, String address) {
        Server here = HERE.get(id);
        return here == null ? elsewhere(id, address) : here;
    }

    private static RemoteServer elsewhere(UUID id, String address) {
        while (true) {
            WeakReference<RemoteServer> known = ELSEWHERE.get(id);
            RemoteServer server = known == null ? null : known.get();
            if (server != null) {
                return server;
            }
            var fresh = new RemoteServer(id, address);
            var reference = new WeakReference<>(fresh);
            boolean done = known == null
                    ? ELSEWHERE.putIfAbsent(id, reference) == null
                    : ELSEWHERE.replace(id, known, reference);
            if (done) {
                Garbage.closeWith(fresh, new Forgotten(id, reference, fresh.closing()));
                return fresh;
            }
        }
    }

    /** Forgets a server elsewhere that nothing here refers to any more, and closes the connections to it. */
    private record Forgotten(UUID id, WeakReference<RemoteServer> reference, Closeable lines) implements Closeable {
        @Override
        public void close() throws IOException {
            ELSEWHERE.remove(id, reference);
            lines.close();
        }
    }

    /** The server that listens at {@code address}, to which a connection is made. */
    static Server at(SocketAddress address, byte[] key) throws IOException {
        Line line = Line.open(address, key, THIS_PROCESS);
        Server server = of(line.server(), Addresses.toText(address));
        if (server instanceof RemoteServer elsewhere) {
            prepareGoodbye();
            elsewhere.knownBy(key, line);
        } else {
            line.close();
        }
        return server;
    }

    static void add(Server here) {
        HERE.put(here.id(), here);
    }

    static void remove(Server ended) {
        HERE.remove(ended.id(), ended);
    }

    /** Has the servers told, when this process ends in order, that it did not die. */
    static void prepareGoodbye() {
        if (WILL_SAY_GOODBYE.getAndSet(true)) {
            return;
        }
        if (JvmProcess.parentProcess().isPresent()) {
            ProcessContext.whenCompleted(Servers::sayGoodbye);
        } else {
            ExitHook ignored = ExitHook.register(Servers::sayGoodbye, AFTER_ALL_ELSE);
        }
    }

    private static void sayGoodbye() {
        for (WeakReference<RemoteServer> each : ELSEWHERE.values()) {
            RemoteServer server = each.get();
            if (server != null) {
                server.sayGoodbye();
            }
        }
    }
}
