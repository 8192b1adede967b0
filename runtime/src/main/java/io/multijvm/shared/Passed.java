package io.multijvm.shared;

import io.multijvm.ipc.codec.Passable;
import io.multijvm.ipc.memory.Block;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A shared object under way: where its memory is, and what is known of it beside. On arrival it becomes the object again.
 *
 * <p>One class for all, and no record: rebuilding the first record costs a cold JVM 15 ms.
 */
final class Passed implements Passable {
    private static final long serialVersionUID = 1;

    enum Kind {
        INT,
        LONG,
        DOUBLE,
        VALUE,
        INT_ARRAY,
        LONG_ARRAY,
        DOUBLE_ARRAY,
        ARRAY,
        MEMORY,
        LIST
    }

    private final Kind kind;
    private final char typecode; // of VALUE and ARRAY
    private final Block.@Nullable Ref block; // of values
    private final @Nullable String name; // of the others: of an array's file, or of shared memory
    private final long length; // of arrays
    private final @Nullable Lock lock;

    private Passed(
            Kind kind,
            char typecode,
            Block.@Nullable Ref block,
            @Nullable String name,
            long length,
            @Nullable Lock lock) {
        this.kind = kind;
        this.typecode = typecode;
        this.block = block;
        this.name = name;
        this.length = length;
        this.lock = lock;
    }

    static Passed value(Kind kind, ValueType<?> type, Cell cell) {
        return new Passed(kind, type.typecode(), cell.block().ref(), null, 0, cell.lock());
    }

    static Passed array(Kind kind, ValueType<?> type, ArrayFile file) throws ObjectStreamException {
        return new Passed(kind, type.typecode(), null, file.send(), file.length(), file.lock());
    }

    static Passed memory(Kind kind, String name) {
        return new Passed(kind, '\0', null, name, 0, null);
    }

    @Override
    public @Nullable Object[] parts() {
        return block == null
                ? new @Nullable Object[] {kind.ordinal(), typecode, name, length, lock}
                : new @Nullable Object[] {
                    kind.ordinal(), typecode, name, length, lock, block.file(), block.offset(), block.size()
                };
    }

    /** The shared object of which {@link #parts} has told. */
    static Object arrived(@Nullable Object[] parts) throws ObjectStreamException {
        Block.Ref block = parts.length == 5 ? null : new Block.Ref((String) parts[5], (int) parts[6], (int) parts[7]);
        return new Passed(
                        Kind.values()[(int) parts[0]],
                        (char) parts[1],
                        block,
                        (String) parts[2],
                        (long) parts[3],
                        (Lock) parts[4])
                .readResolve();
    }

    @Serial
    private Object readResolve() throws ObjectStreamException {
        try {
            return switch (kind) {
                case INT -> new SharedInt(cell());
                case LONG -> new SharedLong(cell());
                case DOUBLE -> new SharedDouble(cell());
                case VALUE -> new SharedValue<>(ValueType.of(typecode), cell());
                case INT_ARRAY -> new SharedIntArray(array("SharedIntArray"));
                case LONG_ARRAY -> new SharedLongArray(array("SharedLongArray"));
                case DOUBLE_ARRAY -> new SharedDoubleArray(array("SharedDoubleArray"));
                case ARRAY -> new SharedArray<>(ValueType.of(typecode), array("SharedArray"));
                case MEMORY -> SharedMemory.attach(name());
                case LIST -> ShareableList.attach(name());
            };
        } catch (ObjectStreamException e) {
            throw e;
        } catch (IOException e) {
            var gone = new InvalidObjectException("the shared object is gone, or of another program: " + e);
            gone.initCause(e);
            throw gone;
        }
    }

    private Cell cell() throws IOException {
        if (block == null) {
            throw new InvalidObjectException("a value without its block");
        }
        return new Cell(ProcessContext.memory().attach(block), lock);
    }

    private ArrayFile array(String what) throws IOException {
        return ArrayFile.open(what, name(), length, ValueType.of(typecode).bytes(), lock);
    }

    private String name() throws InvalidObjectException {
        if (name == null) {
            throw new InvalidObjectException("shared memory without its name");
        }
        return name;
    }
}
