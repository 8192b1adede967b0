package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSink;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.RawObjects;
import io.multijvm.ipc.os.Threads;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Every object gets a number when it is first met, and a shape then: all that the receiver needs to make it, empty. Its
 * contents, which speak of other objects by number, follow in the order of the numbers. So the receiver makes all objects
 * first and fills them then: cycles need no care on either side, and nothing recurs, however long a list is. Lambdas and
 * proxies cannot be made empty; they are made between the two, of objects that are there by then.
 */
/** Takes object graphs apart. */
final class ObjectWriter {
    private final Thread forking = Thread.currentThread();
    private final boolean isSpecialThread = forking.getClass() != Thread.class;
    private final ClassTable classes;
    final Numbers met = new Numbers();
    private final ShapeWriter shapes;
    private final ByteSink contents = new ByteSink();
    private final ByteSink built = new ByteSink();
    private final ByteSink locals = new ByteSink();
    private int[] metIn = new int[64]; // by number: whose contents the object was first met in; -1 for a root
    private int current = -1;
    private int done;

    ObjectWriter(Scope scope, ClassTable classes) {
        this.classes = classes;
        shapes = new ShapeWriter(scope, classes, forking);
    }

    /** Writes all that can be reached from {@code root}, as far as it is not written; returns what stands for it. */
    int write(@Nullable Object root) throws Refusal {
        int[] before = {
            met.size(),
            shapes.bytes().size(),
            contents.size(),
            built.size(),
            locals.size(),
            shapes.descriptors().size()
        };
        boolean complete = false;
        try {
            current = -1;
            int reference = reference(root);
            while (done < met.size()) {
                current = done;
                writeContents(met.get(done));
                done++;
            }
            complete = true;
            return reference;
        } catch (Refusal refusal) {
            throw refusal.reachedBy(path(refusal));
        } finally {
            if (!complete) {
                rollBack(before);
            }
        }
    }

    private void rollBack(int[] before) {
        met.truncate(before[0]);
        shapes.bytes().truncate(before[1]);
        contents.truncate(before[2]);
        built.truncate(before[3]);
        locals.truncate(before[4]);
        List<Descriptor> all = shapes.descriptors();
        List<Descriptor> refused = all.subList(before[5], all.size());
        refused.forEach(Descriptor::close);
        refused.clear();
        done = before[0];
    }

    List<ByteSink> sections() {
        return List.of(shapes.bytes(), contents, built, locals);
    }

    List<Descriptor> descriptors() {
        return shapes.descriptors();
    }

    /** The thread whose snapshot this is. */
    Thread forking() {
        return forking;
    }

    /** The number of {@code value} + 1, 0 for null; the object is met by this. */
    private int reference(@Nullable Object value) throws Refusal {
        if (value == null) {
            return 0;
        }
        int known = met.of(value);
        return known >= 0 ? known + 1 : meet(value);
    }

    private int meet(Object value) throws Refusal {
        ClassForm of = ClassForm.of(value.getClass());
        if (of.form == Form.NOTHING) {
            return 0;
        }
        int number = met.add(value);
        if (number == metIn.length) {
            metIn = Arrays.copyOf(metIn, 2 * number);
        }
        metIn[number] = current;
        shapes.write(value, of);
        return number + 1;
    }

    private void writeContents(Object value) throws Refusal {
        ClassForm of = ClassForm.of(value.getClass());
        if (value == forking || isConstant(value, of)) {
            return;
        }
        switch (of.form) {
            case FIELDS -> writeOrdinary(value, of.plan);
            case BOX -> {
                if (!Primitives.isTheOne(value)) {
                    writeFields(value, of.plan);
                }
            }
            case ENUM -> {
                if (shapes.hasContents(of)) {
                    writeFields(value, of.plan);
                }
            }
            case FILE -> writeFields(value, of.plan);
            case ARRAY -> {
                for (Object element : (Object[]) value) {
                    contents.writeCount(reference(element));
                }
            }
            case THREAD -> {
                writeFields(value, ClassForm.of(ThreadCopy.typeFor(of.type)).plan);
                contents.writeCount(reference(ThreadCopy.taskOf((Thread) value)));
            }
            case MAP -> {
                writeFields(value, of.plan);
                writeElements(Objects.requireNonNull(of.map).entries((Map<?, ?>) value));
            }
            case IMMUTABLE -> writeElements(elements(value));
            case LAMBDA -> writeLambda(value);
            case PROXY -> writeProxy(value);
            case SOCKET_STREAM -> writeSocketStream(value);
            default -> {}
        }
    }

