package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.HeapExhaustedException;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.socket.MessageSocket;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * A server in another process. Each call has a connection to itself while it lasts, the one that was used last if there is
 * one, so that a thread that calls again and again has the same; at least one stays open while there is anything to be
 * lost, as the server takes a process without connections for dead.
 */
final class RemoteServer extends Server {
    private static final int MOST_IDLE = 64;
    private static final Duration REPLACEMENT = Duration.ofSeconds(1);

    private final String address;
    private final UUID client;
    private final ConcurrentLinkedDeque<Line> idle = new ConcurrentLinkedDeque<>(); // last used first
    private final Loans loans = new Loans(this);
    private byte @Nullable [] key; // guarded by this
    private volatile boolean published; // the key is known to all processes of this program
    private volatile @Nullable String closed; // why

    RemoteServer(UUID id, String address) {
        this(id, address, Servers.THIS_PROCESS);
    }

    /** As {@code client}, which stands for a process. */
    RemoteServer(UUID id, String address, UUID client) {
        super(id);
        this.address = address;
        this.client = client;
    }

    @Override
    String address() {
        return address;
    }

    /** A key that is known to be right, and a connection made with it, which is of use if it is the first. */
    void knownBy(byte[] right, Line line) {
        synchronized (this) {
            key = right.clone();
        }
        if (idle.isEmpty()) {
            giveBack(line);
        } else {
            line.close();
        }
    }

    /** Closes the connections when this is garbage: this process has let go of all that it had in the server. */
    Closeable closing() {
        return new Closing(idle);
    }

    private record Closing(ConcurrentLinkedDeque<Line> idle) implements Closeable {
        @Override
        public void close() {
            for (Line line = idle.poll(); line != null; line = idle.poll()) {
                line.sayGoodbye();
                line.close();
            }
        }
    }

    /** From now on every call fails, and says {@code why}. */
    void close(String why) {
        closed = why;
        for (Line line = idle.poll(); line != null; line = idle.poll()) {
            line.close();
        }
    }

    void sayGoodbye() {
        Line line = idle.peek();
        if (line != null) {
            line.sayGoodbye();
        }
    }

    @Override
    @Nullable
    Object call(@Nullable Object[] message, boolean interruptibly) throws InterruptedException {
        if (interruptibly && Thread.interrupted()) {
            throw new InterruptedException();
        }
        requireOpen();
        MessageSocket.Message answer;
        try (Encoded request = Destination.encode(message, this)) {
            answer = exchange(request, interruptibly);
            request.recycle();
        }
        Object decoded = decode(answer);
        if (decoded instanceof Failure failure) {
            throw thrown(failure, interruptibly);
        }
        return decoded;
    }

