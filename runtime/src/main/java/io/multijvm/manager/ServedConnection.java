package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.socket.MessageChannel;
import io.multijvm.ipc.socket.MessageSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, seen from the server. While calls come, a thread waits for them and serves them; when none has
 * come for a while the thread leaves, and {@link Reception} watches the connection together with all others.
 *
 * <p>While a call waits for something, what comes on the connection can only be that the client does not want it any more,
 * or is dead: the watcher sees that, and interrupts the thread that serves the call.
 *
 * <pre>
 *   IDLE -> SERVED (something has come) -> IDLE (nothing for a while)
 *   SERVED -> WAITING (a call waits) -> SERVED
 * </pre>
 */
final class ServedConnection implements Runnable {
    private static final Duration STAY = Duration.ofMillis(100);

    private enum State {
        IDLE,
        SERVED,
        WAITING
    }

    private final LocalServer server;
    private final Reception reception;
    private final MessageChannel channel;
    private @Nullable Session session; // null before hello; the serving thread's
    private State state = State.IDLE; // guarded by this, as is the next
    private @Nullable Thread waiting;
    private volatile boolean gone; // nobody is there for an answer

    ServedConnection(LocalServer server, Reception reception, MessageChannel channel) {
        this.server = server;
        this.reception = reception;
        this.channel = channel;
    }

    Descriptor descriptor() {
        return channel.descriptor();
    }

    /** Something has come; called by the watcher. Returns whether the connection is to be served by a thread now. */
    boolean arrived() {
        synchronized (this) {
            if (state == State.IDLE) {
                state = State.SERVED;
                return true;
            }
            if (state == State.WAITING && waiting != null && isCancelled()) {
                waiting.interrupt();
            }
            return false;
        }
    }

    private boolean isCancelled() {
        try {
            if (channel.receiveSmall() == null) {
                return false;
            }
        } catch (IOException e) {
            gone = true;
            reception.unwatch(this); // end-of-file, which stays readable
        }
        return true;
    }

    /** Serves what comes, until nothing does. */
    @Override
    public void run() {
        boolean stays = false;
        try {
            while (true) {
                MessageSocket.Message message = channel.receive(Deadline.after(STAY));
                if (message == null) {
                    stays = rest();
                    return;
                }
                if (!serve(message)) {
                    return;
                }
            }
        } catch (IOException e) {
            // the client is gone, or what it sends is no message
        } finally {
            if (!stays) {
                end();
            }
        }
    }

    private boolean rest() throws IOException {
        synchronized (this) { // until it is idle, the watcher cannot hand it to another thread
            reception.watch(this);
            state = State.IDLE;
        }
        return true;
    }

    private void end() {
        reception.ended(this);
        channel.close();
        if (session != null) {
            server.disconnected(session);
        }
    }

    /** Returns whether to go on. */
    private boolean serve(MessageSocket.Message message) throws IOException {
        @Nullable Object[] call;
        try {
            call = decode(message);
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError e) {
            answer(Failure.of(reason(e)));
            return session != null;
        }
        if (session == null) {
            return greet(call);
        }
        ServerVerb toServer = Objects.equals(call[0], Server.ITSELF) ? verbOf(call) : null;
        Object result;
        try {
            result = server.serve(session, this, call);
        } catch (Throwable e) { // the server's boundary: whatever it is, the caller gets it
            result = Failure.of(e);
        }
        boolean ignored = Thread.interrupted(); // was meant for the call
        if (toServer == null || toServer.isAnswered()) {
            answer(result);
        }
        if (toServer == ServerVerb.SHUTDOWN) {
            reception.shutDown();
            return false;
        }
        return true;
    }

    private static @Nullable ServerVerb verbOf(@Nullable Object[] call) {
        return call[1] instanceof Integer number && number >= 0 && number < ServerVerb.ALL.length
                ? ServerVerb.ALL[number]
                : null;
    }

    private @Nullable Object[] decode(MessageSocket.Message message) throws IOException, ClassNotFoundException {
        try {
            Object decoded = Codec.decode(message.bytes(), message.descriptors(), Codec.loader(), server.filter());
            if (decoded instanceof Object[] call && call.length >= 2) {
                return call;
            }
            throw new IOException("not a call");
        } finally {
            message.discard();
        }
    }

    /** An object that is gone is found so while decoding. */
    private static Throwable reason(Throwable failure) {
        return failure.getCause() instanceof ObjectGoneException gone ? gone : failure;
    }

    private boolean greet(@Nullable Object[] hello) throws IOException {
        if (verbOf(hello) != ServerVerb.HELLO
                || hello.length != 5
                || !Objects.equals(hello[2], Line.PROTOCOL)
                || !(hello[3] instanceof UUID client)
                || !(hello[4] instanceof String name)) {
            answer(Failure.of(new IOException("not the hello of protocol " + Line.PROTOCOL)));
            return false;
        }
        session = server.connected(client, name);
        answer(server.id());
        return true;
    }

    private void answer(@Nullable Object result) throws IOException {
        try (Encoded encoded = encode(result)) {
            channel.send(encoded.array(), 0, encoded.length(), encoded.descriptors());
            encoded.recycle();
        }
    }

    private Encoded encode(@Nullable Object result) {
        Encoded encoded;
        try {
            encoded = Destination.encode(result, session == null ? this : session);
        } catch (NotSendableException | ObjectGoneException e) {
            return Codec.encode(Failure.of(e));
        }
        if (encoded.descriptors().isEmpty() || channel.carriesDescriptors()) {
            return encoded;
        }
        encoded.close();
        return Codec.encode(Failure.of(Line.notOverTcp()));
    }

    /** See {@link Call#waiting}. */
    <T extends @Nullable Object> T waiting(Callable<T> action) throws Exception {
        synchronized (this) {
            reception.watch(this);
            state = State.WAITING;
            waiting = Thread.currentThread();
        }
        try {
            return action.call();
        } finally {
            synchronized (this) {
                reception.unwatch(this);
                state = State.SERVED;
                waiting = null;
            }
        }
    }

    /** See {@link Call#isCallerGone}. */
    boolean isGone() {
        return gone;
    }

    /** The server ends: whoever waits is interrupted, and nothing more can be sent. */
    synchronized void shutDown() {
        gone = true;
        channel.close();
        if (waiting != null) {
            waiting.interrupt();
        }
    }
}
