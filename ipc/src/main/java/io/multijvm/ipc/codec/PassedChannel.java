package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.OpenChannels;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.io.WriteAbortedException;
import java.net.SocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An open channel of the JDK under way; arrives as a channel of the same open file description. */
record PassedChannel(Kind kind, int index, @Nullable SocketAddress address) implements Serializable {
    enum Kind {
        SOCKET,
        SERVER,
        FILE
    }

    /** Returns what to write instead of {@code value}, or null when it is no such channel. */
    static @Nullable PassedChannel of(Object value) throws IOException {
        if (value instanceof SocketChannel socket) {
            SocketAddress remote = socket.getRemoteAddress();
            if (remote == null) {
                throw new NotSerializableException("a socket that is not connected");
            }
            return new PassedChannel(Kind.SOCKET, pack(socket), remote);
        }
        if (value instanceof ServerSocketChannel server) {
            return new PassedChannel(Kind.SERVER, pack(server), server.getLocalAddress());
        }
        if (value instanceof FileChannel file) {
            return new PassedChannel(Kind.FILE, pack(file), null);
        }
        return null;
    }

    private static int pack(Channel channel) throws IOException {
        return Luggage.packOwned(OpenChannels.duplicate(channel));
    }

    private Object readResolve() throws ObjectStreamException {
        try {
            Descriptor open = Luggage.unpack(index);
            return switch (kind) {
                case SOCKET -> OpenChannels.socketChannel(open, Objects.requireNonNull(address));
                case SERVER -> OpenChannels.serverSocketChannel(open, address);
                case FILE -> OpenChannels.fileChannel(open);
            };
        } catch (IOException e) {
            throw new WriteAbortedException("channel cannot be opened here", e);
        }
    }
}
