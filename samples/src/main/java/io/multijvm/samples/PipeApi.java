package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.connection.BufferTooShortException;
import io.multijvm.connection.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What else an end of a pipe can do.
 *
 * <p>Expect: of a one-way pipe one end only receives and the other only sends. poll says whether a receive would wait,
 * now or within a time. Bytes are messages, too: parts of an array, into a new or a given array; a message longer than
 * the receiver allows is an error that closes the end for reading, one that is too long for the buffer an error that
 * carries the message. fileno is the number of the descriptor.
 */
public final class PipeApi {
    private PipeApi() {}

    public static void main(String[] args) throws Exception {
        oneWay();
        poll();
        bytes();
        tooLong();
    }

    private static void oneWay() throws IOException {
        try (var pipe = MultiJvm.pipe(false)) {
            pipe.writer().send("one way");
            System.out.println("received: " + pipe.reader().recv());
            attempt("sending at the reader", () -> pipe.reader().send("back"));
            attempt("receiving at the writer", () -> pipe.writer().recv());
            System.out.println("a descriptor each: "
                    + (pipe.reader().fileno() > 2 && pipe.writer().fileno() > 2));
        }
    }

    private static void poll() throws IOException, InterruptedException {
        try (var pipe = MultiJvm.pipe(false)) {
            var writer = pipe.writer();
            var reader = pipe.reader();
            System.out.println("poll(): " + reader.poll());
            System.out.println("poll(0): " + reader.poll(Duration.ZERO));
            long start = System.nanoTime();
            System.out.println("poll(100 ms): " + reader.poll(Duration.ofMillis(100)));
            System.out.println("waited for " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms");

            var child = MultiJvm.process(() -> writer.send("at last"));
            child.start();
            System.out.println("poll(null), which waits: " + reader.poll(null));
            System.out.println("poll(), again: " + reader.poll());
            System.out.println("received: " + reader.recv());
            child.join();
            writer.close();
            System.out.println("poll() at the end: " + reader.poll());
            attempt("receiving at the end", reader::recv);
        }
    }

    private static void bytes() throws IOException {
        try (var pipe = MultiJvm.pipe()) {
            byte[] letters = bytes("abcdefgh");
            pipe.first().sendBytes(letters);
            System.out.println("all: " + text(pipe.second().recvBytes()));
            pipe.first().sendBytes(letters, 2, 3);
            System.out.println("3 from 2 on: " + text(pipe.second().recvBytes()));
            pipe.first().sendBytes(letters, 8, 0);
            System.out.println("none: '" + text(pipe.second().recvBytes()) + "'");

            byte[] buffer = bytes("............");
            pipe.first().sendBytes(letters);
            int length = pipe.second().recvBytesInto(buffer, 3);
            System.out.println("into a buffer: " + length + " bytes, " + text(buffer));
        }
    }

    private static void tooLong() throws IOException {
        try (var pipe = MultiJvm.pipe()) {
            Connection end = pipe.second();
            pipe.first().sendBytes(bytes("abcdefgh"));
            try {
                end.recvBytesInto(new byte[5], 0);
            } catch (BufferTooShortException e) {
                System.out.println("a buffer of 5 is too short for: " + text(e.message()));
            }
            pipe.first().sendBytes(bytes("next"));
            System.out.println("the next one: " + text(end.recvBytes()));

            pipe.first().sendBytes(bytes("abcdefgh"));
            attempt("receiving at most 5", () -> end.recvBytes(5));
            attempt("receiving after that", end::recvBytes);
            end.sendBytes(bytes("sending works"));
            System.out.println("the other way: " + text(pipe.first().recvBytes()));
        }
    }

    /** What may fail. */
    private interface Call {
        void run() throws IOException;
    }

    private static void attempt(String what, Call call) throws IOException {
        try {
            call.run();
            System.out.println(what + " works");
        } catch (EOFException e) {
            System.out.println(what + ": end of file");
        } catch (IOException e) {
            System.out.println(what + " is refused: " + e.getMessage());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
