package io.multijvm.ipc.socket;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Endpoints;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Where connections come in; a file in the Unix domain is removed with it. */
public final class ListeningSocket implements Closeable {
    private final Descriptor descriptor;
    private final SocketAddress address;
    private final @Nullable Object file; // the identity of the file that was made, if any

    private ListeningSocket(Descriptor descriptor, SocketAddress address) throws IOException {
        this.descriptor = descriptor;
        this.address = address;
        this.file = address instanceof UnixDomainSocketAddress unix ? identity(unix.getPath()) : null;
    }

    /**
     * Listens at {@code address}; port 0 is any free one.
     *
     * @throws java.net.BindException when the address is taken
     */
    public static ListeningSocket open(SocketAddress address, int backlog) throws IOException {
        requireUsable(address);
        Descriptor descriptor = Endpoints.listen(address, backlog);
        try {
            boolean unix = address instanceof UnixDomainSocketAddress;
            return new ListeningSocket(descriptor, unix ? address : Endpoints.localAddress(descriptor));
        } catch (IOException | RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    /** A connection to who listens at {@code address}. */
    public static MessageChannel connect(SocketAddress address) throws IOException {
        requireUsable(address);
        return channel(address, Endpoints.connect(address));
    }

    private static void requireUsable(SocketAddress address) {
        if (!Endpoints.isUsable(address)) {
            throw new IllegalArgumentException(
                    "address " + address + ": a UnixDomainSocketAddress or an InetSocketAddress expected");
        }
    }

    private static MessageChannel channel(SocketAddress kind, Descriptor descriptor) {
        return kind instanceof UnixDomainSocketAddress ? new MessageSocket(descriptor) : new StreamSocket(descriptor);
    }

    /** Somebody who has connected. */
    public record Arrival(MessageChannel channel, @Nullable SocketAddress from) {}

    /** The next connection, or null when there is none now. */
    public @Nullable Arrival acceptNow() throws IOException {
        Endpoints.Accepted accepted = Endpoints.acceptNow(descriptor);
        if (accepted == null) {
            return null;
        }
        MessageChannel channel = channel(address, accepted.descriptor());
        try {
            if (!channel.carriesDescriptors()) {
                Endpoints.sendAtOnce(channel.descriptor());
            }
        } catch (IOException e) {
            channel.close(); // nobody is there any more
            return null;
        }
        return new Arrival(channel, accepted.from());
    }

    /** Where it listens; for port 0 with the real port. */
    public SocketAddress address() {
        return address;
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        if (!descriptor.isClosed() && file != null && address instanceof UnixDomainSocketAddress unix) {
            try {
                if (file.equals(identity(unix.getPath()))) { // and not somebody else's, who came after us
                    Files.deleteIfExists(unix.getPath());
                }
            } catch (NoSuchFileException e) {
                descriptor.close(); // removed with the run directory, or by hand
            } catch (IOException e) {
                descriptor.close();
                throw new UncheckedIOException("cannot remove " + address, e);
            }
        }
        descriptor.close();
    }

    private static @Nullable Object identity(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }
}
