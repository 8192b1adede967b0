package io.multijvm.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Children that a debugger can be attached to: each listens at a port of its own, on this machine only, and the parent
 * prints where.
 *
 * <p>They are always fresh JVMs: a spare could wait for its debugger only before anybody needs it.
 */
public final class Debugging {
    /** {@code true} has every child listen for a debugger, {@code suspend} has it wait for one before it begins. */
    public static final String PROPERTY = "multijvm.debug";

    private static final String AGENT = "-agentlib:jdwp=";
    private static final String HOST = "127.0.0.1";
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final String PORT = "%{port}";
    private static final String LISTENING = argument(false);
    private static final String SUSPENDED = argument(true);

    private Debugging() {}

    /** The JVM argument of a child that listens, and waits if {@code suspend}. */
    public static String argument(boolean suspend) {
        return AGENT + "transport=dt_socket,server=y,quiet=y,suspend=" + (suspend ? "y" : "n") + ",address=" + HOST
                + ":" + PORT;
    }

    /** Whether an argument is one of {@link #argument}'s. */
    public static boolean isArgument(String argument) {
        return argument.equals(LISTENING) || argument.equals(SUSPENDED);
    }

    /** What the system property wants of children that their own options say nothing of; null for nothing. */
    public static @Nullable String wanted(List<String> arguments) {
        String value = System.getProperty(PROPERTY, "off");
        if (value.equals("off") || value.equals("false") || arguments.stream().anyMatch(a -> a.startsWith(AGENT))) {
            return null;
        }
        return argument(value.equals("suspend"));
    }

    static boolean isIn(Profile profile) {
        return profile.command().stream().anyMatch(Debugging::isArgument);
    }

    /** Whether the child takes nothing in before a debugger has come. */
    static boolean isSuspended(Profile profile) {
        return profile.command().contains(SUSPENDED);
    }

    /** The profile with a port in place of the word for one. */
    static Profile withPort(Profile profile, int port) {
        List<String> command = profile.command().stream()
                .map(argument -> argument.startsWith(AGENT) ? argument.replace(PORT, Integer.toString(port)) : argument)
                .toList();
        return new Profile(command, profile.environment(), profile.directory());
    }

    /** A port that is free now: nothing but the child's own agent is likely to take it in the meantime. */
    static int freePort() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getByAddress(LOOPBACK))) {
            return probe.getLocalPort();
        }
    }

    static void announce(LaunchSpec spec, int pid, int port) {
        System.err.println("process '" + spec.name() + "', pid " + pid + ", "
                + (isSuspended(spec.profile()) ? "waits" : "listens") + " for a debugger at " + HOST + ":" + port);
    }
}
