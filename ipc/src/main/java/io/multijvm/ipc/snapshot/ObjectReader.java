package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSource;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.JdkInternals;
import io.multijvm.ipc.os.OpenChannels;
import io.multijvm.ipc.os.RawObjects;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InvalidClassException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts object graphs together that {@link ObjectWriter} took apart. */
final class ObjectReader {
    private static final String HOLD_COUNTER = "java.util.concurrent.locks.ReentrantReadWriteLock$Sync$HoldCounter";

    private final KnownTypes types;
    private final ClassLoader loader;
    private final List<Descriptor> descriptors;
    private final long forkingThread;
    private final @Nullable Object[] objects;
    private final Form[] forms;
    private final @Nullable ClassForm[] classes;
    private final int[] @Nullable [] elements; // of what is put in last

    ObjectReader(KnownTypes types, ClassLoader loader, List<Descriptor> descriptors, long forkingThread, int count) {
        this.types = types;
        this.loader = loader;
        this.descriptors = descriptors;
        this.forkingThread = forkingThread;
        objects = new @Nullable Object[count];
        forms = new Form[count];
        classes = new @Nullable ClassForm[count];
        elements = new int[count][];
    }

    /** What a reference stands for. */
    @Nullable
    Object object(int reference) {
        return reference == 0 ? null : objects[reference - 1];
    }

    void readShapes(ByteSource in) throws IOException, ReflectiveOperationException {
        for (int i = 0; i < objects.length; i++) {
            Form form = Form.of(in.readByte());
            forms[i] = form;
            switch (form) {
                case FIELDS, IMMUTABLE -> objects[i] = RawObjects.allocate(known(i, in));
                case ARRAY -> {
                    Class<?> type = types.get(in.readCount(0)).getComponentType();
                    objects[i] = Array.newInstance(type, in.readCount(0));
                }
                case PRIMITIVES -> objects[i] = Primitives.read(in);
                case STRING -> objects[i] = Strings.read(in);
                case MAP -> {
                    Class<?> type = known(i, in);
                    objects[i] = mapKind(i).allocate(type, in.readCount(0), in.readByte() != 0);
                }
                default -> readRareShape(i, form, in);
            }
        }
    }

    private void readRareShape(int i, Form form, ByteSource in) throws IOException, ReflectiveOperationException {
        switch (form) {
            case BOX -> objects[i] = Primitives.readBox(in);
            case ENUM -> readEnum(i, in);
            case CLASS -> objects[i] = types.get(in.readCount(0));
            case MEMBER -> objects[i] = Members.read(in, types.get(in.readCount(0)));
            case FORKING_THREAD -> objects[i] = Thread.currentThread();
            case THREAD ->
                objects[i] = ThreadCopy.make(
                        known(i, in), Text.read(in), in.readByte() != 0, in.readByte() != 0, in.readByte());
            case FILE -> {
                classes[i] = ClassForm.of(FileDescriptor.class);
                objects[i] = file(in.readInt());
            }
            case NAMED -> objects[i] = Named.find(Text.read(in), loader);
            case CODEC -> objects[i] = readEncoded(in);
            case BUFFER -> objects[i] = readBuffer(in);
            case CONSTANT -> objects[i] = Constants.valueOf(types.get(in.readCount(0)), Text.read(in));
            default -> {} // built later
        }
    }

    private Class<?> known(int i, ByteSource in) throws IOException, ClassNotFoundException {
        ClassForm of = types.form(in.readCount(0));
        classes[i] = of;
        return of.type;
    }

    private MapKind mapKind(int i) {
        return Objects.requireNonNull(form(i).map);
    }

    private ClassForm form(int i) {
        return Objects.requireNonNull(classes[i]);
    }

