package io.multijvm.connection;

import io.multijvm.ipc.socket.MessageSocket;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Two connected ends. Hand one to a process and close your own copy of it: as long as you keep that, the other end sees
 * no end-of-file. Python: {@code multiprocessing.Pipe}.
 */
public final class Pipe implements AutoCloseable {
    private final Connection first;
    private final Connection second;

    private Pipe(Connection first, Connection second) {
        this.first = first;
        this.second = second;
    }

    /** Both ends send and receive if {@code duplex}; otherwise the first only receives and the second only sends. */
    public static Pipe open(boolean duplex) {
        try {
            MessageSocket[] ends = MessageSocket.pair();
            return new Pipe(new Connection(ends[0], true, duplex), new Connection(ends[1], duplex, true));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a pipe", e);
        }
    }

    /** One end; of a one-way pipe the one that receives. */
    public Connection first() {
        return first;
    }

    /** The other end; of a one-way pipe the one that sends. */
    public Connection second() {
        return second;
    }

    /** The first end, by its role in a one-way pipe. */
    public Connection reader() {
        return first;
    }

    /** The second end, by its role in a one-way pipe. */
    public Connection writer() {
        return second;
    }

    /** Closes both ends, as far as they are open in this process. */
    @Override
    public void close() {
        first.close();
        second.close();
    }
}
