package io.multijvm.connection;

import io.multijvm.ipc.codec.Luggage;
import io.multijvm.ipc.codec.Passable;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.socket.MessageChannel;
import io.multijvm.ipc.socket.MessageSocket;
import io.multijvm.ipc.socket.StreamSocket;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.WriteAbortedException;
import org.jspecify.annotations.Nullable;

/**
 * A connection under way: which of the descriptors that travel with it is its own, what it may do, and over TCP what keeps
 * its users in all processes apart.
 */
final class Passed implements Passable {
    private static final long serialVersionUID = 1;

    private final int index;
    private final boolean readable;
    private final boolean writable;
    private final Block.@Nullable Ref guards;

    Passed(int index, boolean readable, boolean writable, Block.@Nullable Ref guards) {
        this.index = index;
        this.readable = readable;
        this.writable = writable;
        this.guards = guards;
    }

    @Override
    public @Nullable Object[] parts() {
        return guards == null
                ? new Object[] {index, readable, writable}
                : new Object[] {index, readable, writable, guards.file(), guards.offset(), guards.size()};
    }

    /** The connection of which {@link #parts} has told. */
    static Object arrived(@Nullable Object[] parts) throws ObjectStreamException {
        Block.Ref guards = parts.length == 3 ? null : new Block.Ref((String) parts[3], (int) parts[4], (int) parts[5]);
        return new Passed((int) parts[0], (boolean) parts[1], (boolean) parts[2], guards).readResolve();
    }

    @Serial
    private Object readResolve() throws ObjectStreamException {
        try {
            return new Connection(socket(), readable, writable);
        } catch (IOException e) {
            throw new WriteAbortedException("connection", e);
        }
    }

    private MessageChannel socket() throws IOException {
        if (guards == null) {
            return new MessageSocket(Luggage.unpack(index));
        }
        Block block = ProcessContext.domain().attach(guards);
        return new StreamSocket(Luggage.unpack(index), ProcessContext.domain(), block);
    }
}
