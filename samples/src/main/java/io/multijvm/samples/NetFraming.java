package io.multijvm.samples;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * TCP is a stream of bytes and knows no messages: who sends two must say where the first ends.
 *
 * <p>Expect: two sends are one piece to the reader; with the length before each, in four bytes, they are two. The same way a
 * message and a file are uploaded, each behind a frame that says what it is.
 */
public final class NetFraming {
    private static final int PIECE = 8192;

    private NetFraming() {}

    public static void main(String[] args) throws IOException {
        var directory = Files.createTempDirectory("upload");
        var original = directory.resolve("original.bin");
        var stored = directory.resolve("stored.bin");
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var bytes = new byte[100_000];
            new Random(1).nextBytes(bytes);
            Files.write(original, bytes);
            sendTwoWithoutFrames(server);
            sendTwoWithFrames(server);
            upload(server, original, stored);
        } finally {
            Files.deleteIfExists(original);
            Files.deleteIfExists(stored);
            Files.delete(directory);
        }
    }

    private static void sendTwoWithoutFrames(ServerSocket server) throws IOException {
        try (var client = connected(server);
                var accepted = server.accept()) {
            client.getOutputStream().write("alex eats".getBytes(StandardCharsets.UTF_8));
            client.getOutputStream().write("fish".getBytes(StandardCharsets.UTF_8));
            var in = accepted.getInputStream();
            while (in.available() < "alex eatsfish".length()) {
                Work.pretend(Duration.ofMillis(1)); // stands for a reader that is slower than the network
            }
            var buffer = new byte[1024];
            int count = in.read(buffer);
            System.out.println("read without frames: " + new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
    }

    private static void sendTwoWithFrames(ServerSocket server) throws IOException {
        try (var client = connected(server);
                var accepted = server.accept()) {
            var out = new DataOutputStream(client.getOutputStream());
            send(out, "alex eats");
            send(out, "fish");
            var in = new DataInputStream(accepted.getInputStream());
            System.out.println("first frame: " + receive(in));
            System.out.println("second frame: " + receive(in));
        }
    }

    private static void upload(ServerSocket server, Path original, Path stored) throws IOException {
        var sender = new Thread(() -> sendAll(server, original), "sender");
        sender.start();
        try (var accepted = server.accept()) {
            var in = new DataInputStream(accepted.getInputStream());
            for (var type = receive(in); !type.equals("close"); type = receive(in)) {
                if (type.equals("message")) {
                    System.out.println("a message: " + receive(in));
                } else {
                    System.out.println("a file, " + type + ": " + store(in, stored) + " bytes, the same: "
                            + (Files.mismatch(original, stored) < 0));
                }
            }
            System.out.println("the client closes");
        }
    }

    private static void sendAll(ServerSocket server, Path file) {
        try (var client = connected(server)) {
            var out = new DataOutputStream(client.getOutputStream());
            send(out, "message");
            send(out, "here comes a file");
            send(out, "" + file.getFileName());
            out.writeInt((int) Files.size(file));
            Files.copy(file, out);
            send(out, "close");
        } catch (IOException e) {
            throw new IllegalStateException("upload of " + file, e);
        }
    }

    private static Socket connected(ServerSocket server) throws IOException {
        return new Socket(server.getInetAddress(), server.getLocalPort());
    }

    private static void send(DataOutputStream out, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String receive(DataInputStream in) throws IOException {
        var bytes = new byte[in.readInt()];
        in.readFully(bytes); // one read may give less than there is to come
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Stores the next frame, piece by piece, in {@code file}; returns its size. */
    private static int store(DataInputStream in, Path file) throws IOException {
        int size = in.readInt();
        try (var out = Files.newOutputStream(file)) {
            for (int left = size; left > 0; ) {
                var piece = in.readNBytes(Math.min(left, PIECE));
                out.write(piece);
                left -= piece.length;
            }
        }
        return size;
    }
}
