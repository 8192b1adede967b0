package io.multijvm.launcher;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Sockets;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The control channel, seen from the child.
 *
 * <p>It is the child's descriptor 0, because that is the only one that Java reads and writes without loading anything. The
 * parent sends one start and then ends its direction, so that a program of the child's that inherits descriptor 0 as its
 * standard input reads end-of-file there. That the parent is gone shows on another pipe, the lifeline: descriptor 4.
 */
public final class ParentChannel {
    /** Opening a pipe by this name gives one more descriptor of its reading end. */
    private static final String LIFELINE = "/proc/self/fd/4";

    private final FileInputStream in;
    private final FileOutputStream out; // guarded by this
    private final int socket;
    private final String lifelinePath;

    private volatile @Nullable FileInputStream lifeline;
    private @Nullable ParentWatcher watcher; // main thread only, until it is started

    private boolean isAwaited;
    private volatile OptionalInt endedWith = OptionalInt.empty();

    ParentChannel() {
        this(FileDescriptor.in, 0, LIFELINE);
    }

    /** Over any stream socket, {@code socket} being its number, and the reading end of any pipe. */
    ParentChannel(FileDescriptor open, int socket, String lifelinePath) {
        this.in = new FileInputStream(open);
        this.out = new FileOutputStream(open);
        this.socket = socket;
        this.lifelinePath = lifelinePath;
    }

    /** The payload is decoded; the target's first instruction comes next. */
    public void running() {
        if (isAwaited) {
            send(Frame.RUNNING, new byte[0]);
        }
        watchParent();
    }

    /** What watches the parent from the moment the target runs: before, that would only delay it. */
    void onRunning(ParentWatcher watcher, boolean isAwaited) {
        this.watcher = watcher;
        this.isAwaited = isAwaited;
    }

    private void watchParent() {
        if (watcher != null) {
            try {
                lifeline = new FileInputStream(lifelinePath);
            } catch (IOException e) {
                lifeline = null;
            }
            watcher.start();
            watcher = null;
        }
    }

    /** The target, or the decoding of it, threw; {@code failure} is what the parent's side understands. */
    public void failed(byte[] failure) {
        watchParent();
        send(Frame.FAILED, failure);
    }

    /** The child is about to end with exit code {@code code}. */
    public void ended(int code) {
        endedWith = OptionalInt.of(code);
        send(Frame.ENDED, ByteBuffer.allocate(4).putInt(code).array());
    }

    /** The child is about to end because of {@code signal}, although its JVM makes that an exit. */
    public void signalled(int signal) {
        send(Frame.SIGNALLED, ByteBuffer.allocate(4).putInt(signal).array());
    }

    /** The exit code to come, once that is known. */
    OptionalInt endedWith() {
        return endedWith;
    }

    /** The shutdown of this JVM has begun: the parent is to end {@link #awaitEnd}. */
    void ending() {
        send(Frame.ENDING, new byte[0]);
    }

    /** The handlers of signals are in place. */
    void ready() {
        send(Frame.READY, new byte[0]);
    }

    private synchronized void send(Frame frame, byte[] body) {
        byte[] bytes = new byte[Frame.HEADER + body.length];
        System.arraycopy(frame.header(body.length, 0), 0, bytes, 0, Frame.HEADER);
        System.arraycopy(body, 0, bytes, Frame.HEADER, body.length);
        try {
            out.write(bytes);
        } catch (IOException e) {
            // The parent is gone; whoever reads the channel sees that, too, and ends this process.
        }
    }

    /** A frame and the descriptors that came with it. */
    record Received(Frame frame, byte[] body, List<Descriptor> descriptors) {}

    /** Waits for the parent's next frame; null when the parent is gone. */
    @Nullable
    Received receive() throws IOException {
        byte[] header = new byte[Frame.HEADER];
        if (!fill(header)) {
            return null;
        }
        ByteBuffer fields = ByteBuffer.wrap(header);
        if (Frame.lengthOf(fields) < 0 || !Frame.isKind(fields)) {
            throw new IOException("no frame from the parent");
        }
        byte[] body = new byte[Frame.lengthOf(fields)];
        if (!fill(body)) {
            return null;
        }
        return new Received(Frame.kindOf(fields), body, receiveDescriptors(Frame.descriptorsOf(fields)));
    }

    /** {@code readNBytes} of a file stream asks for its position, which a socket does not have. */
    private boolean fill(byte[] bytes) throws IOException {
        int done = 0;
        while (done < bytes.length) {
            int count = in.read(bytes, done, bytes.length - done);
            if (count < 0) {
                return false;
            }
            done += count;
        }
        return true;
    }

    private List<Descriptor> receiveDescriptors(int count) throws IOException {
        if (count == 0) {
            return List.of();
        }
        Descriptor raw = Descriptor.adopt(socket);
        var descriptors = new ArrayList<Descriptor>(count);
        while (descriptors.size() < count) {
            byte[] carrier = Sockets.receive(raw, 1, descriptors);
            if (carrier == null) {
                raw.awaitReadable(Deadline.never());
            } else if (carrier.length == 0) {
                throw new IOException("parent gone while it sent descriptors");
            }
        }
        return descriptors;
    }

    /** Waits until the parent closes the lifeline or dies. */
    void awaitEnd() {
        FileInputStream pipe = lifeline;
        if (pipe == null) {
            return; // it could not be opened: the parent had gone with it
        }
        try {
            int ended;
            do {
                ended = pipe.read(); // nobody writes to a lifeline
            } while (ended >= 0);
            pipe.close();
        } catch (IOException e) {
            // as good as end-of-file
        }
    }

    /** Leaves the user's code an empty {@link System#in}. */
    static void emptyStandardInput() {
        System.setIn(InputStream.nullInputStream());
    }
}
