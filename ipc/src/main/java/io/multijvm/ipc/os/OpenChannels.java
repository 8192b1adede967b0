package io.multijvm.ipc.os;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Cleaner;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The JDK's channels seen as descriptors, and descriptors made into the JDK's channels again. */
public final class OpenChannels {
    private static final int ACCESS_MODE = 3;
    private static final int READ_ONLY = 0;
    private static final int WRITE_ONLY = 1;
    private static final int DATAGRAM_CONNECTED = 1;
    private static final String ADAPTOR = "sun.nio.ch.DatagramSocketAdaptor";

    private OpenChannels() {}

    /** A new descriptor of what {@code channel}, a socket or file channel of the JDK, has open. */
    public static Descriptor duplicate(Object channel) throws IOException {
        return duplicate(JdkInternals.fileDescriptorOf(channel));
    }

    /** A new descriptor of what {@code held} stands for. */
    public static Descriptor duplicate(FileDescriptor held) throws IOException {
        int number = JdkInternals.number(held);
        return new Descriptor(PosixException.check(LibC.fcntl(number, LibC.F_DUPFD_CLOEXEC, 3), "fcntl F_DUPFD"));
    }

    /** A new descriptor of a socket that has no channel; from now on the socket can be closed with no effect on that. */
    public static Descriptor duplicate(Socket socket) throws IOException {
        Descriptor duplicate = duplicateImplementation(Socket.class, socket);
        SharedSocket.share(socket);
        return duplicate;
    }

    /** A new descriptor of a socket that has no channel. */
    public static Descriptor duplicate(ServerSocket socket) throws IOException {
        return duplicateImplementation(ServerSocket.class, socket);
    }

    private static Descriptor duplicateImplementation(Class<?> type, Object socket) throws IOException {
        Object implementation = RawObjects.getReference(socket, RawObjects.offset(type, "impl"));
        try {
            var held = (FileDescriptor) JdkInternals.trusted()
                    .findVirtual(SocketImpl.class, "getFileDescriptor", MethodType.methodType(FileDescriptor.class))
                    .invoke((SocketImpl) implementation);
            return duplicate(held);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw JdkInternals.unavailable("SocketImpl.getFileDescriptor", e);
        }
    }

    /** The channel that {@code socket} stands on. */
    public static DatagramChannel channelOf(DatagramSocket socket) {
        DatagramSocket each = socket;
        while (each.getChannel() == null) {
            String next = each.getClass().getName().equals(ADAPTOR) ? "dc" : "delegate";
            Class<?> declaring = next.equals("dc") ? each.getClass() : DatagramSocket.class;
            Object inner = RawObjects.getReference(each, RawObjects.offset(declaring, next));
            if (inner instanceof DatagramChannel channel) {
                return channel;
            }
            each = (DatagramSocket) Objects.requireNonNull(inner, "what a socket stands on");
        }
        return each.getChannel();
    }

    /** A channel of a datagram socket, connected to {@code remote} unless null; it owns the descriptor from now on. */
    public static DatagramChannel datagramChannel(Descriptor descriptor, @Nullable SocketAddress remote) {
        try {
            Class<?> type = Class.forName("sun.nio.ch.DatagramChannelImpl");
            var channel = (DatagramChannel) JdkInternals.trusted()
                    .findConstructor(
                            type, MethodType.methodType(void.class, SelectorProvider.class, FileDescriptor.class))
                    .invoke(SelectorProvider.provider(), JdkInternals.fileDescriptor(descriptor.number()));
            if (remote != null) { // as connect would have it, which throws away what has arrived
                RawObjects.putReference(channel, RawObjects.offset(type, "remoteAddress"), remote);
                RawObjects.putInt(channel, RawObjects.offset(type, "state"), DATAGRAM_CONNECTED);
            }
            return channel;
        } catch (Throwable e) {
            throw JdkInternals.unavailable("DatagramChannelImpl", e);
        }
    }

