package io.multijvm.connection;

import io.multijvm.ipc.codec.Luggage;
import io.multijvm.ipc.codec.Passable;
import io.multijvm.ipc.socket.MessageSocket;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.WriteAbortedException;
import org.jspecify.annotations.Nullable;

/** A connection under way: which of the descriptors that travel with it is its own, and what it may do. */
final class Passed implements Passable {
    private static final long serialVersionUID = 1;

    private final int index;
    private final boolean readable;
    private final boolean writable;

    Passed(int index, boolean readable, boolean writable) {
        this.index = index;
        this.readable = readable;
        this.writable = writable;
    }

    @Override
    public @Nullable Object[] parts() {
        return new Object[] {index, readable, writable};
    }

    /** The connection of which {@link #parts} has told. */
    static Object arrived(@Nullable Object[] parts) throws ObjectStreamException {
        return new Passed((int) parts[0], (boolean) parts[1], (boolean) parts[2]).readResolve();
    }

    @Serial
    private Object readResolve() throws ObjectStreamException {
        try {
            return new Connection(new MessageSocket(Luggage.unpack(index)), readable, writable);
        } catch (IOException e) {
            throw new WriteAbortedException("connection", e);
        }
    }
}
