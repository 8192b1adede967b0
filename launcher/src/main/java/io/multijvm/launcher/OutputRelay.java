package io.multijvm.launcher;

import io.multijvm.ipc.os.Descriptor;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Takes what a child prints from a pipe to where it is wanted, and remembers the end of it. */
final class OutputRelay {
    private static final int TAIL = 4096;

    private final Monitor monitor;
    private final Descriptor pipe;
    private final OutputStream sink;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final byte[] buffer = new byte[16 * 1024];
    private byte[] tail = new byte[0]; // guarded by this

    private OutputRelay(Monitor monitor, Descriptor pipe, OutputStream sink) {
        this.monitor = monitor;
        this.pipe = pipe;
        this.sink = sink;
    }

    static OutputRelay start(Monitor monitor, Descriptor pipe, Output to, String processName) throws IOException {
        var relay = new OutputRelay(monitor, pipe, sink(to, processName));
        monitor.watch(pipe, relay::transfer);
        return relay;
    }

    private static OutputStream sink(Output to, String processName) throws IOException {
        return switch (to.kind()) {
            case INHERIT -> new UnclosedStream(new FileOutputStream(FileDescriptor.err));
            case DISCARD -> OutputStream.nullOutputStream();
            case TRUNCATE -> new FileOutputStream(to.file().toFile());
            case APPEND -> new FileOutputStream(to.file().toFile(), true);
            case LINES -> new LineStream("[" + processName + "] ", to.consumer());
        };
    }

    /** Completed when every copy of the pipe's other end is closed and all of it is written. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** The last lines, as far as they have arrived. */
    synchronized String tail() {
        return new String(tail, outputCharset());
    }

    private void transfer() {
        try {
            int count = pipe.readNow(buffer);
            if (count == -1) {
                end();
            } else if (count > 0) {
                remember(count);
                sink.write(buffer, 0, count);
            }
        } catch (IOException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.WARNING, "a child's output is lost", e);
            end();
        }
    }

    private synchronized void remember(int count) {
        int kept = Math.min(tail.length, Math.max(0, TAIL - count));
        int fresh = Math.min(count, TAIL);
        byte[] joined = new byte[kept + fresh];
        System.arraycopy(tail, tail.length - kept, joined, 0, kept);
        System.arraycopy(buffer, count - fresh, joined, kept, fresh);
        tail = joined;
    }

    private void end() {
        monitor.close(pipe);
        try {
            sink.close();
        } catch (IOException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.WARNING, "a child's output is incomplete", e);
        }
        ended.complete(null);
    }

    /** What a JVM prints in: the console's own character set where it has one. */
    private static Charset outputCharset() {
        String name = System.getProperty("native.encoding");
        return name == null || !Charset.isSupported(name) ? StandardCharsets.UTF_8 : Charset.forName(name);
    }

    /** This process's own standard error, which outlives every child. */
    private static final class UnclosedStream extends OutputStream {
        private final OutputStream stream;

        UnclosedStream(OutputStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int octet) throws IOException {
            stream.write(octet);
        }

        @Override
        public void write(byte[] bytes, int offset, int size) throws IOException {
            stream.write(bytes, offset, size);
        }
    }

    /** Cuts into lines and hands them over one by one. */
    private static final class LineStream extends OutputStream {
        private final String prefix;
        private final Consumer<String> consumer;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        LineStream(String prefix, Consumer<String> consumer) {
            this.prefix = prefix;
            this.consumer = consumer;
        }

        @Override
        public void write(int octet) {
            if (octet == '\n') {
                handOver();
            } else {
                line.write(octet);
            }
        }

        @Override
        public void close() {
            if (line.size() > 0) {
                handOver();
            }
        }

        private void handOver() {
            String text = line.toString(outputCharset());
            line.reset();
            try {
                consumer.accept(prefix + (text.endsWith("\r") ? text.substring(0, text.length() - 1) : text));
            } catch (RuntimeException e) {
                System.getLogger("io.multijvm").log(System.Logger.Level.ERROR, "the consumer of output threw", e);
            }
        }
    }
}
