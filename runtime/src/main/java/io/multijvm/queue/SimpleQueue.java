package io.multijvm.queue;

import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.codec.Passable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A queue that is a pipe and nothing else: an item goes whole to exactly one of any number of takers, in any threads and
 * processes, and what one of them has put comes in order. It has no bound, no size and no timeouts; null is an item.
 * Python: {@code multiprocessing.SimpleQueue}.
 *
 * <p>What is put stays while some process has the queue open, or the queue is on its way to one, and is lost with the last.
 * Nobody is told that the others are gone: whoever has the queue open can both put and get, so a getter waits for items
 * that may still come, and a putter to a full pipe for somebody who gets. An interrupt ends either wait, and {@link #close}.
 */
public final class SimpleQueue<E extends @Nullable Object> implements Handle, AutoCloseable {
    private static final long serialVersionUID = 1;

    private final transient Connection reader;
    private final transient Connection writer;

    private SimpleQueue(Connection reader, Connection writer) {
        this.reader = reader;
        this.writer = writer;
    }

    /** A new queue, empty. */
    public static <E extends @Nullable Object> SimpleQueue<E> create() {
        Pipe pipe = Pipe.open(false);
        return new SimpleQueue<>(pipe.reader(), pipe.writer());
    }

    /**
     * Puts an item, waiting while the pipe is full: the socket's buffer, which holds a few hundred small items.
     *
     * @throws NotSendableException when the item cannot be serialised; the message names the field
     * @throws QueueClosedException when the queue was closed here
     * @throws InterruptedException when interrupted while waiting; the item was not put then
     */
    public void put(E item) throws InterruptedException {
        try {
            writer.send(item);
        } catch (InterruptedIOException e) {
            throw interrupted(e);
        } catch (ClosedChannelException e) {
            throw new QueueClosedException("the queue");
        } catch (IOException e) {
            if (isClosed()) { // the reader goes first, so for a moment the writer is without one
                throw new QueueClosedException("the queue");
            }
            throw new UncheckedIOException("cannot put: " + e.getMessage(), e);
        } finally {
            Reference.reachabilityFence(this); // with it the other end would be closed
        }
    }

    /**
     * Takes the next item, waiting for it.
     *
     * @throws UnreadableItemException when it cannot be rebuilt here; it is consumed then
     * @throws QueueClosedException when the queue was closed here
     * @throws InterruptedException when interrupted while waiting; no item is lost
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // only items are put, and null where that is one
    public E get() throws InterruptedException {
        try {
            return (E) reader.recv();
        } catch (InterruptedIOException e) {
            throw interrupted(e);
        } catch (ClosedChannelException e) {
            throw new QueueClosedException("the queue");
        } catch (IOException | RuntimeException e) {
            throw new UnreadableItemException(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Whether a get would wait now.
     *
     * @throws QueueClosedException when the queue was closed here
     */
    public boolean isEmpty() {
        try {
            return !reader.poll();
        } catch (ClosedChannelException e) {
            throw new QueueClosedException("the queue");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #isEmpty}, by Python's name. */
    public boolean empty() {
        return isEmpty();
    }

    /** Whether {@link #close} was called in this process. */
    public boolean isClosed() {
        return reader.isClosed();
    }

    /** Ends this process's use of the queue; the others keep it, with what is in it. Idempotent. */
    @Override
    public void close() {
        reader.close();
        writer.close();
    }

    @Override
    public String toString() {
        return "SimpleQueue[" + (isClosed() ? "closed" : "open") + "]";
    }

    @Serial
    private Object writeReplace() {
        return new Ends(reader, writer);
    }

    /** A queue under way. No record: rebuilding the first one costs a cold JVM 15 ms. */
    static final class Ends implements Passable {
        private static final long serialVersionUID = 1;

        private final Connection reader;
        private final Connection writer;

        Ends(Connection reader, Connection writer) {
            this.reader = reader;
            this.writer = writer;
        }

        @Override
        public @Nullable Object[] parts() {
            return new Object[] {reader, writer};
        }

        /** The queue of which {@link #parts} has told. */
        static Object arrived(@Nullable Object[] parts) {
            return new SimpleQueue<>(
                    (Connection) Objects.requireNonNull(parts[0]), (Connection) Objects.requireNonNull(parts[1]));
        }

        @Serial
        private Object readResolve() {
            return new SimpleQueue<>(reader, writer);
        }
    }

    private static InterruptedException interrupted(InterruptedIOException cause) {
        boolean ignored = Thread.interrupted(); // what the exception says, the status need not
        var interrupted = new InterruptedException(cause.getMessage());
        interrupted.initCause(cause);
        return interrupted;
    }
}
