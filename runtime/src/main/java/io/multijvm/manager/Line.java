package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.HeapExhaustedException;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.socket.Handshake;
import io.multijvm.ipc.socket.ListeningSocket;
import io.multijvm.ipc.socket.MessageChannel;
import io.multijvm.ipc.socket.MessageSocket;
import io.multijvm.process.JvmProcess;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A connection to a server; for one call at a time. */
final class Line {
    /** Of what is said on it; to be counted up when that changes. */
    static final int PROTOCOL = 2;

    /** After so many calls it pays to have a hatch. */
    private static final int FEW = 16;

    private static final byte[] CANCEL = notice(ServerVerb.CANCEL);
    private static final byte[] GOODBYE = notice(ServerVerb.GOODBYE);

    private final MessageChannel channel;
    private final UUID server;
    private int calls; // over the connection
    private @Nullable CallByHatch hatch; // when some calls have been made, and the server is near
    private boolean awaitsAnswer; // to a call that was sent: what comes next is not the answer to another one

    private Line(MessageChannel channel, UUID server) {
        this.channel = channel;
        this.server = server;
    }

    /** Connects to the server at {@code address}, as the process {@code client}. */
    static Line open(SocketAddress address, byte[] key, UUID client) throws IOException {
        return open(address, key, client, Deadline.never());
    }

    /** As the other, with an end to the server's time. */
    static Line open(SocketAddress address, byte[] key, UUID client, Deadline deadline) throws IOException {
        MessageChannel channel = ListeningSocket.connect(address);
        boolean done = false;
        try {
            Handshake.connect(channel, key, deadline);
            UUID server = greet(channel, client, deadline);
            done = true;
            return new Line(channel, server);
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    private static UUID greet(MessageChannel channel, UUID client, Deadline deadline) throws IOException {
        String name = JvmProcess.currentProcess().name() + ", pid "
                + ProcessHandle.current().pid();
        try (Encoded hello =
                Codec.encode(new Object[] {Server.ITSELF, ServerVerb.HELLO.ordinal(), PROTOCOL, client, name})) {
            channel.send(hello.array(), 0, hello.length(), List.of());
        }
        MessageSocket.Message answer = channel.receive(deadline);
        if (answer == null) {
            throw new IOException("the manager's server does not answer in time");
        }
        try {
            Object decoded = Codec.decode(answer.bytes(), List.of(), Line.class.getClassLoader());
            if (decoded instanceof UUID server) {
                return server;
            }
            throw new IOException("no manager's server, or one of another version, listens there: " + decoded);
        } catch (ClassNotFoundException e) {
            throw new IOException("no manager's server listens there", e);
        } finally {
            answer.discard();
        }
    }

    /** Which server answers. */
    UUID server() {
        return server;
    }

    /** Whether another call can be made on it; not after one that has failed half-way. */
    boolean isUsable() {
        return !awaitsAnswer;
    }

    /**
     * Sends a call and waits for its answer. An interrupt of this thread is passed on to the server, if so wanted; the
     * answer comes in any case, and this thread's interrupt status is as it would have been.
     *
     * @throws IllegalArgumentException when the call cannot be sent; nothing has happened then
     * @throws HeapExhaustedException when there is no memory for the answer, which is lost
     */
    MessageSocket.Message exchange(Encoded call, boolean interruptibly) throws IOException {
        CallByHatch quick = hatch;
        if (quick != null && call.descriptors().isEmpty() && quick.send(call)) {
            awaitsAnswer = true;
            try {
                MessageSocket.Message answer = quick.receive(interruptibly);
                awaitsAnswer = false;
                return answer;
            } catch (HeapExhaustedException e) {
                awaitsAnswer = false; // it has come
                throw e;
            }
        }
        MessageSocket.Message answer = exchangeHere(call, interruptibly);
        calls++;
        if (calls == FEW) {
            openHatch();
        }
        return answer;
    }

    private void openHatch() {
        try {
            hatch = CallByHatch.open(this, channel);
        } catch (IOException e) {
            hatch = null; // it goes without; and if the server has ended, the next call says so
        }
    }

    /** As {@link #exchange}, over the connection itself. */
    MessageSocket.Message exchangeHere(Encoded call, boolean interruptibly) throws IOException {
        if (!call.descriptors().isEmpty() && !channel.carriesDescriptors()) {
            throw notOverTcp();
        }
        boolean interrupted = send(call);
        try {
            MessageSocket.Message answer = receive(interruptibly, CANCEL);
            awaitsAnswer = false;
            return answer;
        } catch (HeapExhaustedException e) {
            awaitsAnswer = false; // it has come
            throw e;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for an answer; an interrupt of this thread has {@code cancel} sent, if so wanted. */
    MessageSocket.Message receive(boolean interruptibly, byte[] cancel) throws IOException {
        boolean interrupted = false;
        boolean told = false;
        try {
            while (true) {
                try {
                    return channel.receive();
                } catch (InterruptedIOException e) {
                    interrupted |= Thread.interrupted();
                    if (interruptibly && !told) {
                        told = true;
                        channel.trySend(cancel);
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static NotSendableException notOverTcp() {
        return new NotSendableException("cannot be sent over TCP: something open (a connection, a channel) is passed "
                + "between processes of one machine only");
    }

    private boolean send(Encoded call) throws IOException {
        awaitsAnswer = true;
        boolean interrupted = false;
        while (true) {
            try {
                channel.send(call.array(), 0, call.length(), call.descriptors());
                return interrupted;
            } catch (InterruptedIOException e) {
                interrupted |= Thread.interrupted();
            } catch (IllegalArgumentException e) {
                awaitsAnswer = false; // too large, or with too many descriptors, to be sent at all
                throw e;
            }
        }
    }

    /** Waits, with no call under way, until the server has ended; returns whether that came before the deadline. */
    boolean awaitEnd(Deadline deadline) throws IOException {
        return channel.poll(deadline);
    }

    /** Says, unless that would have to wait, that the object is garbage here; returns whether it did. */
    boolean release(long number, long times) {
        try (Encoded notice = Codec.encode(new Object[] {Server.ITSELF, ServerVerb.RELEASE.ordinal(), number, times})) {
            return channel.trySend(notice.bytes());
        } catch (IOException e) {
            return true; // nobody is there any more who would keep it
        }
    }

    /** Says, unless that would have to wait, that this process is about to end. */
    void sayGoodbye() {
        try {
            boolean ignored = channel.trySend(GOODBYE);
        } catch (IOException e) {
            close(); // nobody is there any more to whom it matters
        }
    }

    void close() {
        channel.close();
    }

    private static byte[] notice(ServerVerb verb) {
        try (Encoded encoded = Codec.encode(new @Nullable Object[] {Server.ITSELF, verb.ordinal()})) {
            return encoded.bytes();
        }
    }
}