    /** A stream, with the file's own position; it owns the descriptor from now on. */
    public static FileInputStream fileInputStream(Descriptor descriptor) {
        return new FileInputStream(JdkInternals.ownedFile(descriptor.number()));
    }

    /** A stream, with the file's own position; it owns the descriptor from now on. */
    public static FileOutputStream fileOutputStream(Descriptor descriptor) {
        return new FileOutputStream(JdkInternals.ownedFile(descriptor.number()));
    }

    /** A file to read or write anywhere, with its own position; it owns the descriptor from now on. */
    public static RandomAccessFile randomAccessFile(Descriptor descriptor) throws IOException {
        try (var template = new RandomAccessFile("/dev/null", accessMode(descriptor) == READ_ONLY ? "r" : "rw")) {
            var file = (RandomAccessFile) RawObjects.allocate(RandomAccessFile.class);
            for (Field field : RawObjects.fieldsOf(RandomAccessFile.class)) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    RawObjects.copyField(field, template, file);
                }
            }
            RawObjects.putReference(
                    file, RawObjects.offset(RandomAccessFile.class, "fd"), JdkInternals.ownedFile(descriptor.number()));
            return file;
        }
    }

    private static int accessMode(Descriptor descriptor) throws IOException {
        return PosixException.check(LibC.fcntl(descriptor.number(), LibC.F_GETFL, 0), "fcntl F_GETFL") & ACCESS_MODE;
    }

    /** A connected channel; it owns the descriptor from now on. */
    public static SocketChannel socketChannel(Descriptor descriptor, SocketAddress remote) {
        return JdkInternals.channel(
                SocketChannel.class,
                "sun.nio.ch.SocketChannelImpl",
                SocketAddress.class,
                family(remote),
                JdkInternals.fileDescriptor(descriptor.number()),
                remote);
    }

    /** A listening channel; it owns the descriptor from now on. */
    public static ServerSocketChannel serverSocketChannel(Descriptor descriptor, @Nullable SocketAddress local) {
        return JdkInternals.channel(
                ServerSocketChannel.class,
                "sun.nio.ch.ServerSocketChannelImpl",
                boolean.class,
                family(local),
                JdkInternals.fileDescriptor(descriptor.number()),
                local != null);
    }

    /** Lets a channel that was made field by field, and belongs to no stream, close its file. */
    public static void complete(FileChannel channel) {
        Class<?> type = channel.getClass();
        if (RawObjects.getReference(channel, RawObjects.offset(type, "parent")) != null) {
            return;
        }
        try {
            MethodHandles.Lookup lookup = JdkInternals.trusted();
            var cleaner = (Cleaner) lookup.findStatic(
                            Class.forName("jdk.internal.ref.CleanerFactory"),
                            "cleaner",
                            MethodType.methodType(Cleaner.class))
                    .invoke();
            var close = (Runnable) lookup.findConstructor(
                            Class.forName(type.getName() + "$Closer"),
                            MethodType.methodType(void.class, FileDescriptor.class))
                    .invoke(JdkInternals.fileDescriptorOf(channel));
            RawObjects.putReference(channel, RawObjects.offset(type, "closer"), cleaner.register(channel, close));
        } catch (Throwable e) {
            throw JdkInternals.unavailable("FileChannelImpl.Closer", e);
        }
    }

    /** A channel with the descriptor's own access mode and position; it owns the descriptor from now on. */
    public static FileChannel fileChannel(Descriptor descriptor) throws IOException {
        return switch (accessMode(descriptor)) {
            case READ_ONLY -> fileInputStream(descriptor).getChannel();
            case WRITE_ONLY -> fileOutputStream(descriptor).getChannel();
            default -> JdkInternals.readWriteChannel(JdkInternals.fileDescriptor(descriptor.number()));
        };
    }

    private static ProtocolFamily family(@Nullable SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress) {
            return StandardProtocolFamily.UNIX;
        }
        boolean six = address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet6Address;
        // The JDK opens its IPv4 sockets as IPv6 ones where it can, and must be told what a socket really is.
        return six || !Boolean.getBoolean("java.net.preferIPv4Stack")
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
    }
}
