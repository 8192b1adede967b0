package io.multijvm.manager;

import io.multijvm.connection.Listener;
import io.multijvm.ipc.socket.ListeningSocket;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import java.io.ObjectInputFilter;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/**
 * The server of a manager in this process: it holds the objects, and serves whoever connects with the key. Python:
 * {@code manager.get_server()}.
 */
public final class ManagerServer implements AutoCloseable {
    private final LocalServer server;
    private final Reception reception;
    private final SocketAddress address;
    private final byte[] authkey;

    private ManagerServer(LocalServer server, Reception reception, SocketAddress address, byte[] authkey) {
        this.server = server;
        this.reception = reception;
        this.address = address;
        this.authkey = authkey;
    }

    /**
     * Begins to serve, on threads of its own.
     *
     * @throws java.net.BindException when the address is taken, or cannot be had here
     * @throws Exception what the initializer throws
     */
    public static ManagerServer open(ManagerOptions options) throws Exception {
        if (options.initializer() != null) {
            options.initializer().run();
        }
        byte[] wanted = options.authkey();
        byte[] key = wanted == null ? JvmProcess.currentProcess().authKey() : wanted;
        SocketAddress where = options.address() == null
                ? UnixDomainSocketAddress.of(ProcessContext.uniqueFile("manager"))
                : options.address();
        ListeningSocket socket = ListeningSocket.open(where, Listener.DEFAULT_BACKLOG);
        boolean done = false;
        try {
            String pattern = options.filter();
            var server = new LocalServer(
                    Addresses.toText(socket.address()),
                    key,
                    pattern == null ? null : new RequestFilter(ObjectInputFilter.Config.createFilter(pattern)));
            options.types().forEach(server.types()::register);
            Servers.add(server);
            Keys.publish(server.id(), key);
            Reception reception = Reception.open(server, socket, key);
            done = true;
            return new ManagerServer(server, reception, socket.address(), key);
        } finally {
            if (!done) {
                socket.close();
            }
        }
    }

    /** Where it listens: with the real port, if any was asked for. */
    public SocketAddress address() {
        return address;
    }

    /** The key that clients have to prove. */
    public byte[] authkey() {
        return authkey.clone();
    }

    /** A manager whose objects live in this process. */
    public Manager manager() {
        return Manager.of(server.itself());
    }

    /** As {@link Manager#register(Class, ManagedFactory, String...)}; here the factory stays where it is. */
    public <T> ManagerServer register(Class<T> type, ManagedFactory<? extends T> factory, String... exposed) {
        server.types().register(Registration.of(type, factory, exposed));
        return this;
    }

    /** Waits until the server is shut down: by {@link #close}, or by {@link Manager#shutdown} in any process. */
    public void serveForever() throws InterruptedException {
        reception.awaitEnd();
    }

    /** Lets nobody in any more and ends all calls; idempotent. */
    @Override
    public void close() {
        reception.shutDown();
    }

    @Override
    public String toString() {
        return "ManagerServer[" + server.address() + "]";
    }
}
