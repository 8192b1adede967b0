package io.multijvm.ipc.os;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** The JDK's channels seen as descriptors, and descriptors made into the JDK's channels again. */
public final class OpenChannels {
    private static final int ACCESS_MODE = 3;
    private static final int READ_ONLY = 0;
    private static final int WRITE_ONLY = 1;

    private OpenChannels() {}

    /** A new descriptor of what {@code channel}, a socket or file channel of the JDK, has open. */
    public static Descriptor duplicate(Object channel) throws IOException {
        FileDescriptor held = JdkInternals.fileDescriptorOf(channel);
        int number = JdkInternals.number(held);
        return new Descriptor(PosixException.check(LibC.fcntl(number, LibC.F_DUPFD_CLOEXEC, 3), "fcntl F_DUPFD"));
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

    /** A channel with the descriptor's own access mode and position; it owns the descriptor from now on. */
    public static FileChannel fileChannel(Descriptor descriptor) throws IOException {
        int getFlags = 3;
        int mode = PosixException.check(LibC.fcntl(descriptor.number(), getFlags, 0), "fcntl F_GETFL") & ACCESS_MODE;
        FileDescriptor file = JdkInternals.fileDescriptor(descriptor.number());
        return switch (mode) {
            case READ_ONLY -> new FileInputStream(file).getChannel();
            case WRITE_ONLY -> new FileOutputStream(file).getChannel();
            default -> JdkInternals.readWriteChannel(file);
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