    private MessageSocket.Message exchange(Encoded request, boolean interruptibly) {
        Line line = take();
        try {
            FaultPoint.reach("manager-client");
            return line.exchange(request, interruptibly);
        } catch (HeapExhaustedException e) {
            throw new UncheckedIOException("the answer cannot be taken here: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            replace(line);
            throw e;
        } catch (IOException e) {
            throw gone("ended, or the way to it was interrupted, before it answered: " + e.getMessage(), e);
        } finally {
            giveBack(line);
        }
    }

    /** Half a call was made on {@code line}, which is of no use then: if it is the last, there is to be another one before. */
    private void replace(Line line) {
        if (line.isUsable() || !idle.isEmpty()) {
            return;
        }
        try {
            giveBack(Line.open(Addresses.of(address), key(), client, Deadline.after(REPLACEMENT)));
        } catch (IOException | RuntimeException | Error e) {
            System.getLogger("io.multijvm").log(Level.DEBUG, "no other connection to a manager's server", e);
        }
    }

    @Override
    boolean awaitEnd(Deadline deadline) throws InterruptedException {
        Line line;
        try {
            line = take();
        } catch (ManagerGoneException e) {
            return true;
        }
        try {
            return line.awaitEnd(deadline);
        } catch (InterruptedIOException e) {
            throw (InterruptedException) new InterruptedException().initCause(e);
        } catch (IOException e) {
            return true;
        } finally {
            giveBack(line); // it may be the last one, without which this process is dead to the server
        }
    }

    private static @Nullable Object decode(MessageSocket.Message answer) {
        try {
            return Codec.decode(answer.bytes(), answer.descriptors(), Codec.loader());
        } catch (ClassNotFoundException e) {
            throw new UncheckedIOException(
                    new IOException("the answer has an object of a class that is not here: " + e.getMessage(), e));
        } catch (IOException e) {
            throw new UncheckedIOException("the answer cannot be rebuilt here: " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            var shortage = new HeapExhaustedException("an answer", answer.bytes().length, e);
            throw new UncheckedIOException("the answer cannot be rebuilt here: " + shortage.getMessage(), shortage);
        } finally {
            answer.discard();
        }
    }

    private static RuntimeException thrown(Failure failure, boolean interruptibly) {
        Throwable thrown = failure.toThrowable(Codec.loader());
        if (interruptibly && thrown instanceof InterruptedException) {
            boolean ignored = Thread.interrupted(); // it is told by the exception
        }
        throw Sneaky.hidden(thrown);
    }

    private Line take() {
        Line line = idle.poll();
        if (line == null) {
            line = connect();
        }
        boolean done = false;
        try {
            loans.giveBackBy(line);
            done = true;
        } finally {
            if (!done) {
                giveBack(line);
            }
        }
        return line;
    }

    private Line connect() {
        requireOpen();
        Line line;
        try {
            line = openUninterruptibly();
        } catch (IOException e) {
            throw gone("cannot be reached: " + e.getMessage(), e);
        }
        if (!line.server().equals(id())) {
            line.close();
            throw gone("has ended, and another one listens there", null);
        }
        Servers.prepareGoodbye();
        return line;
    }

    /** A handshake cannot be gone on with by another call, so an interrupt begins it anew. */
    private Line openUninterruptibly() throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return Line.open(Addresses.of(address), key(), client);
                } catch (InterruptedIOException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void giveBack(Line line) {
        if (closed != null || !line.isUsable() || idle.size() >= MOST_IDLE) {
            line.close();
            return;
        }
        idle.push(line);
        String why = closed;
        if (why != null) {
            close(why); // somebody has closed it meanwhile
        }
    }

    @Override
    synchronized byte[] key() throws IOException {
        if (key == null) {
            key = Keys.find(id());
        }
        return key;
    }

    private void requireOpen() {
        String why = closed;
        if (why != null) {
            throw gone(why, null);
        }
    }

    private ManagerGoneException gone(String what, @Nullable Throwable cause) {
        return new ManagerGoneException("the manager's server at " + address + " " + what, cause);
    }

    /** Unless it goes home the server keeps it, and the receiver gets the key, until it has arrived. */
    @Override
    Passed pass(Remote remote, @Nullable Object destination) {
        if (destination == this) {
            return new Passed(remote, Passed.HOME);
        }
        try {
            publishKey();
            Object token = remote.number() == ITSELF ? null : ask(ServerVerb.PIN, remote.number());
            return new Passed(remote, token instanceof Long pinned ? pinned : Passed.HOME);
        } catch (ManagerGoneException | ObjectGoneException e) {
            return new Passed(remote, Passed.HOME); // as whoever uses it there will be told, too
        }
    }

    private void publishKey() {
        if (!published) {
            try {
                Keys.publish(id(), key());
            } catch (IOException e) {
                throw new UncheckedIOException("the key of the manager cannot be passed on", e);
            }
            published = true;
        }
    }

    @Override
    Remote arrived(Passed passed) {
        if (passed.number() == ITSELF) {
            return itself();
        }
        if (passed.token() == Passed.LENT) {
            return loans.lent(passed, 1);
        }
        try {
            Object ignored = ask(ServerVerb.ATTACH, passed.number(), passed.token());
            return loans.lent(passed, 1);
        } catch (ManagerGoneException | ObjectGoneException e) {
            return loans.lent(passed, 0); // as whoever uses it is told
        }
    }

    /** There are objects to be given back: that is said now, if a connection is free for it, else before the next call. */
    void giveBackLoans() {
        if (closed != null) {
            return;
        }
        Line line = idle.poll();
        if (line != null) {
            try {
                loans.giveBackBy(line);
            } finally {
                giveBack(line);
            }
        }
    }
}