    private void writeOrdinary(Object value, FieldPlan plan) throws Refusal {
        if (value instanceof Throwable failure) {
            Objects.requireNonNull(failure.getStackTrace()); // kept by the VM until asked for
        }
        writeFields(value, plan);
        if (value instanceof ThreadLocal<?> local) {
            writeLocal(local);
        }
    }

    /** Whether the receiver has the same object, and it is not copied. */
    static boolean isConstant(Object value, ClassForm of) {
        return (of.isStream && Named.ofStandardStream(value) != null)
                || (of.isOfTheJdk && Constants.fieldOf(value) != null);
    }

    private void writeFields(Object value, FieldPlan plan) throws Refusal {
        for (int i = 0; i < plan.offsets.length; i++) {
            writeValue(contents, plan.kinds[i], value, plan.offsets[i]);
        }
        if (isSpecialThread && value != forking) {
            requireNotNarrow(value, plan);
        }
    }

    /** The receiver's main thread can stand for the forking one wherever any thread can be, but nowhere else. */
    private void requireNotNarrow(Object value, FieldPlan plan) throws Refusal {
        for (int i = 0; i < plan.offsets.length; i++) {
            if (plan.kinds[i] == 'L'
                    && RawObjects.getReference(value, plan.offsets[i]) == forking
                    && !plan.fields[i].getType().isAssignableFrom(Thread.class)) {
                throw new Refusal(forking, "the forking thread, of a class of its own");
            }
        }
    }

    /** Writes a field, static or not. */
    void writeValue(ByteSink out, char kind, Object base, long offset) throws Refusal {
        switch (kind) {
            case 'L' -> out.writeCount(reference(RawObjects.getReference(base, offset)));
            case 'I', 'F' -> out.writeInt(RawObjects.getInt(base, offset));
            case 'J', 'D' -> out.writeLong(RawObjects.getLong(base, offset));
            case 'S', 'C' -> out.writeShort(RawObjects.getShort(base, offset));
            default -> out.write(RawObjects.getByte(base, offset));
        }
    }

    private static List<@Nullable Object> elements(Object immutable) {
        if (immutable instanceof Set<?> set) {
            return new ArrayList<>(set);
        }
        var elements = new ArrayList<@Nullable Object>();
        ((Map<?, ?>) immutable).forEach((key, value) -> {
            elements.add(key);
            elements.add(value);
        });
        return elements;
    }

    private void writeElements(List<@Nullable Object> elements) throws Refusal {
        contents.writeCount(elements.size());
        for (Object element : elements) {
            contents.writeCount(reference(element));
        }
    }

    private void writeLocal(ThreadLocal<?> local) throws Refusal {
        @Nullable Object[] value = Threads.valueOf(local);
        if (value != null) {
            int reference = reference(value[0]);
            locals.writeCount(current);
            locals.writeCount(reference);
        }
    }

    private void writeLambda(Object lambda) throws Refusal {
        built.writeCount(current);
        built.writeCount(classes.numberOfLambda(lambda.getClass()));
        for (Field field : LambdaForm.fields(lambda.getClass())) {
            writeValue(built, FieldPlan.kindOf(field), lambda, RawObjects.offset(field));
        }
    }

    private void writeProxy(Object proxy) throws Refusal {
        Class<?>[] interfaces = proxy.getClass().getInterfaces();
        built.writeCount(current);
        built.writeCount(interfaces.length);
        for (Class<?> each : interfaces) {
            built.writeCount(classes.numberOf(each));
        }
        built.writeCount(reference(Proxy.getInvocationHandler(proxy)));
    }

    private void writeSocketStream(Object stream) throws Refusal {
        Object socket = RawObjects.getReference(stream, RawObjects.offset(stream.getClass(), "parent"));
        built.writeCount(current);
        built.write(stream instanceof java.io.InputStream ? 1 : 0);
        built.writeCount(reference((Socket) socket));
    }

    /** How {@code refusal}'s object was reached: fields and elements, from a root on. */
    private String path(Refusal refusal) {
        var path = new StringBuilder();
        Object child = refusal.culprit();
        for (int each = current; each >= 0; each = metIn[each]) {
            Object parent = met.get(each);
            path.insert(
                    0, " -> " + step(parent, child) + " (" + child.getClass().getTypeName() + ")");
            child = parent;
        }
        return path.toString();
    }

    private static String step(Object parent, Object child) {
        if (parent instanceof Object[] array) {
            return "[" + Arrays.asList(array).indexOf(child) + "]";
        }
        FieldPlan plan = FieldPlan.of(parent.getClass(), null);
        for (int i = 0; i < plan.fields.length; i++) {
            if (plan.kinds[i] == 'L' && RawObjects.getReference(parent, plan.offsets[i]) == child) {
                return plan.fields[i].getName();
            }
        }
        return "element";
    }
}
