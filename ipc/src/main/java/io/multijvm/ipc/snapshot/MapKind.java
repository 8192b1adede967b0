package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.os.RawObjects;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's maps that find by hash. Where an entry lies depends on its key's hash, which for many keys differs from JVM to
 * JVM: so a copy gets the entries put in anew.
 */
enum MapKind {
    LINKED(LinkedHashMap.class) {
        @Override
        Map<Object, Object> empty(int size, boolean byAccess) {
            return new LinkedHashMap<>(capacity(size), LOAD, byAccess);
        }
    },
    HASH(HashMap.class) {
        @Override
        Map<Object, Object> empty(int size, boolean byAccess) {
            return new HashMap<>(capacity(size), LOAD);
        }
    },
    TABLE(Hashtable.class) {
        @Override
        @SuppressWarnings("JdkObsolete") // programs have them
        Map<Object, Object> empty(int size, boolean byAccess) {
            return new Hashtable<>(capacity(size));
        }
    },
    IDENTITY(IdentityHashMap.class) {
        @Override
        Map<Object, Object> empty(int size, boolean byAccess) {
            return new IdentityHashMap<>(size);
        }
    },
    WEAK(WeakHashMap.class) {
        @Override
        Map<Object, Object> empty(int size, boolean byAccess) {
            return new WeakHashMap<>(capacity(size));
        }
    },
    CONCURRENT(ConcurrentHashMap.class) {
        @Override
        Map<Object, Object> empty(int size, boolean byAccess) {
            return new ConcurrentHashMap<>(capacity(size));
        }
    };

    private static final float LOAD = 0.75f;
    private static final int ATTEMPTS = 1000;

    private final Class<?> base;

    MapKind(Class<?> base) {
        this.base = base;
    }

    static @Nullable MapKind of(Class<?> type) {
        for (MapKind each : values()) {
            if (each.base.isAssignableFrom(type)) {
                return each;
            }
        }
        return null;
    }

    private static int capacity(int size) {
        return (int) Math.min(1 << 30, size / LOAD + 1);
    }

    /** The class whose fields are not copied. */
    Class<?> base() {
        return base;
    }

    /** A new one of the very class {@link #base}, with room for {@code size}. */
    abstract Map<Object, Object> empty(int size, boolean byAccess);

    /** An empty one of {@code type}, which may be a subclass, made without its constructors. */
    Object allocate(Class<?> type, int size, boolean byAccess) {
        Map<Object, Object> empty = empty(size, byAccess);
        return type == base ? empty : withFieldsOf(empty, RawObjects.allocate(type));
    }

    /** Gives {@code target} the fields that {@code source}, of the same class or a superclass, has. */
    static Object withFieldsOf(Object source, Object target) {
        for (Class<?> each = source.getClass(); each != null; each = each.getSuperclass()) {
            for (Field field : RawObjects.fieldsOf(each)) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    RawObjects.copyField(field, source, target);
                }
            }
        }
        return target;
    }

    /** Keys and values in turn; what a subclass makes of the map's methods is not asked. */
    List<@Nullable Object> entries(Map<?, ?> map) {
        for (int attempt = 0; ; attempt++) {
            try {
                var entries = new ArrayList<@Nullable Object>(2 * Math.max(0, map.getClass() == base ? map.size() : 8));
                for (Map.Entry<?, ?> entry : entrySet(map).toArray(new Map.Entry<?, ?>[0])) {
                    entries.add(entry.getKey());
                    entries.add(entry.getValue());
                }
                return entries;
            } catch (ConcurrentModificationException e) {
                if (attempt == ATTEMPTS) {
                    throw e; // somebody does nothing but change it
                }
            }
        }
    }

    @SuppressWarnings("unchecked") // it is a map
    private Set<? extends Map.Entry<?, ?>> entrySet(Map<?, ?> map) {
        return map.getClass() == base
                ? map.entrySet()
                : (Set<? extends Map.Entry<?, ?>>) Objects.requireNonNull(RawObjects.callOf(base, map, "entrySet"));
    }

    /** Puts an entry in, as {@link #base} does it. */
    @SuppressWarnings("unchecked")
    void put(Object map, @Nullable Object key, @Nullable Object value) {
        if (map.getClass() == base) {
            ((Map<@Nullable Object, @Nullable Object>) map).put(key, value);
        } else {
            RawObjects.callOf(base, map, "put", key, value);
        }
    }
}
