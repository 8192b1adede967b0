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
 */
public record WarmPolicy(int spares, Duration idleTimeout, List<String> preload) {
    private static final int FEWEST = 2;
    private static final int MOST = 8;

    public WarmPolicy {
        preload = List.copyOf(preload);
        if (spares < 0) {
            throw new IllegalArgumentException("spares: " + spares + ", at least 0 expected");
        }
    }

    /**
     * As many spares as processors, but at least 2 and at most 8, for a minute; or what the system properties {@code
     * multijvm.spares} and {@code multijvm.spares.idle} (seconds) say.
     */
    public static WarmPolicy defaults() {
        int processors = Runtime.getRuntime().availableProcessors();
        int spares = Integer.getInteger("multijvm.spares", Math.max(FEWEST, Math.min(MOST, processors)));
        return new WarmPolicy(spares, Duration.ofSeconds(Integer.getInteger("multijvm.spares.idle", 60)), List.of());
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(spares);
        out.writeLong(idleTimeout.getSeconds());
        out.writeInt(idleTimeout.getNano());
        Strings.write(out, preload);
    }

    static WarmPolicy read(DataInputStream in) throws IOException {
        return new WarmPolicy(in.readInt(), Duration.ofSeconds(in.readLong(), in.readInt()), Strings.read(in));
    }
}
