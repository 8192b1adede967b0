package io.multijvm.samples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One thread serves many clients: a {@code Selector} says which of the sockets has something, so that no read ever waits.
 *
 * <p>Expect: twenty clients are connected at the same time and each is answered, the last to come first; the server is one
 * thread from beginning to end, and closes a connection when its client has.
 */
public final class NetSelect {
    private static final int CLIENTS = 20;

    private NetSelect() {}

    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CLIENTS);
            var serving = new FutureTask<>(() -> serve(server));
            new Thread(serving, "server").start();
            talk(server.getLocalAddress());
            System.out.println(serving.get());
        }
    }

    /** Serves until all clients have come and gone; returns what there is to say. */
    private static String serve(ServerSocketChannel server) throws IOException {
        Set<String> threads = new HashSet<>();
        int accepted = 0;
        int closed = 0;
        int most = 0;
        try (var selector = Selector.open()) {
            server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
            while (closed < CLIENTS) {
                selector.select();
                for (var key : selector.selectedKeys()) {
                    threads.add(Thread.currentThread().getName());
                    if (key.isAcceptable()) {
                        var client = server.accept();
                        client.configureBlocking(false).register(selector, SelectionKey.OP_READ);
                        accepted++;
                        most = Math.max(most, accepted - closed);
                    } else if (!answer((SocketChannel) key.channel())) {
                        key.channel().close();
                        closed++;
                    }
                }
                selector.selectedKeys().clear();
            }
        }
        return "served by threads " + threads + ": " + accepted + ", at once: " + most + ", closed: " + closed;
    }

    /** Returns whether the client is still there. */
    private static boolean answer(SocketChannel client) throws IOException {
        var buffer = ByteBuffer.allocate(1024);
        if (client.read(buffer) < 0) {
            return false;
        }
        var said = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        client.write(ByteBuffer.wrap(said.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8)));
        return true;
    }

    private static void talk(SocketAddress server) throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(SocketChannel.open(server));
            }
            for (int i = CLIENTS - 1; i >= 0; i--) {
                var said = "client " + i;
                clients.get(i).write(ByteBuffer.wrap(said.getBytes(StandardCharsets.UTF_8)));
                var answer = clients.get(i).socket().getInputStream().readNBytes(said.length());
                System.out.println(said + " hears " + new String(answer, StandardCharsets.UTF_8));
            }
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }
}
