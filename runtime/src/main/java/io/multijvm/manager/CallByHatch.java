package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.HeapExhaustedException;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.socket.MessageChannel;
import io.multijvm.ipc.socket.MessageSocket;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.EventCount;
import io.multijvm.process.ProcessContext;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@link Hatch} of a line, seen from the client. */
final class CallByHatch implements Hatch.Client {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final Deadline NOW = Deadline.after(Duration.ZERO);

    private final Line line;
    private final MessageChannel channel;
    private final Block desk;
    private final EventCount bell; // the server listens to
    private final Hatch hatch;
    private long number; // of the last call

    private CallByHatch(Line line, MessageChannel channel, Domain domain, Block desk, Hatch hatch) {
        this.line = line;
        this.channel = channel;
        this.desk = desk;
        this.bell = new EventCount(domain, desk, Desk.BELL);
        this.hatch = hatch;
    }

    /** Asks the server for a hatch; null when it has none for this process, with which it shares no memory. */
    static @Nullable CallByHatch open(Line line, MessageChannel channel) throws IOException {
        if (!channel.carriesDescriptors() || !ProcessContext.hasMemory()) {
            return null;
        }
        Domain domain = ProcessContext.domain();
        String directory = domain.directory().path().toString();
        MessageSocket.Message answer;
        try (Encoded wish = Codec.encode(new Object[] {Server.ITSELF, ServerVerb.HATCH.ordinal(), directory})) {
            answer = line.exchangeHere(wish, false);
        }
        try {
            Object decoded = Codec.decode(answer.bytes(), List.of(), Line.class.getClassLoader());
            if (!(decoded instanceof Object[] parts)) {
                return null;
            }
            var hatch = new Hatch(domain, attach(domain, parts, 3));
            return new CallByHatch(line, channel, domain, attach(domain, parts, 0), hatch);
        } catch (ClassNotFoundException e) {
            throw new IOException("not the answer of a manager's server", e);
        } finally {
            answer.discard();
        }
    }

    private static Block attach(Domain domain, Object[] parts, int from) throws IOException {
        return domain.attach(new Block.Ref((String) parts[from], (Integer) parts[from + 1], (Integer) parts[from + 2]));
    }

    /** Returns false when the call is to go over the connection. */
    boolean send(Encoded call) {
        if (!hatch.call(call.array(), call.length(), number + 1)) {
            return false;
        }
        number++;
        bell.signal();
        return true;
    }

    /** Waits for the answer, as {@link Line#exchange} does. */
    MessageSocket.Message receive(boolean interruptibly) throws IOException {
        awaitAnswer(interruptibly);
        if (!hatch.isElsewhere()) {
            return new MessageSocket.Message(hatch.takeAnswer(), List.of());
        }
        try {
            MessageSocket.Message answer = line.receive(interruptibly, cancel());
            hatch.free();
            return answer;
        } catch (HeapExhaustedException e) {
            hatch.free();
            throw e;
        }
    }

    private void awaitAnswer(boolean interruptibly) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (hatch.awaitAnswer(this)) {
                        return;
                    }
                    throw new EOFException("the other end is closed");
                } catch (InterruptedException e) {
                    if (interruptibly && !interrupted) {
                        channel.trySend(cancel());
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private byte[] cancel() {
        try (Encoded notice = Codec.encode(new Object[] {Server.ITSELF, ServerVerb.CANCEL.ordinal(), number})) {
            return notice.bytes();
        }
    }

    @Override
    public boolean isInACrowd() {
        return desk.getInt(Desk.OPEN) > PROCESSORS;
    }

    /** There is end-of-file on the connection: nothing else comes there while an answer is due here. */
    @Override
    public boolean isServerGone() {
        try {
            return channel.poll(NOW);
        } catch (InterruptedIOException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
