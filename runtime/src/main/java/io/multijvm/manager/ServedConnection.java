package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.HeapExhaustedException;
import io.multijvm.ipc.Survival;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.socket.MessageChannel;
import io.multijvm.ipc.socket.MessageSocket;
import java.io.IOException;
import java.io.InterruptedIOException;
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
final class ServedConnection implements Runnable, Origin {
    private static final Duration STAY = Duration.ofMillis(100);
    /** How often a thread tries what must not fail, with a pause in between: it takes a second to give a client up. */
    static final int TRIES = 50;

    private static final int FEW = 2; // calls in a row: then more will come, and by the hatch

    private enum State {
        IDLE,
        SERVED,
        WAITING
    }

    private final LocalServer server;
    private final Service service;
    private final Reception reception;
    private final MessageChannel channel;
    private @Nullable Session session; // null before hello; the serving thread's
    private volatile @Nullable ServedHatch hatch; // when the client has asked for one
    private State state = State.IDLE; // guarded by this, as is the next
    private @Nullable Thread waiting;
    private volatile boolean gone; // nobody is there for an answer

    ServedConnection(LocalServer server, Reception reception, MessageChannel channel) {
        this.server = server;
        this.service = new Service(server);
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
            stays = serveAll();
        } catch (IOException e) {
            // the client is gone, or what it sends is no message
        } catch (RuntimeException | Error e) {
            Survival.of(e); // gives the client up, which learns of that
        } finally {
            if (!stays) {
                end();
            }
        }
    }

    /** Returns whether the connection stays open, with nobody serving it. */
    private boolean serveAll() throws IOException {
        int served = 0;
        while (true) {
            MessageSocket.Message message;
            try {
                FaultPoint.reach("manager-connection");
                message = channel.receive(Deadline.after(STAY));
                if (message == null) {
                    return rest();
                }
            } catch (InterruptedIOException e) {
                boolean ignored = Thread.interrupted(); // was meant for a call that is over
                continue;
            } catch (HeapExhaustedException e) {
                answer(Service.refusal(e));
                continue;
            } catch (RuntimeException | Error e) {
                Survival.of(e); // nothing was received
                continue;
            }
            if (!serve(message)) {
                return false;
            }
            served++;
            openHatchFor(served);
        }
    }

    private void openHatchFor(int served) {
        ServedHatch shut = hatch;
        if (shut != null && served >= FEW) {
            try {
                reception.desk().open(shut);
            } catch (RuntimeException | Error e) {
                Survival.of(e); // calls go on coming here
            }
        }
    }

    /** No thread could be had for what has come: the watcher is to notice it again. */
    void notServed() {
        try {
            boolean ignored = rest();
        } catch (IOException | RuntimeException | Error e) {
            end();
        }
    }

    private boolean rest() throws IOException {
        synchronized (this) { // until it is idle, the watcher cannot hand it to another thread
            reception.watch(this);
            state = State.IDLE;
        }
        return true;
    }

    /** Lets go of the client; idempotent. */
    void end() {
        if (!reception.ended(this)) {
            return;
        }
        try {
            reception.unwatch(this);
        } finally {
            channel.close();
            ServedHatch open = hatch;
            if (open == null) {
                disconnected();
            } else {
                open.end();
            }
        }
    }

    /** No call of the client on this connection is served any more. */
    void disconnected() {
        if (session != null) {
            server.disconnected(session);
        }
    }

    /** Returns whether to go on. Whatever fails, the call that has come is answered. */
    private boolean serve(MessageSocket.Message message) throws IOException {
        @Nullable Object[] call;
        try {
            FaultPoint.reach("manager-decode");
            call = service.decode(message.bytes(), message.descriptors());
        } catch (Throwable e) { // code of the program's runs in what is decoded
            answer(Service.refusal(e, message.bytes().length));
            return session != null;
        } finally {
            message.discard();
        }
        Session caller = session;
        if (caller == null) {
            return greet(call);
        }
        ServerVerb toServer = Service.verbOf(call);
        if (toServer == ServerVerb.HATCH) {
            answer(openHatch(caller, call[2]));
            return true;
        }
        if (toServer == ServerVerb.CANCEL) {
            cancel(call);
            return true;
        }
        Object outcome = service.serve(caller, this, call);
        if (toServer == null || toServer.isAnswered()) {
            answer(outcome);
        }
        if (toServer == ServerVerb.SHUTDOWN) {
            reception.shutDown();
            return false;
        }
        return true;
    }

    /** Where the hatch is, to be found by a process of this program; null for others. */
    private @Nullable Object openHatch(Session caller, @Nullable Object directory) {
        Desk desk = reception.desk();
        if (hatch != null || !desk.isIn(directory)) {
            return null;
        }
        try {
            var made = new ServedHatch(desk.newHatch(), desk, service, caller, this);
            hatch = made;
            desk.open(made);
            return desk.addressOf(made);
        } catch (RuntimeException | Error e) {
            Survival.of(e); // it goes without
            return null;
        }
    }

    /** Of a call by hatch; one by connection has its answer under way. */
    private void cancel(@Nullable Object[] call) {
        ServedHatch open = hatch;
        if (open != null && call.length > 2 && call[2] instanceof Long number) {
            open.cancel(number);
        }
    }

    private boolean greet(@Nullable Object[] hello) throws IOException {
        if (Service.verbOf(hello) != ServerVerb.HELLO
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

    private void answer(@Nullable Object outcome) throws IOException {
        try (Encoded encoded =
                service.encode(outcome, session == null ? this : session, channel.carriesDescriptors())) {
            send(encoded);
            encoded.recycle();
        }
    }

    /** Sends an answer, whatever happens to this thread: the client waits for it. */
    void send(Encoded answer) throws IOException {
        for (int i = 1; ; i++) {
            try {
                FaultPoint.reach("manager-answer");
                channel.send(answer.array(), 0, answer.length(), answer.descriptors());
                return;
            } catch (InterruptedIOException e) {
                boolean ignored = Thread.interrupted(); // was meant for the call; nothing is sent yet
            } catch (RuntimeException | Error e) {
                if (i >= TRIES) {
                    throw e;
                }
                Survival.of(e);
            }
        }
    }

    @Override
    public <T extends @Nullable Object> T interruptibly(Callable<T> action) throws Exception {
        return waiting(action);
    }

    @Override
    public <T extends @Nullable Object> T waiting(Callable<T> action) throws Exception {
        synchronized (this) {
            reception.watch(this);
            state = State.WAITING;
            waiting = Thread.currentThread();
        }
        try {
            return action.call();
        } finally {
            synchronized (this) {
                state = State.SERVED;
                waiting = null;
                reception.unwatch(this);
            }
        }
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    /** The server ends: whoever waits is interrupted, and nothing more can be sent. */
    void shutDown() {
        synchronized (this) {
            gone = true;
            channel.close();
            if (waiting != null) {
                waiting.interrupt();
            }
        }
        ServedHatch open = hatch;
        if (open != null) {
            open.end();
        }
    }
}
