package io.multijvm.launcher;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What a fork server keeps ready.
 *
 * @param spares how many spares, memory permitting
 * @param idleTimeout how long after the last start they are kept
 * @param preload classes to load, without initialising them, in every spare
 * @param onError what a class of {@code preload} that cannot be loaded means
 */
public record WarmPolicy(int spares, Duration idleTimeout, List<String> preload, OnError onError) {
    private static final int FEWEST = 2;
    private static final int MOST = 8;

    /** What a class that cannot be preloaded means. */
    public enum OnError {
        /** Nothing: it is loaded when it is needed, or fails then. */
        IGNORE,
        /** A line in the log. */
        WARN,
        /** No process can be started. */
        FAIL
    }

    public WarmPolicy {
        preload = List.copyOf(preload);
        if (spares < 0) {
            throw new IllegalArgumentException("spares: " + spares + ", at least 0 expected");
        }
    }

    /** As many spares as processors, but at least 2 and at most 8, for a minute. */
    public static WarmPolicy defaults() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new WarmPolicy(
                Math.max(FEWEST, Math.min(MOST, processors)), Duration.ofMinutes(1), List.of(), OnError.IGNORE);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(spares);
        out.writeLong(idleTimeout.toMillis());
        Strings.write(out, preload);
        out.writeByte(onError.ordinal());
    }

    static WarmPolicy read(DataInputStream in) throws IOException {
        return new WarmPolicy(
                in.readInt(), Duration.ofMillis(in.readLong()), Strings.read(in), OnError.values()[in.readByte()]);
    }
}
