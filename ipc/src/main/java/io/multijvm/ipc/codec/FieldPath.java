package io.multijvm.ipc.codec;

import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way from a value through its fields to the first thing in it that cannot be sent, such as
 * {@code the lambda in Shop.main -> captured argument 2 (Account) -> lock (java.util.concurrent.locks.ReentrantLock)}.
 * Looked for only after encoding has failed.
 */
final class FieldPath {
    private static final int MOST_VISITED = 100_000;

    private final Set<Object> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    private final ArrayDeque<Step> ahead = new ArrayDeque<>();

    private record Step(Object value, String path) {}

    private FieldPath() {}

    static String toUnsendable(Object root) {
        var search = new FieldPath();
        String found = search.from(root);
        return found == null ? root.getClass().getName() : found;
    }

    private @Nullable String from(Object root) {
        visit(root, describe(root));
        while (!ahead.isEmpty() && visited.size() < MOST_VISITED) {
            Step step = ahead.removeFirst();
            if (isUnsendable(step.value)) {
                return step.path;
            }
            expand(step);
        }
        return null;
    }

    private static boolean isUnsendable(Object value) {
        return Codec.refusalOf(value) != null
                || !(value instanceof Serializable || PassedChannel.isPassed(value.getClass()));
    }

    private void expand(Step step) {
        SerializedLambda lambda = LambdaCall.serialisedForm(step.value);
        if (lambda != null) {
            for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
                visit(lambda.getCapturedArg(i), step.path + " -> captured argument " + (i + 1));
            }
        } else if (step.value instanceof Object[] array) {
            for (int i = 0; i < array.length; i++) {
                visit(array[i], step.path + " -> [" + i + "]");
            }
        } else if (step.value instanceof Iterable<?> elements) {
            int i = 0;
            for (Object element : elements) {
                visit(element, step.path + " -> element " + i++);
            }
        } else if (step.value instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                visit(key, step.path + " -> key " + key);
                visit(value, step.path + " -> value of key " + key);
            });
        } else {
            expandFields(step);
        }
    }

    private void expandFields(Step step) {
        for (Class<?> type = step.value.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0
                        && !field.getType().isPrimitive()) {
                    visit(valueOf(field, step.value), step.path + " -> " + field.getName());
                }
            }
        }
    }

    private void visit(@Nullable Object value, String path) {
        if (value != null && visited.add(value)) {
            boolean first = ahead.isEmpty() && visited.size() == 1;
            ahead.add(new Step(value, first ? path : path + " (" + describe(value) + ")"));
        }
    }

    private static String describe(Object value) {
        SerializedLambda lambda = LambdaCall.serialisedForm(value);
        if (lambda == null) {
            return value.getClass().getTypeName();
        }
        String owner = lambda.getImplClass().replace('/', '.');
        String name = lambda.getImplMethodName();
        return name.startsWith("lambda$")
                ? "the lambda in " + owner + "."
                        + Arrays.asList(name.split("\\$")).get(1)
                : "method reference " + owner + "::" + name;
    }

    private static @Nullable Object valueOf(Field field, Object owner) {
        try {
            field.setAccessible(true);
            return field.get(owner);
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            return null; // inside the JDK: the owner's own element or entry view was looked at instead
        }
    }
}
