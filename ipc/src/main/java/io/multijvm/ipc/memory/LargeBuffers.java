package io.multijvm.ipc.memory;

import java.lang.ref.SoftReference;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Large arrays that are used again, as long as memory is not short: of a message of 1 MiB a fresh array costs as much time as
 * a copy of it.
 */
public final class LargeBuffers {
    /** Smaller arrays are not worth it. */
    public static final int LEAST = 64 * 1024;

    private static final int MOST = 16 << 20;
    private static final int KEPT = 2; // one that is read into, one that is written from
    private static final int WASTE = 4;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static final AtomicReference<@Nullable SoftReference<byte[]>>[] KEEPERS = new AtomicReference[KEPT];

    static {
        for (int i = 0; i < KEPT; i++) {
            KEEPERS[i] = new AtomicReference<>();
        }
    }

    private LargeBuffers() {}

    /** An array of at least {@code size} bytes, of any content. */
    public static byte[] take(int size) {
        if (size >= LEAST && size <= MOST) {
            for (AtomicReference<@Nullable SoftReference<byte[]>> keeper : KEEPERS) {
                SoftReference<byte[]> kept = keeper.getAndSet(null);
                byte[] array = kept == null ? null : kept.get();
                if (array != null) {
                    if (array.length >= size && array.length / WASTE <= size) {
                        return array;
                    }
                    giveBack(array);
                }
            }
        }
        return new byte[size];
    }

    /** Gives an array back that nobody has any more. */
    public static void giveBack(byte[] array) {
        if (array.length < LEAST || array.length > MOST) {
            return;
        }
        for (AtomicReference<@Nullable SoftReference<byte[]>> keeper : KEEPERS) {
            if (keeper.get() == null && keeper.compareAndSet(null, new SoftReference<>(array))) {
                return;
            }
        }
    }
}
