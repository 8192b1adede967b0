package io.multijvm.ipc.codec;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The classes that were found last: their names as they arrive, by the loader that was asked. Keeps none alive. */
final class KnownClasses {
    private static final int SLOTS = 64; // a power of two
    private static final int HASHED = 12; // bytes from the end, where names differ

    private static final @Nullable Known[] KNOWN = new @Nullable Known[SLOTS];

    private KnownClasses() {}

    private static final class Known {
        final byte[] name;
        final WeakReference<ClassLoader> loader;
        final WeakReference<Class<?>> type;

        Known(byte[] name, ClassLoader loader, Class<?> type) {
            this.name = name;
            this.loader = new WeakReference<>(loader);
            this.type = new WeakReference<>(type);
        }
    }

    /** The class whose name, as UTF-8, lies in {@code bytes}; not initialised by this. */
    static Class<?> find(byte[] bytes, int from, int count, ClassLoader loader) throws ClassNotFoundException {
        int slot = slot(bytes, from, count);
        Known known = KNOWN[slot]; // whatever a thread finds here is whole: all fields are final
        if (known != null
                && known.loader.refersTo(loader)
                && Arrays.equals(known.name, 0, known.name.length, bytes, from, from + count)) {
            Class<?> type = known.type.get();
            if (type != null) {
                return type;
            }
        }
        Class<?> type = load(new String(bytes, from, count, StandardCharsets.UTF_8), loader);
        KNOWN[slot] = new Known(Arrays.copyOfRange(bytes, from, from + count), loader, type);
        return type;
    }

    /** Touches {@link ForeignClasses} only where a class is missing. */
    static Class<?> load(String name, ClassLoader loader) throws ClassNotFoundException {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            return ForeignClasses.search(name, e);
        }
    }

    private static int slot(byte[] bytes, int from, int count) {
        int hash = count;
        for (int i = Math.max(0, count - HASHED); i < count; i++) {
            hash = 31 * hash + bytes[from + i];
        }
        return (hash ^ (hash >>> 8)) & (SLOTS - 1);
    }
}
