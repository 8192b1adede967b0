package io.multijvm.launcher;

import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.os.Descriptor;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Takes what a child prints from a pipe to where it is wanted, and remembers the end of it.
 *
 * <p>What is read is kept until it is passed on, so that a lack of memory delays output and loses none. Only the relay's
 * thread, that of its {@link Output}, runs its code, except where something else is said.
 */
final class OutputRelay {
    private static final int TAIL = 4096;
    private static final int PIECE = 8 * 1024;

    private final OutputThreads threads;
    private final Output to;
    private final Monitor monitor;
    private final Descriptor pipe;
    private final Runnable onEnd;
    private final byte[] buffer = new byte[16 * 1024];
    private final byte[] tail = new byte[TAIL]; // a ring; guarded by this, as is the next
    private long printed;
    private Sink sink;
    private int failures;
    private boolean closed;
    private volatile boolean ended;

    private OutputRelay(OutputThreads threads, Descriptor pipe, Output to, Sink sink, Runnable onEnd) {
        this.threads = threads;
        this.to = to;
        this.monitor = threads.acquire(to);
        this.pipe = pipe;
        this.sink = sink;
        this.onEnd = onEnd;
    }

    /** Begins to pass on; {@code onEnd} is run when that has ended. */
    static OutputRelay start(OutputThreads threads, Descriptor pipe, Output to, String processName, Runnable onEnd)
            throws IOException {
        Sink sink = sink(to, processName);
        OutputRelay relay = null;
        boolean started = false;
        try {
            relay = new OutputRelay(threads, pipe, to, sink, onEnd);
            relay.monitor.hold();
            relay.monitor.watch(pipe, relay::transfer);
            started = true;
            return relay;
        } finally {
            if (!started) {
                if (relay == null) {
                    close(sink);
                } else {
                    relay.giveUp();
                }
            }
        }
    }

    private static Sink sink(Output to, String processName) throws IOException {
        return switch (to.kind()) {
            case INHERIT -> new StreamSink(new FileOutputStream(FileDescriptor.err), false);
            case DISCARD -> new NoSink();
            case TRUNCATE -> new StreamSink(new FileOutputStream(to.file().toFile()), true);
            case APPEND -> new StreamSink(new FileOutputStream(to.file().toFile(), true), true);
            case LINES -> new LineSink("[" + processName + "] ", to.consumer(), outputCharset());
        };
    }

    /** Whether every copy of the pipe's other end is closed and all of it is written; on any thread. */
    boolean hasEnded() {
        return ended;
    }

    /** The last lines, as far as they have arrived; on any thread. */
    synchronized String tail() {
        int size = (int) Math.min(TAIL, printed);
        byte[] last = new byte[size];
        for (int i = 0; i < size; i++) {
            last[i] = tail[(int) ((printed - size + i) % TAIL)];
        }
        return new String(last, outputCharset());
    }

    private void transfer() {
        try {
            FaultPoint.reach("output-relay");
            if (sink.isAbandoned()) {
                sink = new NoSink();
            }
            sink.take();
            int count = closed ? -1 : pipe.readNow(buffer);
            if (count == -1) {
                end();
            } else if (count > 0) {
                remember(count);
                sink.offer(buffer, count);
                sink.take();
            }
            failures = 0;
        } catch (IOException e) {
            giveUp("a child's output is lost", e);
        } catch (RuntimeException | Error e) {
            if (e instanceof OutOfMemoryError || ++failures < Monitor.TRIES) {
                throw e; // to be called again
            }
            giveUp("a child's output is lost", e);
        }
    }

    private synchronized void remember(int count) {
        for (int i = Math.max(0, count - TAIL); i < count; i++) {
            tail[(int) ((printed + i) % TAIL)] = buffer[i];
        }
        printed += count;
    }

    private void end() throws IOException {
        if (!closed) {
            sink.finish();
            sink.close();
            closed = true;
        }
        tellEnd();
    }

    private void giveUp(String message, Throwable cause) {
        EngineLog.log(Level.WARNING, message, cause);
        if (!closed) {
            closed = true;
            close(sink);
        }
        tellEnd();
    }

    private void tellEnd() {
        ended = true;
        onEnd.run();
        letGo();
    }

    /** Ends it without a word, for one whose child was not started in the end; on the thread that starts it. */
    void giveUp() {
        close(sink);
        letGo();
    }

    private void letGo() {
        monitor.close(pipe);
        monitor.release();
        threads.release(to);
    }

    private static void close(Sink sink) {
        try {
            sink.close();
        } catch (IOException e) {
            EngineLog.log(Level.WARNING, "a child's output is incomplete", e);
        }
    }

    /** The encoding that a JVM prints in: the console's own character set where it has one. */
    private static Charset outputCharset() {
        String name = System.getProperty("native.encoding");
        return name == null || !Charset.isSupported(name) ? StandardCharsets.UTF_8 : Charset.forName(name);
    }

    /** A destination of bytes. What it was offered it takes in steps, and after an error goes on where it was. */
    abstract static class Sink {
        byte[] bytes = {};
        int from;
        int to;

        /** Makes {@code count} bytes the next to be taken; all before are. */
        final void offer(byte[] next, int count) {
            bytes = next;
            from = 0;
            to = count;
        }

        /** Takes all that was offered. */
        abstract void take() throws IOException;

        /** Takes what it has kept until now: nothing more is offered. */
        void finish() throws IOException {}

        /** Gives back what it has open. */
        void close() throws IOException {}

        /** Whether a call into the program has not returned, although the thread that made it is not this one. */
        boolean isAbandoned() {
            return false;
        }
    }

    private static final class NoSink extends Sink {
        @Override
        void take() {
            from = to;
        }
    }

    private static final class StreamSink extends Sink {
        private final FileOutputStream stream;
        private final boolean isOwn; // this process's own standard error outlives every child

        StreamSink(FileOutputStream stream, boolean isOwn) {
            this.stream = stream;
            this.isOwn = isOwn;
        }

        /** In pieces that the JDK needs no memory for. */
        @Override
        void take() throws IOException {
            while (from < to) {
                int size = Math.min(PIECE, to - from);
                stream.write(bytes, from, size);
                from += size;
            }
        }

        @Override
        void close() throws IOException {
            if (isOwn) {
                stream.close();
            }
        }
    }
}