    private void readEnum(int i, ByteSource in) throws IOException, ClassNotFoundException {
        Class<?> type = types.get(in.readCount(0));
        String name = Text.read(in);
        for (Object each : type.getEnumConstants()) {
            if (((Enum<?>) each).name().equals(name)) {
                objects[i] = each;
            }
        }
        if (objects[i] == null) {
            throw new IOException(type.getName() + " has no " + name + " here");
        }
        if (in.readByte() != 0) {
            classes[i] = ClassForm.of(Objects.requireNonNull(objects[i]).getClass());
        }
    }

    private FileDescriptor file(int number) throws IOException {
        return JdkInternals.fileDescriptor(
                number < 3 ? number : descriptors.get(number - 3).duplicate().number());
    }

    private @Nullable Object readEncoded(ByteSource in) throws IOException, ClassNotFoundException {
        int first = in.readCount(0);
        int count = in.readCount(0);
        int length = in.readCount(1);
        int at = in.skip(length);
        Object decoded = Codec.decode(
                Arrays.copyOfRange(in.array(), at, at + length), descriptors.subList(first, first + count), loader);
        if (decoded instanceof Pattern pattern) {
            Objects.requireNonNull(pattern.matcher("")); // compiles it, as copied matchers expect
        }
        return decoded;
    }

    private static ByteBuffer readBuffer(ByteSource in) throws IOException {
        int position = in.readCount(0);
        int limit = in.readCount(0);
        ByteOrder order = in.readByte() != 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        int capacity = in.readCount(1);
        ByteBuffer buffer = ByteBuffer.allocateDirect(capacity);
        buffer.put(in.array(), in.skip(capacity), capacity).position(position).limit(limit);
        return buffer.order(order);
    }

    /** Makes what cannot be made empty. What needs another of them was met before it: so from the end, most likely. */
    void build(ByteSource in) throws IOException, ReflectiveOperationException {
        var plans = new ArrayList<Building>();
        while (in.available() > 0) {
            int number = in.readCount(0);
            plans.add(Building.read(number, forms[number], in, types));
        }
        while (!plans.isEmpty()) {
            int before = plans.size();
            for (int i = before - 1; i >= 0; i--) {
                Building plan = plans.get(i);
                if (isThere(plan.needed())) {
                    objects[plan.number()] = make(plan);
                    plans.remove(i);
                }
            }
            if (plans.size() == before) {
                throw new IOException("lambdas or proxies that are made of each other");
            }
        }
    }

    private boolean isThere(int[] references) {
        for (int each : references) {
            if (each != 0 && objects[each - 1] == null) {
                return false;
            }
        }
        return true;
    }

    private Object make(Building plan) throws IOException, ReflectiveOperationException {
        Object first = plan.needed().length == 0 ? null : object(plan.needed()[0]);
        return switch (forms[plan.number()]) {
            case PROXY ->
                Proxy.newProxyInstance(loader, plan.interfaces(), (InvocationHandler) Objects.requireNonNull(first));
            case SOCKET_STREAM -> {
                Socket socket = (Socket) Objects.requireNonNull(first);
                yield plan.isInput() ? socket.getInputStream() : socket.getOutputStream();
            }
            default -> plan.lambda(types, this);
        };
    }

    void readContents(ByteSource in) throws IOException {
        for (int i = 0; i < objects.length; i++) {
            Object object = objects[i];
            if (object == null) {
                continue;
            }
            switch (forms[i]) {
                case FIELDS -> {
                    fill(object, form(i), in);
                    complete(object, form(i).type);
                }
                case ENUM, FILE -> {
                    ClassForm of = classes[i];
                    if (of != null) {
                        fill(object, of, in);
                    }
                }
                case ARRAY -> {
                    var array = (@Nullable Object[]) object;
                    for (int k = 0; k < array.length; k++) {
                        array[k] = object(in.readCount(0));
                    }
                }
                case THREAD -> {
                    fill(object, form(i), in);
                    Object task = object(in.readCount(0));
                    if (task != null) {
                        ThreadCopy.setTask((Thread) object, task);
                    }
                }
                case MAP -> {
                    fill(object, form(i), in);
                    elements[i] = readElements(in);
                }
                case IMMUTABLE -> elements[i] = readElements(in);
                default -> {} // nothing to be filled
            }
        }
    }

