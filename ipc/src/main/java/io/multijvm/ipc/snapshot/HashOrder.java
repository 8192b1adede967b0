package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSink;
import io.multijvm.ipc.os.RawObjects;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * In which order the receiver fills what finds by hash: a set that is part of a key before the map, since the key's hash is
 * asked for when the map is filled. (Keys that are part of themselves have no hash anywhere.)
 */
final class HashOrder {
    private final Numbers met;
    private final BitSet ordered = new BitSet();
    private final BitSet visited = new BitSet();
    private final ByteSink order = new ByteSink();
    private final ArrayDeque<Visit> way = new ArrayDeque<>();

    /** An object below a key, and what of it is still to be visited. */
    private record Visit(int number, ArrayDeque<Object> left) {}

    private HashOrder(Numbers met) {
        this.met = met;
    }

    static ByteSink of(Numbers met) {
        var order = new HashOrder(met);
        for (int number = 0; number < met.size(); number++) {
            Object object = met.get(number);
            if (isByHash(object)) {
                for (Object key : keys(object)) {
                    order.visitBelow(key);
                }
                order.append(number);
            }
        }
        return order.order;
    }

    private static boolean isByHash(Object object) {
        ClassForm of = ClassForm.of(object.getClass());
        return (of.form == Form.MAP || of.form == Form.IMMUTABLE) && !ObjectWriter.isConstant(object, of);
    }

    private static List<Object> keys(Object object) {
        var keys = new ArrayList<Object>();
        boolean isMap = object instanceof Map;
        List<@Nullable Object> elements = elements(object);
        for (int i = 0; i < elements.size(); i += isMap ? 2 : 1) {
            Object key = elements.get(i);
            if (key != null && !ClassForm.of(key.getClass()).hashesSimply()) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static List<@Nullable Object> elements(Object object) {
        if (object instanceof Set<?> set) {
            return new ArrayList<>(set);
        }
        ClassForm of = ClassForm.of(object.getClass());
        if (of.form == Form.MAP) {
            return Objects.requireNonNull(of.map).entries((Map<?, ?>) object);
        }
        var elements = new ArrayList<@Nullable Object>();
        ((Map<?, ?>) object).forEach((key, value) -> {
            elements.add(key);
            elements.add(value);
        });
        return elements;
    }

    private void append(int number) {
        if (!ordered.get(number)) {
            ordered.set(number);
            order.writeCount(number);
        }
    }

    private void visitBelow(Object key) {
        enter(key);
        while (!way.isEmpty()) {
            Visit visit = way.peek();
            Object next = visit.left.poll();
            if (next != null) {
                enter(next);
            } else {
                way.pop();
                if (isByHash(met.get(visit.number))) {
                    append(visit.number);
                }
            }
        }
    }

    private void enter(Object object) {
        int number = met.of(object);
        if (number >= 0 && !visited.get(number)) {
            visited.set(number);
            way.push(new Visit(number, parts(object)));
        }
    }

    private static ArrayDeque<Object> parts(Object object) {
        ClassForm of = ClassForm.of(object.getClass());
        var parts = new ArrayDeque<Object>();
        switch (of.form) {
            case ARRAY -> addAll(parts, (@Nullable Object[]) object);
            case MAP, IMMUTABLE -> addAll(parts, elements(object).toArray());
            case PROXY -> parts.add(Proxy.getInvocationHandler(object));
            case LAMBDA ->
                LambdaForm.fields(of.type).forEach(field -> {
                    if (FieldPlan.kindOf(field) == 'L') {
                        addAll(parts, RawObjects.getReference(object, RawObjects.offset(field)));
                    }
                });
            default -> {}
        }
        for (int i = 0; i < of.plan.fields.length; i++) {
            if (of.plan.kinds[i] == 'L') {
                addAll(parts, RawObjects.getReference(object, of.plan.offsets[i]));
            }
        }
        return parts;
    }

    private static void addAll(ArrayDeque<Object> parts, @Nullable Object... values) {
        for (Object value : values) {
            if (value != null) {
                parts.add(value);
            }
        }
    }
}
