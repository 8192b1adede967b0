package io.multijvm.ipc.socket;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.HeapExhaustedException;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.PosixException;
import io.multijvm.ipc.os.StreamBytes;
import io.multijvm.ipc.sync.Domain;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection over a stream of bytes, TCP, that carries whole messages.
 *
 * <pre>
 * frame    0                          4
 *          | length (4, big endian)   | the message, of up to 2 GiB - 9 bytes
 * </pre>
 *
 * <p>Nothing of a stream keeps frames whole but those who use it, which is done here:
 * <ul>
 * <li>Who sends holds {@code sending} for a whole frame. Once bytes of it are out, an interrupt waits until all are.
 * <li>Who receives takes what is there into {@code inbound} and waits without a lock; an interrupt, or a deadline, leaves
 *     the half of a frame for the next one. Memory is given as bytes come, not as they are announced.
 * <li>When the end is passed to another process, both directions get a {@link StreamGuard} in shared memory, held for a
 *     whole frame. It knows of a process that died within one: then the stream is ended for all, as nobody can find the
 *     next frame's beginning.
 * </ul>
 */
public final class StreamSocket implements MessageChannel {
    static final int HEADER = 4;
    static final int MOST = Integer.MAX_VALUE - 8;

    private final Descriptor descriptor;
    private final StreamGuard sending;
    private final StreamGuard receiving;
    private final InboundFrame inbound = new InboundFrame(); // guarded by receiving
    private @Nullable Block shared; // guarded by this

    public StreamSocket(Descriptor descriptor) {
        this.descriptor = descriptor;
        this.sending = new StreamGuard();
        this.receiving = new StreamGuard();
    }

    /** An end that other processes have, too; {@code guards} is what {@link #share} returned there. */
    public StreamSocket(Descriptor descriptor, Domain domain, Block guards) {
        this(descriptor);
        share(domain, guards);
    }

    /**
     * Prepares for being used by other processes.
     *
     * @throws IOException when half a message has been received here, which no other process could know of
     */
    public Block share(Domain domain) throws IOException {
        synchronized (this) {
            if (shared != null) {
                return shared;
            }
        }
        sending.enterUninterruptibly();
        try {
            receiving.enterUninterruptibly();
            try {
                if (!inbound.isEmpty()) {
                    throw new IOException("a connection over TCP in the middle of a message that it receives");
                }
                synchronized (this) {
                    return shared == null ? share(domain, domain.allocate(StreamGuard.PAIR)) : shared;
                }
            } finally {
                receiving.leave();
            }
        } finally {
            sending.leave();
        }
    }

    private synchronized Block share(Domain domain, Block guards) {
        shared = guards;
        sending.share(domain, guards, 0);
        receiving.share(domain, guards, StreamGuard.SIZE);
        return guards;
    }

    @Override
    public void send(byte[] bytes, int offset, int size, List<Descriptor> descriptors) throws IOException {
        if (!descriptors.isEmpty()) {
            throw new IllegalArgumentException("descriptors do not travel over TCP");
        }
        if (size > MOST) {
            throw new IOException("message of " + size + " bytes; at most " + MOST + " go over TCP");
        }
        byte[] header = ByteBuffer.allocate(HEADER).putInt(size).array();
        while (true) {
            enter(sending);
            try {
                int sent = begin(header, bytes, offset, size);
                if (sent != StreamBytes.WOULD_BLOCK) {
                    finishOrEnd(header, bytes, offset, size, sent);
                    return;
                }
            } finally {
                sending.leave();
            }
            descriptor.awaitWritable(Deadline.never());
        }
    }

    /** Until the first byte is out, nothing has happened. */
    private int begin(byte[] header, byte[] bytes, int offset, int size) throws IOException {
        sending.inFrame(true);
        int sent = StreamBytes.WOULD_BLOCK;
        try {
            sent = StreamBytes.send(descriptor, header, bytes, offset, size, 0);
            return sent;
        } finally {
            if (sent == StreamBytes.WOULD_BLOCK) {
                sending.inFrame(false);
            }
        }
    }

    /** Nobody could find the beginning of the next frame if this one were not sent to its end. */
    private void finishOrEnd(byte[] header, byte[] bytes, int offset, int size, int begun) throws IOException {
        boolean done = false;
        try {
            finish(header, bytes, offset, size, begun);
            done = true;
        } finally {
            if (!done) {
                shutDown(descriptor);
            }
        }
    }

