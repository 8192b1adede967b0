package io.multijvm.ipc.snapshot;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** Values of static fields of which a class's initialiser makes the same in every JVM, and which are best left to it. */
final class Remade {
    private static final Set<String> LOGGERS = Set.of(
            "java.util.logging.Logger",
            "org.slf4j.Logger",
            "org.apache.logging.log4j.Logger",
            "org.apache.commons.logging.Log",
            "org.jboss.logging.Logger");

    private Remade() {}

    static boolean isOne(@Nullable Object value) {
        return value instanceof MethodHandle
                || value instanceof VarHandle
                || value instanceof MethodHandles.Lookup
                || value instanceof ClassValue
                || value instanceof AtomicIntegerFieldUpdater
                || value instanceof AtomicLongFieldUpdater
                || value instanceof AtomicReferenceFieldUpdater
                || value instanceof System.Logger
                || (value != null && isLogger(value.getClass()));
    }

    private static boolean isLogger(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            if (LOGGERS.contains(each.getName())) {
                return true;
            }
            for (Class<?> implemented : each.getInterfaces()) {
                if (isLogger(implemented)) {
                    return true;
                }
            }
        }
        return false;
    }
}
