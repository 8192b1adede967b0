package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSink;
import io.multijvm.ipc.codec.ForeignClasses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The classes that a snapshot speaks of: its names for them are their numbers. */
final class ClassTable {
    private final Map<Class<?>, Integer> numbers = new HashMap<>();
    private final List<Class<?>> classes = new ArrayList<>();
    private final Map<Class<?>, Integer> lambdas = new HashMap<>();
    private final List<LambdaForm> forms = new ArrayList<>();
    private boolean isForeign;

    int numberOf(Class<?> type) {
        Integer known = numbers.get(type);
        if (known != null) {
            return known;
        }
        isForeign |= ForeignClasses.met(type);
        numbers.put(type, classes.size());
        classes.add(type);
        return classes.size() - 1;
    }

    /** The number of the form of a lambda's class; -1 when it has none. */
    int numberOfLambda(Class<?> type) {
        Integer known = lambdas.get(type);
        if (known == null) {
            known = add(type);
            lambdas.put(type, known);
        }
        return known;
    }

    private int add(Class<?> type) {
        isForeign |= ForeignClasses.met(type);
        try {
            LambdaForm form = LambdaForm.of(type);
            if (form == null) {
                return -1;
            }
            forms.add(form);
            return forms.size() - 1;
        } catch (ClassNotFoundException | LinkageError e) {
            return -1;
        }
    }

    /** The names of those that a class loader can be asked for. */
    List<String> names() {
        var names = new ArrayList<String>(classes.size());
        for (Class<?> each : classes) {
            if (!each.isHidden() && !each.isArray() && !each.isPrimitive()) {
                names.add(each.getName());
            }
        }
        return names;
    }

    /** Whether one of them may not be on the receiver's class path. */
    boolean isForeign() {
        return isForeign;
    }

    /** The names, each with what tells whether the receiver's class has the same fields; the lambdas. */
    ByteSink toBytes() {
        var out = new ByteSink();
        out.writeCount(classes.size());
        for (Class<?> each : classes) {
            Text.write(out, each.getName());
            out.writeInt(each.isHidden() ? 0 : ClassForm.of(each).plan.check);
        }
        out.writeCount(forms.size());
        forms.forEach(each -> each.write(out));
        return out;
    }
}