    private void finish(byte[] header, byte[] bytes, int offset, int size, int begun) throws IOException {
        long total = (long) HEADER + size;
        long done = begun;
        while (done < total) {
            int sent = StreamBytes.send(descriptor, header, bytes, offset, size, done);
            if (sent == StreamBytes.WOULD_BLOCK) {
                awaitUninterruptibly(false);
            } else {
                done += sent;
            }
        }
        sending.inFrame(false);
    }

    @Override
    public boolean trySend(byte[] bytes) throws IOException {
        byte[] header = ByteBuffer.allocate(HEADER).putInt(bytes.length).array();
        return StreamBytes.send(descriptor, header, bytes, 0, bytes.length, 0) == HEADER + bytes.length;
    }

    @Override
    public MessageSocket.Message receive() throws IOException {
        while (true) {
            MessageSocket.Message message = receive(Deadline.never());
            if (message != null) {
                return message;
            }
        }
    }

    @Override
    public MessageSocket.@Nullable Message receive(Deadline deadline) throws IOException {
        while (true) {
            byte[] message = take(MOST);
            if (message != null) {
                return new MessageSocket.Message(message, List.of());
            }
            if (!descriptor.awaitReadable(deadline)) {
                return null;
            }
        }
    }

    @Override
    public byte @Nullable [] receiveSmall() throws IOException {
        return take(SMALL);
    }

    /** A message of up to {@code most} bytes if it is there. */
    private byte @Nullable [] take(int most) throws IOException {
        enter(receiving);
        try {
            return receiving.isShared() ? takeShared() : inbound.take(descriptor, most);
        } finally {
            receiving.leave();
        }
    }

    /** A frame that is begun is read to its end: another process could not go on with it. */
    private byte @Nullable [] takeShared() throws IOException {
        receiving.inFrame(true);
        byte[] message;
        try {
            message = inbound.take(descriptor, MOST);
        } catch (EOFException | HeapExhaustedException e) {
            receiving.inFrame(false); // it has come between two frames, or the frame is read to its end
            throw e;
        }
        if (message == null && inbound.isEmpty()) {
            receiving.inFrame(false);
            return null;
        }
        while (message == null) {
            awaitUninterruptibly(true);
            try {
                message = inbound.take(descriptor, MOST);
            } catch (HeapExhaustedException e) {
                receiving.inFrame(false);
                throw e;
            }
        }
        receiving.inFrame(false);
        return message;
    }

    /**
     * {@inheritDoc} A message that is there is left there. What comes in parts is collected, but for the last part, so
     * that a descriptor with a message is always readable, also to others who wait for it. An end that other processes
     * have as well is only asked whether anything is there.
     */
    @Override
    public boolean poll(Deadline deadline) throws IOException {
        while (!isReady()) {
            if (!descriptor.awaitReadable(deadline)) {
                return false;
            }
            if (deadline.isOver()) {
                return isReady();
            }
        }
        return true;
    }

    private boolean isReady() throws IOException {
        if (receiving.isShared()) {
            return descriptor.awaitReadable(Deadline.after(Duration.ZERO));
        }
        enter(receiving);
        try {
            return inbound.isNextWhole(descriptor);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            return true; // as the next receive will say
        } finally {
            receiving.leave();
        }
    }

    @Override
    public boolean carriesDescriptors() {
        return false;
    }

    @Override
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        descriptor.close();
    }

    private void enter(StreamGuard guard) throws IOException {
        try {
            if (guard.enter()) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted while waiting").initCause(e);
        }
        guard.leave();
        shutDown(descriptor);
        throw new IOException(
                "the connection is broken: a process was killed, or closed it, in the middle of a message");
    }

    /** Has all who wait look again, here and elsewhere. */
    static void shutDown(Descriptor descriptor) throws IOException {
        try {
            StreamBytes.shutDown(descriptor);
        } catch (PosixException e) {
            // nobody is connected any more
        }
    }

    private void awaitUninterruptibly(boolean readable) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    boolean ignored = readable
                            ? descriptor.awaitReadable(Deadline.never())
                            : descriptor.awaitWritable(Deadline.never());
                    return;
                } catch (InterruptedIOException e) {
                    interrupted = Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
