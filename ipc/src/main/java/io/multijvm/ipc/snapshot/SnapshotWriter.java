package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSink;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.MemoryFile;
import io.multijvm.ipc.os.RawObjects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a snapshot of what can be reached from some objects and from the static fields of some classes, as this thread sees
 * it: objects that are not serialisable as well, each once, cycles and all. {@link SnapshotReader} says what becomes of it.
 *
 * <p>What other threads change meanwhile may be in it or not. {@link #finish} ends the snapshot, and {@link #close} has to
 * be called in any case.
 */
public final class SnapshotWriter implements AutoCloseable {
    /** What is larger travels in a file in memory, which nobody else can open. */
    private static final int MOST_INLINE = 1 << 16;

    static final int INLINE = 0;
    static final int IN_FILE = 1;

    private final ClassTable classes = new ClassTable();
    private final ObjectWriter objects;
    private final ByteSink statics = new ByteSink();
    private final ByteSink roots = new ByteSink();
    private boolean finished;

    /** Begins a snapshot of the current thread's. */
    public SnapshotWriter(Scope scope) {
        objects = new ObjectWriter(scope, classes);
    }

    /**
     * Adds an object that the receiver asks for by its place among these.
     *
     * @param name what it is called in messages
     * @throws NotSendableException when something in it cannot be copied; names the way to that
     */
    public void addRoot(@Nullable Object root, String name) {
        try {
            roots.writeCount(objects.write(root));
        } catch (Refusal refusal) {
            throw new NotSendableException("cannot be copied to a forked process: " + name
                    + (root == null ? "" : " (" + root.getClass().getTypeName() + ")") + refusal.getMessage());
        }
    }

    /** A static field that is not in the snapshot, and why. */
    public record Skipped(Field field, String reason) {}

    /** Adds the static fields of an initialised class; returns those that cannot be copied. */
    public List<Skipped> addStatics(Class<?> type) {
        var skipped = new ArrayList<Skipped>();
        statics.writeCount(classes.numberOf(type));
        for (Field field : RawObjects.fieldsOf(type)) {
            if (isState(field)) {
                Skipped refused = add(field);
                if (refused != null) {
                    skipped.add(refused);
                }
            }
        }
        statics.write(0);
        return skipped;
    }

    private static boolean isState(Field field) {
        return Modifier.isStatic(field.getModifiers())
                && !field.isSynthetic()
                && !field.isEnumConstant()
                && !field.isAnnotationPresent(NotForked.class);
    }

    private @Nullable Skipped add(Field field) {
        Object base = RawObjects.staticBase(field);
        long offset = RawObjects.staticOffset(field);
        char kind = FieldPlan.kindOf(field);
        int before = statics.size();
        statics.write(kind);
        Text.write(statics, field.getName());
        if (kind != 'L') {
            try {
                objects.writeValue(statics, kind, base, offset);
            } catch (Refusal e) {
                throw new AssertionError("no object", e);
            }
            return null;
        }
        Object value = RawObjects.getReference(base, offset);
        if (Remade.isOne(value)) {
            statics.truncate(before);
            return null;
        }
        try {
            statics.writeCount(objects.write(value));
            return null;
        } catch (Refusal refusal) {
            statics.truncate(before);
            return new Skipped(field, String.valueOf(refusal.getMessage()));
        }
    }

    /**
     * The snapshot. The receiver gets it with these descriptors, in this order.
     *
     * @throws NotSendableException when it is larger than 2 GiB
     */
    public Encoded finish() {
        var head = new ByteSink();
        head.writeCount(objects.met.size());
        head.writeLong(ThreadCopy.numberOf(objects.forking()));
        head.write(classes.isForeign() ? 1 : 0);
        var sections = new ArrayList<ByteSink>();
        sections.add(head);
        ByteSink order = HashOrder.of(objects.met);
        sections.add(classes.toBytes());
        sections.addAll(objects.sections());
        sections.addAll(List.of(statics, roots, order));
        long total = 0;
        for (ByteSink each : sections) {
            total += each.size() + 5L;
        }
        if (total > Integer.MAX_VALUE) { // the receiver has it in one array
            throw new NotSendableException("cannot be copied to a forked process: state of " + total
                    + " bytes, at most 2 GiB; share what is large (SharedMemory) or mark its field @NotForked");
        }
        try {
            Encoded encoded = total > MOST_INLINE ? inFile(sections) : inline(sections);
            finished = true;
            return encoded;
        } catch (IOException e) {
            throw new UncheckedIOException("no room for a snapshot of " + total + " bytes", e);
        }
    }

    /** The names of the classes that the receiver will need, as far as a class loader can be asked for them. */
    public List<String> classes() {
        return classes.names();
    }

    private Encoded inline(List<ByteSink> sections) {
        var all = new ByteSink();
        all.write(INLINE);
        for (ByteSink each : sections) {
            all.writeInt(each.size());
            all.write(each.array(), 0, each.size());
        }
        return new Encoded(all.array(), all.size(), objects.descriptors());
    }

    private Encoded inFile(List<ByteSink> sections) throws IOException {
        MemoryFile file = MemoryFile.of("multijvm-fork", new byte[0], 0, 0);
        objects.descriptors().add(file.descriptor());
        for (ByteSink each : sections) {
            var length = new ByteSink();
            length.writeInt(each.size());
            file.descriptor().writeFully(length.array(), 0, length.size());
            file.descriptor().writeFully(each.array(), 0, each.size());
        }
        return new Encoded(new byte[] {IN_FILE}, objects.descriptors());
    }

    /** Closes the duplicates made for a snapshot that was not finished. */
    @Override
    public void close() {
        if (!finished) {
            objects.descriptors().forEach(Descriptor::close);
        }
    }
}
