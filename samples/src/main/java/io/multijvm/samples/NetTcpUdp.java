package io.multijvm.samples;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * A word there and a word back on the loopback, over TCP and over UDP.
 *
 * <p>Expect: TCP is a connection that is accepted, carries bytes in order both ways and has an end; with UDP each message is
 * on its own and says where it came from, which is where the answer goes.
 */
public final class NetTcpUdp {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private NetTcpUdp() {}

    public static void main(String[] args) throws IOException {
        tcp();
        udp();
    }

    private static void tcp() throws IOException {
        try (var server = new ServerSocket(0, 5, LOOPBACK)) {
            var served = CompletableFuture.runAsync(() -> serveTcp(server));
            try (var client = new Socket(LOOPBACK, server.getLocalPort())) {
                client.getOutputStream().write(bytes("hello over TCP"));
                client.shutdownOutput();
                System.out.println(
                        "TCP client hears: " + text(client.getInputStream().readAllBytes()));
            }
            served.join();
        }
    }

    private static void serveTcp(ServerSocket server) {
        try (var client = server.accept()) {
            var said = text(client.getInputStream().readAllBytes());
            System.out.println("TCP server hears: " + said);
            client.getOutputStream().write(bytes(said.length() + " letters"));
        } catch (IOException e) {
            throw new IllegalStateException("server at " + server, e);
        }
    }

    private static void udp() throws IOException {
        try (var server = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
                var client = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            send(client, "hello over UDP", server.getLocalPort());
            send(client, "and once more", server.getLocalPort());
            for (int i = 0; i < 2; i++) {
                var message = receive(server);
                System.out.println("UDP server hears: " + text(message));
                send(server, message.getLength() + " letters", message.getPort());
                System.out.println("UDP client hears: " + text(receive(client)));
            }
        }
    }

    private static void send(DatagramSocket socket, String message, int port) throws IOException {
        var bytes = bytes(message);
        socket.send(new DatagramPacket(bytes, bytes.length, LOOPBACK, port));
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        var packet = new DatagramPacket(new byte[1024], 1024);
        socket.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket message) {
        return new String(message.getData(), 0, message.getLength(), StandardCharsets.UTF_8);
    }

    private static String text(byte[] message) {
        return new String(message, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String message) {
        return message.getBytes(StandardCharsets.UTF_8);
    }
}
