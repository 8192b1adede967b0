package io.multijvm.samples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One process serves 500 clients at the same time, a virtual thread for each where the JDK has them. The code reads as if
 * there were one client: what waits for input is switched away from.
 *
 * <p>Expect: all 500 are connected and answered in upper case before the first hangs up, by one process.
 */
public final class CoroutineEcho {
    private static final int CLIENTS = 500;
    private static final AtomicInteger SERVED = new AtomicInteger();
    private static final AtomicInteger MOST_AT_ONCE = new AtomicInteger();

    private CoroutineEcho() {}

    public static void main(String[] args) throws Exception {
        System.out.println("virtual threads: " + VirtualThreads.areThere());
        var threads = VirtualThreads.executor();
        try (var server = new ServerSocket(0, CLIENTS, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> accept(server, threads));
            talk(server.getLocalPort());
        } finally {
            threads.shutdown();
        }
    }

    private static void accept(ServerSocket server, ExecutorService threads) {
        try {
            while (true) {
                var client = server.accept();
                threads.execute(() -> echo(client));
            }
        } catch (SocketException e) {
            // closed: main has no more clients
        } catch (IOException e) {
            throw new IllegalStateException("server at " + server, e);
        }
    }

    private static void echo(Socket client) {
        MOST_AT_ONCE.accumulateAndGet(SERVED.incrementAndGet(), Math::max);
        try (client) {
            var buffer = new byte[1024];
            for (int count = client.getInputStream().read(buffer);
                    count >= 0;
                    count = client.getInputStream().read(buffer)) {
                var text = new String(buffer, 0, count, StandardCharsets.UTF_8);
                client.getOutputStream().write(text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            System.out.println("a client is gone: " + e.getMessage());
        } finally {
            SERVED.decrementAndGet();
        }
    }

    /** All clients connect, then each says something, then each hears the answer, then all hang up. */
    private static void talk(int port) throws IOException {
        List<Socket> clients = new ArrayList<>();
        int right = 0;
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            for (int i = 0; i < CLIENTS; i++) {
                clients.get(i).getOutputStream().write(said(i).getBytes(StandardCharsets.UTF_8));
            }
            for (int i = 0; i < CLIENTS; i++) {
                var expected = said(i).toUpperCase(Locale.ROOT);
                var answer = clients.get(i).getInputStream().readNBytes(expected.length());
                right += new String(answer, StandardCharsets.UTF_8).equals(expected) ? 1 : 0;
            }
            System.out.println("clients at once: " + MOST_AT_ONCE.get() + ", answers in upper case: " + right);
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    private static String said(int client) {
        return "client " + client + " says hello";
    }
}
