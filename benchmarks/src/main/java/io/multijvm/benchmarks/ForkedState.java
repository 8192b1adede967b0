package io.multijvm.benchmarks;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Static state to be forked. */
final class ForkedState {
    private static final int OBJECT = 100; // bytes, about, for an entry with its key and value

    private static @Nullable Object state;

    private ForkedState() {}

    /** Takes {@code measure} with so many bytes of numbers as the state. */
    static double arrays(int bytes, Measure measure) throws IOException, InterruptedException {
        if (!(state instanceof long[])) {
            state = new long[bytes / Long.BYTES];
        }
        return measure.take();
    }

    /** As the other, with a map of strings. */
    static double objects(int bytes, Measure measure) throws IOException, InterruptedException {
        if (!(state instanceof Map)) {
            var map = new HashMap<String, String>();
            for (int i = 0; i < bytes / OBJECT; i++) {
                map.put("key " + i, "value " + i);
            }
            state = map;
        }
        return measure.take();
    }

    static void clear() {
        state = null;
    }
}
