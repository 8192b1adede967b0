package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.AsyncResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A server with four workers: each accepted socket goes to a worker, as the argument of a task, and this process lets go of it.
 *
 * <p>Expect: six clients are connected, four are served at once by four processes; the two others get their answer only after
 * the first ones have hung up, from a process that has served before.
 */
public final class PoolSocketServer {
    private static final int WORKERS = 4;
    private static final int CLIENTS = 6;

    private PoolSocketServer() {}

    public static void main(String[] args) throws Exception {
        try (var server = ServerSocketChannel.open();
                var pool = MultiJvm.pool(WORKERS)) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            List<AsyncResult<@Nullable Void>> talks = new ArrayList<>();
            List<Client> clients = new ArrayList<>();
            for (int i = 1; i <= CLIENTS; i++) {
                clients.add(Client.connect("client " + i, server));
                var accepted = server.accept();
                talks.add(pool.applyAsync(() -> talk(accepted)));
                accepted.close(); // the worker has its own
            }

            for (var client : clients) {
                client.say("hello from " + client.name);
            }
            for (var client : clients.subList(0, WORKERS)) {
                System.out.println(client.name + " hears " + client.hear());
            }
            var pending = clients.subList(WORKERS, CLIENTS);
            System.out.println("talks that wait for a worker: " + pool.stats().queued());
            for (var client : clients.subList(0, pending.size())) {
                System.out.println(client.name + " hangs up");
                client.socket.close();
            }
            for (var client : pending) {
                System.out.println(client.name + " hears " + client.hear());
            }
            for (var client : clients) {
                client.socket.close();
            }
            for (var talk : talks) {
                talk.get();
            }
            System.out.println("workers: " + pool.pids());
        }
    }

    /** In a worker: answers in upper case, with the pid, until the client hangs up. */
    private static void talk(SocketChannel client) throws IOException {
        try (client) {
            var bytes = ByteBuffer.allocate(1024);
            while (client.read(bytes) > 0) {
                var text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
                var answer = ProcessHandle.current().pid() + ": " + text.toUpperCase(Locale.ROOT);
                client.write(StandardCharsets.UTF_8.encode(answer));
                bytes.clear();
            }
        }
    }

    private record Client(String name, SocketChannel socket) {
        static Client connect(String name, ServerSocketChannel server) throws IOException {
            return new Client(name, SocketChannel.open(server.getLocalAddress()));
        }

        void say(String text) throws IOException {
            socket.write(StandardCharsets.UTF_8.encode(text));
        }

        String hear() throws IOException {
            var bytes = ByteBuffer.allocate(1024);
            socket.read(bytes);
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        }
    }
}
