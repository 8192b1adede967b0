package io.multijvm.ipc.os;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** What newer releases know of threads. */
public final class Threads {
    private Threads() {}

    /** Whether the current thread is a virtual one, which must not wait in a system call. */
    public static boolean isVirtual() {
        Thread current = Thread.currentThread();
        if (current.getClass() == Thread.class || Newer.IS_VIRTUAL == null) {
            return false;
        }
        try {
            return (boolean) Newer.IS_VIRTUAL.invokeExact(current);
        } catch (Throwable e) {
            throw new AssertionError("Thread.isVirtual does not throw", e);
        }
    }

    /** The current thread's value of {@code local} in an array of one; null when it has none, and was not asked for one. */
    public static @Nullable Object @Nullable [] valueOf(ThreadLocal<?> local) {
        try {
            MethodHandles.Lookup lookup = JdkInternals.trusted();
            Class<?> mapType = Class.forName("java.lang.ThreadLocal$ThreadLocalMap");
            Class<?> entryType = Class.forName("java.lang.ThreadLocal$ThreadLocalMap$Entry");
            Object map = lookup.findVirtual(ThreadLocal.class, "getMap", MethodType.methodType(mapType, Thread.class))
                    .invoke(local, Thread.currentThread());
            if (map == null) {
                return null;
            }
            Object entry = lookup.findVirtual(mapType, "getEntry", MethodType.methodType(entryType, ThreadLocal.class))
                    .invoke(map, local);
            return entry == null
                    ? null
                    : new @Nullable Object[] {
                        lookup.findGetter(entryType, "value", Object.class).invoke(entry)
                    };
        } catch (Throwable e) {
            throw JdkInternals.unavailable("ThreadLocal.getMap", e);
        }
    }

    /** Of its own, because a cold JVM takes its time to make the first method handle. */
    private static final class Newer {
        static final @Nullable MethodHandle IS_VIRTUAL = isVirtualOrNull();

        private static @Nullable MethodHandle isVirtualOrNull() {
            try {
                return MethodHandles.publicLookup()
                        .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
            } catch (NoSuchMethodException | IllegalAccessException e) {
                return null;
            }
        }
    }
}