    private void fill(Object object, ClassForm of, ByteSource in) throws IOException {
        FieldPlan plan = of.plan;
        for (int i = 0; i < plan.offsets.length; i++) {
            if (plan.kinds[i] == 'L') {
                RawObjects.putReference(object, plan.offsets[i], fitting(in.readCount(0), plan.fields[i]));
            } else {
                readNumber(in, plan.kinds[i], object, plan.offsets[i]);
            }
        }
    }

    /** What a reference stands for; nothing else would look whether the field can have it. */
    @Nullable
    Object fitting(int reference, Field field) throws InvalidClassException {
        Object value = object(reference);
        if (value != null && !field.getType().isInstance(value)) {
            throw new InvalidClassException(
                    value.getClass().getName(), "cannot be the value of " + field + " in another process");
        }
        return value;
    }

    /** Reads a field that is no object. */
    static void readNumber(ByteSource in, char kind, Object base, long offset) throws IOException {
        switch (kind) {
            case 'I', 'F' -> RawObjects.putInt(base, offset, in.readInt());
            case 'J', 'D' -> RawObjects.putLong(base, offset, in.readLong());
            case 'S', 'C' -> RawObjects.putShort(base, offset, (short) in.readShort());
            default -> RawObjects.putByte(base, offset, (byte) in.readByte());
        }
    }

    /** Gives the few objects that need it what their constructor would have. */
    private void complete(Object object, Class<?> type) {
        if (object instanceof FileChannel channel) {
            OpenChannels.complete(channel);
        } else if (type.getName().equals(HOLD_COUNTER)) {
            setHolder(object);
        }
    }

    /** A read lock knows threads by number. */
    private void setHolder(Object counter) {
        long field = RawObjects.offset(counter.getClass(), "tid");
        boolean isHeldHere = RawObjects.getLong(counter, field) == forkingThread;
        RawObjects.putLong(counter, field, isHeldHere ? ThreadCopy.numberOf(Thread.currentThread()) : -1);
    }

    private static int[] readElements(ByteSource in) throws IOException {
        int[] references = new int[in.readCount(1)];
        for (int i = 0; i < references.length; i++) {
            references[i] = in.readCount(0);
        }
        return references;
    }

    /** Puts in what finds by hash, now that all that is hashed is whole; in the order the writer has found out. */
    void fillByHash(ByteSource order) throws IOException {
        while (order.available() > 0) {
            int number = order.readCount(0);
            Object object = Objects.requireNonNull(objects[number]);
            int[] references = Objects.requireNonNull(elements[number]);
            if (forms[number] == Form.MAP) {
                MapKind kind = mapKind(number);
                for (int k = 0; k < references.length; k += 2) {
                    kind.put(object, object(references[k]), object(references[k + 1]));
                }
            } else {
                MapKind.withFieldsOf(immutable(object, references), object);
            }
        }
    }

    private Object immutable(Object like, int[] references) {
        var values = new Object[references.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Objects.requireNonNull(object(references[i]));
        }
        if (like instanceof Set) {
            return Set.of(values);
        }
        var entries = new Map.Entry<?, ?>[values.length / 2];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = Map.entry(values[2 * i], values[2 * i + 1]);
        }
        return Map.ofEntries(entries);
    }

    /** Gives this thread the values that the writer's had. */
    @SuppressWarnings("unchecked") // a value that the same variable had
    void setLocals(ByteSource in) throws IOException {
        while (in.available() > 0) {
            var local = (ThreadLocal<@Nullable Object>) Objects.requireNonNull(objects[in.readCount(0)]);
            local.set(object(in.readCount(0)));
        }
    }
}
