package io.multijvm.manager;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Addresses as text: what travels. */
final class Addresses {
    private static final String UNIX = "unix:";
    private static final String TCP = "tcp:";

    private Addresses() {}

    static String toText(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress unix) {
            return UNIX + unix.getPath();
        }
        if (address instanceof InetSocketAddress inet) {
            InetAddress host = inet.getAddress();
            return TCP + (host == null ? inet.getHostString() : host.getHostAddress()) + ":" + inet.getPort();
        }
        throw new IllegalArgumentException(
                "address " + address + ": a UnixDomainSocketAddress or an InetSocketAddress expected");
    }

    static SocketAddress of(String text) {
        if (text.startsWith(UNIX)) {
            return UnixDomainSocketAddress.of(text.substring(UNIX.length()));
        }
        int port = text.lastIndexOf(':');
        if (!text.startsWith(TCP) || port < TCP.length()) {
            throw new IllegalArgumentException("no address: " + text);
        }
        return new InetSocketAddress(text.substring(TCP.length(), port), Integer.parseInt(text.substring(port + 1)));
    }
}
