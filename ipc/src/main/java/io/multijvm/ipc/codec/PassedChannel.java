package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.OpenChannels;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.io.WriteAbortedException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something open of the JDK under way: a channel, socket or file stream. It arrives as one of the same open file
 * description, so that both have one position; either is closed by itself. A plain {@link Socket} arrives as one that
 * stands on a channel; what only one side knows, such as a timeout, stays there.
 */
record PassedChannel(Kind kind, int index, @Nullable SocketAddress address) implements Serializable {
    enum Kind {
        SOCKET,
        SERVER,
        FILE,
        DATAGRAM,
        PLAIN_SOCKET,
        PLAIN_SERVER,
        PLAIN_DATAGRAM,
        INPUT_STREAM,
        OUTPUT_STREAM,
        RANDOM_ACCESS
    }

    private static final List<Class<?>> CHANNELS =
            List.of(SocketChannel.class, ServerSocketChannel.class, DatagramChannel.class, FileChannel.class);
    private static final List<Class<?>> FILES =
            List.of(FileInputStream.class, FileOutputStream.class, RandomAccessFile.class);
    private static final String ADAPTORS = "sun.nio.ch.";

    /** Whether objects of {@code type} travel like this: of subclasses with something of their own only what the JDK has. */
    static boolean isPassed(Class<?> type) {
        return CHANNELS.stream().anyMatch(each -> each.isAssignableFrom(type))
                || FILES.contains(type)
                || isSocket(type);
    }

    private static boolean isSocket(Class<?> type) {
        return type == Socket.class
                || type == ServerSocket.class
                || type == DatagramSocket.class
                || (type.getName().startsWith(ADAPTORS)
                        && (Socket.class.isAssignableFrom(type)
                                || ServerSocket.class.isAssignableFrom(type)
                                || DatagramSocket.class.isAssignableFrom(type)));
    }

    /** Returns what to write instead of {@code value}, or null when it is no such thing. */
    static @Nullable PassedChannel of(Object value) throws IOException {
        if (!isPassed(value.getClass())) {
            return null;
        }
        if (value instanceof Channel channel) {
            return ofChannel(channel);
        }
        if (value instanceof FileInputStream in) {
            return new PassedChannel(Kind.INPUT_STREAM, pack(OpenChannels.duplicate(in.getFD())), null);
        }
        if (value instanceof FileOutputStream out) {
            return new PassedChannel(Kind.OUTPUT_STREAM, pack(OpenChannels.duplicate(out.getFD())), null);
        }
        if (value instanceof RandomAccessFile file) {
            return new PassedChannel(Kind.RANDOM_ACCESS, pack(OpenChannels.duplicate(file.getFD())), null);
        }
        return ofSocket(value);
    }

    private static @Nullable PassedChannel ofChannel(Channel value) throws IOException {
        if (value instanceof SocketChannel socket) {
            return new PassedChannel(Kind.SOCKET, packChannel(socket), connected(socket.getRemoteAddress()));
        }
        if (value instanceof ServerSocketChannel server) {
            return new PassedChannel(Kind.SERVER, packChannel(server), server.getLocalAddress());
        }
        if (value instanceof DatagramChannel datagrams) {
            return new PassedChannel(Kind.DATAGRAM, packChannel(datagrams), datagrams.getRemoteAddress());
        }
        return value instanceof FileChannel file ? new PassedChannel(Kind.FILE, packChannel(file), null) : null;
    }

    private static @Nullable PassedChannel ofSocket(Object value) throws IOException {
        if (value instanceof Socket socket) {
            SocketAddress remote = connected(socket.getRemoteSocketAddress());
            Descriptor open = socket.getChannel() == null
                    ? OpenChannels.duplicate(socket)
                    : OpenChannels.duplicate(socket.getChannel());
            return new PassedChannel(Kind.PLAIN_SOCKET, pack(open), remote);
        }
        if (value instanceof ServerSocket server) {
            SocketAddress local = server.getLocalSocketAddress();
            if (local == null) {
                throw new NotSerializableException("a server socket that is not bound");
            }
            Descriptor open = server.getChannel() == null
                    ? OpenChannels.duplicate(server)
                    : OpenChannels.duplicate(server.getChannel());
            return new PassedChannel(Kind.PLAIN_SERVER, pack(open), local);
        }
        DatagramChannel channel = OpenChannels.channelOf((DatagramSocket) value);
        return new PassedChannel(Kind.PLAIN_DATAGRAM, packChannel(channel), channel.getRemoteAddress());
    }

    private static SocketAddress connected(@Nullable SocketAddress remote) throws NotSerializableException {
        if (remote == null) {
            throw new NotSerializableException("a socket that is not connected");
        }
        return remote;
    }

    private static int packChannel(Channel channel) throws IOException {
        return pack(OpenChannels.duplicate(channel));
    }

    private static int pack(Descriptor open) throws IOException {
        return Luggage.packOwned(open);
    }

    private Object readResolve() throws ObjectStreamException {
        try {
            return open(Luggage.unpack(index));
        } catch (IOException e) {
            throw new WriteAbortedException("channel cannot be opened here", e);
        }
    }

    private Object open(Descriptor open) throws IOException {
        return switch (kind) {
            case SOCKET -> OpenChannels.socketChannel(open, Objects.requireNonNull(address));
            case SERVER -> OpenChannels.serverSocketChannel(open, address);
            case FILE -> OpenChannels.fileChannel(open);
            case DATAGRAM -> OpenChannels.datagramChannel(open, address);
            case PLAIN_SOCKET ->
                OpenChannels.socketChannel(open, Objects.requireNonNull(address))
                        .socket();
            case PLAIN_SERVER -> OpenChannels.serverSocketChannel(open, address).socket();
            case PLAIN_DATAGRAM -> OpenChannels.datagramChannel(open, address).socket();
            case INPUT_STREAM -> OpenChannels.fileInputStream(open);
            case OUTPUT_STREAM -> OpenChannels.fileOutputStream(open);
            case RANDOM_ACCESS -> OpenChannels.randomAccessFile(open);
        };
    }
}
