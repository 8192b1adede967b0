package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.os.RawObjects;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The instance fields of a class that are copied, its superclasses' first, in the order the class files have them. */
final class FieldPlan {
    /** Fields that say who waits, or where something is kept in this JVM: they are empty in a copy. */
    private static final Map<String, Set<String>> LEFT_OUT = Map.ofEntries(
            Map.entry("java.util.concurrent.locks.AbstractQueuedSynchronizer", Set.of("head", "tail")),
            Map.entry("java.util.concurrent.locks.AbstractQueuedLongSynchronizer", Set.of("head", "tail")),
            Map.entry(
                    "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject",
                    Set.of("firstWaiter", "lastWaiter")),
            Map.entry(
                    "java.util.concurrent.locks.AbstractQueuedLongSynchronizer$ConditionObject",
                    Set.of("firstWaiter", "lastWaiter")),
            Map.entry("java.util.concurrent.locks.StampedLock", Set.of("head", "tail", "whead", "wtail")),
            Map.entry("java.nio.channels.spi.AbstractInterruptibleChannel", Set.of("interrupted", "interruptedTarget")),
            Map.entry("sun.nio.ch.FileChannelImpl", Set.of("closer", "fileLockTable")),
            Map.entry("sun.nio.ch.NativeThreadSet", Set.of("used", "otherThreads", "waitingToEmpty")),
            Map.entry("java.io.FileDescriptor", Set.of("fd", "handle", "cleanup")),
            Map.entry("java.lang.ref.Reference", Set.of("next", "discovered")));

    final Field[] fields;
    final long[] offsets;
    final char[] kinds; // as class files have them; L for arrays, too
    /** Differs, most likely, when another version of the class has other fields. */
    final int check;

    private FieldPlan(List<Field> chosen) {
        fields = chosen.toArray(Field[]::new);
        offsets = new long[fields.length];
        kinds = new char[fields.length];
        int hash = 1;
        for (int i = 0; i < fields.length; i++) {
            offsets[i] = RawObjects.offset(fields[i]);
            kinds[i] = kindOf(fields[i]);
            hash = 31 * (31 * hash + fields[i].getName().hashCode()) + kinds[i];
        }
        check = hash;
    }

    /** The fields of {@code type}, without those that {@code base} or its superclasses declare. */
    static FieldPlan of(Class<?> type, @Nullable Class<?> base) {
        var line = new ArrayDeque<Class<?>>();
        for (Class<?> each = type; each != null && each != base; each = each.getSuperclass()) {
            line.addFirst(each);
        }
        var chosen = new ArrayList<Field>();
        for (Class<?> each : line) {
            Set<String> leftOut = LEFT_OUT.getOrDefault(each.getName(), Set.of());
            for (Field field : RawObjects.fieldsOf(each)) {
                if (!Modifier.isStatic(field.getModifiers())
                        && !leftOut.contains(field.getName())
                        && !field.isAnnotationPresent(NotForked.class)) {
                    chosen.add(field);
                }
            }
        }
        return new FieldPlan(chosen);
    }

    /** The letter that class files have for a field's type; L for arrays, too. */
    static char kindOf(Field field) {
        char kind = field.getType().descriptorString().charAt(0);
        return kind == '[' ? 'L' : kind;
    }
}
