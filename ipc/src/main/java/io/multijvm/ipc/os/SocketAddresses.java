package io.multijvm.ipc.os;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's addresses as the kernel has them.
 *
 * <pre>
 * sockaddr_un    0 family  2 path, ended by a zero
 * sockaddr_in    0 family  2 port (big endian)  4 address                              (16 bytes)
 * sockaddr_in6   0 family  2 port (big endian)  4 flow  8 address  24 scope            (28 bytes)
 * </pre>
 */
final class SocketAddresses {
    /** Room for any of them. */
    static final int MOST = 128;

    private static final int PATH = 2;
    private static final int IN_SIZE = 16;
    private static final int IN6_SIZE = 28;

    private SocketAddresses() {}

    /** The address family of {@code address}. */
    static int family(SocketAddress address) throws UnknownHostException {
        if (address instanceof UnixDomainSocketAddress) {
            return LibC.AF_UNIX;
        }
        return resolved((InetSocketAddress) address) instanceof Inet6Address ? LibC.AF_INET6 : LibC.AF_INET;
    }

    static Memory encode(SocketAddress address) throws UnknownHostException {
        if (address instanceof UnixDomainSocketAddress unix) {
            return Sockets.address(unix.getPath());
        }
        var internet = (InetSocketAddress) address;
        InetAddress host = resolved(internet);
        boolean six = host instanceof Inet6Address;
        Memory memory = LibC.memory(six ? IN6_SIZE : IN_SIZE);
        memory.clear();
        memory.setShort(0, (short) (six ? LibC.AF_INET6 : LibC.AF_INET));
        memory.setByte(2, (byte) (internet.getPort() >>> 8));
        memory.setByte(3, (byte) internet.getPort());
        byte[] bytes = host.getAddress();
        memory.write(six ? 8 : 4, bytes, 0, bytes.length);
        if (host instanceof Inet6Address scoped) {
            memory.setInt(24, scoped.getScopeId());
        }
        return memory;
    }

    /** The address in {@code size} bytes; a Unix-domain socket need not have one, its path is empty then. */
    static @Nullable SocketAddress decode(Pointer memory, int size) throws UnknownHostException {
        int family = size < 2 ? 0 : memory.getShort(0);
        if (family == LibC.AF_UNIX) {
            byte[] path = memory.getByteArray(PATH, size - PATH);
            int length = 0;
            while (length < path.length && path[length] != 0) {
                length++;
            }
            return UnixDomainSocketAddress.of(new String(path, 0, length, StandardCharsets.UTF_8));
        }
        if (family == LibC.AF_INET && size >= IN_SIZE) {
            return new InetSocketAddress(InetAddress.getByAddress(memory.getByteArray(4, 4)), port(memory));
        }
        if (family == LibC.AF_INET6 && size >= IN6_SIZE) {
            byte[] bytes = memory.getByteArray(8, 16);
            int scope = memory.getInt(24);
            InetAddress host =
                    scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
            return new InetSocketAddress(host, port(memory));
        }
        return null;
    }

    private static int port(Pointer memory) {
        return (memory.getByte(2) & 0xff) << 8 | (memory.getByte(3) & 0xff);
    }

    private static InetAddress resolved(InetSocketAddress address) throws UnknownHostException {
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new UnknownHostException(address.getHostString());
        }
        return host;
    }
}
