package io.multijvm.manager;

import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.process.ExitHook;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
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
    private static final Map<UUID, Server> KNOWN = new ConcurrentHashMap<>();
    private static final AtomicBoolean WILL_SAY_GOODBYE = new AtomicBoolean();

    private Servers() {}

    static UUID newId() {
        ByteBuffer random = ByteBuffer.wrap(ProcessControl.randomBytes(2 * Long.BYTES));
        return new UUID(random.getLong(), random.getLong());
    }

    /** The server {@code id}, which was last heard of at {@code address}. */
    static Server of(UUID id, String address) {
        Server known = KNOWN.get(id);
        if (known != null) {
            return known;
        }
        var fresh = new RemoteServer(id, address);
        Server before = KNOWN.putIfAbsent(id, fresh);
        return before == null ? fresh : before;
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
        KNOWN.put(here.id(), here);
    }

    static void remove(Server ended) {
        KNOWN.remove(ended.id(), ended);
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
        for (Server each : KNOWN.values()) {
            if (each instanceof RemoteServer remote) {
                remote.sayGoodbye();
            }
        }
    }
}
