package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSource;
import io.multijvm.ipc.codec.ForeignClasses;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.MemoryFile;
import io.multijvm.ipc.os.RawObjects;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes this JVM's state that of a snapshot: initialises the snapshot's classes, in the order the writer's JVM did, and puts
 * copies of what was there into their static fields, final ones too. The current thread takes the place of the one that took
 * the snapshot: it has the locks that one had, and its thread-local values.
 */
public final class SnapshotReader {
    private static final Field[] NONE = {};

    private ClassLoader loader;
    private final List<Descriptor> descriptors;
    private final List<StaticField> fields = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private byte[] bytes;
    private int at;

    private record StaticField(Field field, char kind, long value) {}

    private SnapshotReader(byte[] bytes, List<Descriptor> descriptors, ClassLoader loader) {
        this.bytes = bytes;
        this.descriptors = descriptors;
        this.loader = loader;
    }

    /**
     * What has become of a snapshot.
     *
     * @param roots copies of the roots
     * @param warnings classes that could not be initialised, and why; their fields are left alone
     */
    public record Restored(@Nullable Object[] roots, List<String> warnings) {}

    /** Restores a snapshot; of the descriptors what is used is duplicated. */
    public static Restored restore(byte[] bytes, List<Descriptor> descriptors, ClassLoader loader)
            throws IOException, ReflectiveOperationException {
        return new SnapshotReader(bytes, descriptors, loader).restore();
    }

    /** Finds out in advance how objects of these classes are copied, as far as they are there. */
    public static void expect(List<String> classes, ClassLoader loader) {
        for (String each : classes) {
            try {
                Objects.requireNonNull(ClassForm.of(Class.forName(each, false, loader)));
            } catch (ClassNotFoundException | LinkageError e) {
                // it may not be needed
            }
        }
    }

    private Restored restore() throws IOException, ReflectiveOperationException {
        at = 1;
        if (bytes[0] == SnapshotWriter.IN_FILE) {
            readFile(descriptors.get(descriptors.size() - 1));
        }
        ByteSource head = section();
        int count = head.readCount(0);
        long forkingThread = head.readLong();
        if (head.readByte() != 0) {
            loader = ForeignClasses.elsewhere(loader);
        }
        var types = new KnownTypes(section(), loader);
        var objects = new ObjectReader(types, loader, descriptors, forkingThread, count);
        ByteSource shapes = section();
        ByteSource contents = section();
        ByteSource built = section();
        ByteSource locals = section();
        readStatics(section(), types);
        objects.readShapes(shapes);
        objects.build(built);
        objects.readContents(contents);
        for (StaticField each : fields) {
            put(each, objects);
        }
        ByteSource rootReferences = section();
        objects.fillByHash(section());
        objects.setLocals(locals);
        return new Restored(roots(rootReferences, objects), warnings);
    }

    private void readFile(Descriptor descriptor) throws IOException {
        var file = new MemoryFile(descriptor);
        bytes = new byte[Math.toIntExact(file.size())];
        file.read(bytes, 0, bytes.length);
        at = 0;
    }

    /** The next section, which shares the array. */
    private ByteSource section() throws IOException {
        var size = new ByteSource(bytes, at + Integer.BYTES);
        size.skip(at);
        int length = size.readInt();
        at += Integer.BYTES + length;
        var section = new ByteSource(bytes, at);
        section.skip(at - length);
        return section;
    }

    private void readStatics(ByteSource in, KnownTypes types) throws IOException, ClassNotFoundException {
        while (in.available() > 0) {
            Class<?> type = types.get(in.readCount(0));
            boolean isThere = initialise(type);
            Field[] declared = isThere ? RawObjects.fieldsOf(type) : NONE;
            int kind;
            while ((kind = in.readByte()) != 0) {
                String name = Text.read(in);
                long value = switch (kind) {
                    case 'L' -> in.readCount(0);
                    case 'I', 'F' -> in.readInt();
                    case 'J', 'D' -> in.readLong();
                    case 'S', 'C' -> in.readShort();
                    default -> in.readByte();
                };
                if (isThere) {
                    addField(type, declared, name, (char) kind, value);
                }
            }
        }
    }

    private boolean initialise(Class<?> type) {
        try {
            Class.forName(type.getName(), true, type.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            warnings.add(type.getName() + " cannot be initialised, and has not its parent's state: " + cause);
            return false;
        }
    }

    private void addField(Class<?> type, Field[] declared, String name, char kind, long value) {
        for (Field field : declared) {
            if (field.getName().equals(name)) {
                fields.add(new StaticField(field, kind, value));
                return;
            }
        }
        warnings.add(type.getName() + " has no field " + name + " here");
    }

    private static void put(StaticField each, ObjectReader objects) throws IOException {
        Object base = RawObjects.staticBase(each.field);
        long offset = RawObjects.staticOffset(each.field);
        switch (each.kind) {
            case 'L' -> RawObjects.putReference(base, offset, objects.fitting((int) each.value, each.field));
            case 'I', 'F' -> RawObjects.putInt(base, offset, (int) each.value);
            case 'J', 'D' -> RawObjects.putLong(base, offset, each.value);
            case 'S', 'C' -> RawObjects.putShort(base, offset, (short) each.value);
            default -> RawObjects.putByte(base, offset, (byte) each.value);
        }
    }

    private static @Nullable Object[] roots(ByteSource in, ObjectReader objects) throws IOException {
        var roots = new ArrayList<@Nullable Object>();
        while (in.available() > 0) {
            roots.add(objects.object(in.readCount(0)));
        }
        return roots.toArray();
    }
}
