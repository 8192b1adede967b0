package io.multijvm.shared;

import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.memory.MappedFile;
import io.multijvm.shared.ShareableListLayout.Item;
import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A list of fixed length in a block of shared memory, of integers (Integer and Long, read back as Long), Double, Boolean,
 * String, {@code byte[]} and null.
 *
 * <p>Each element has a slot of fixed size: 8 bytes, and for text and bytes the next multiple of 8 that is larger than
 * they are, text counted in UTF-8. An element may be replaced by whatever fits into its slot, of another type too. As in
 * Python, {@link #get} and {@link #set} count a negative index from the end. Elements are read and written without any
 * lock; processes that write use one of their own.
 *
 * <p>The list may be captured by a process's target or sent through a connection; only the name of its block goes. See
 * {@link SharedMemory} for how long it lives. Python: {@code multiprocessing.shared_memory.ShareableList}.
 */
public final class ShareableList extends AbstractList<@Nullable Object> implements RandomAccess, AutoCloseable, Handle {
    private static final long serialVersionUID = 1;

    private final transient SharedMemory memory;
    private final transient ByteBuffer block;
    private final transient int size;

    private ShareableList(SharedMemory memory) {
        this.memory = memory;
        block = memory.buffer();
        size = ShareableListLayout.count(block);
    }

    /** As {@link #of(Collection)}. */
    public static ShareableList of(@Nullable Object... values) {
        return of(Arrays.asList(values));
    }

    /**
     * A list of {@code values} in a block of its own; of another shareable list this is a copy.
     *
     * @throws IllegalArgumentException when one of them is of a class that such a list does not hold
     * @throws UncheckedIOException when there is no room
     */
    public static ShareableList of(Collection<? extends @Nullable Object> values) {
        List<Item> items = values.stream().map(Item::of).toList();
        long size = ShareableListLayout.size(items);
        if (size > MappedFile.REACH) {
            throw new IllegalArgumentException(
                    "a list of " + size + " bytes, at most " + MappedFile.REACH + " expected");
        }
        try {
            SharedMemory memory = SharedMemory.create(size);
            ShareableListLayout.write(memory.buffer(), items);
            return new ShareableList(memory);
        } catch (IOException e) {
            throw new UncheckedIOException("no room for a list of " + size + " bytes", e);
        }
    }

    /**
     * The list in the block called {@code name}.
     *
     * @throws java.nio.file.NoSuchFileException when the program has none
     * @throws IOException when there is something else in it
     */
    public static ShareableList attach(String name) throws IOException {
        SharedMemory memory = SharedMemory.attach(name);
        if (memory.size() > MappedFile.REACH || !ShareableListLayout.isList(memory.buffer())) {
            memory.close();
            throw new IOException("there is no list in the shared memory " + name);
        }
        return new ShareableList(memory);
    }

    /**
     * The element at {@code index}; of a negative one, counted from the end.
     *
     * @throws IndexOutOfBoundsException when there is none
     */
    @Override
    public @Nullable Object get(int index) {
        return ShareableListLayout.get(open(), slot(index));
    }

    /**
     * Replaces the element at {@code index}, as in {@link #get}; returns the old one.
     *
     * @throws IllegalArgumentException when {@code value} is of a class that such a list does not hold, or does not fit
     *     into the slot; the old one stays then
     */
    @Override
    public @Nullable Object set(int index, @Nullable Object value) {
        ByteBuffer open = open();
        int slot = slot(index);
        Item item = Item.of(value);
        int capacity = ShareableListLayout.capacity(open, slot);
        if (item.bytes().length > capacity) {
            throw new IllegalArgumentException("value of " + item.bytes().length
                    + " bytes exceeds available storage: element " + slot + " has " + capacity);
        }
        Object old = ShareableListLayout.get(open, slot);
        ShareableListLayout.put(open, slot, item);
        return old;
    }

    @Override
    public int size() {
        return size;
    }

    /** The first index of an element equal to {@code value}; {@code byte[]} are compared by content. -1 if there is none. */
    @Override
    public int indexOf(@Nullable Object value) {
        for (int i = 0; i < size; i++) {
            if (isEqual(get(i), value)) {
                return i;
            }
        }
        return -1;
    }

    /** The last index of such an element. */
    @Override
    public int lastIndexOf(@Nullable Object value) {
        for (int i = size - 1; i >= 0; i--) {
            if (isEqual(get(i), value)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean contains(@Nullable Object value) {
        return indexOf(value) >= 0;
    }

    /** How many elements are equal to {@code value}, as in {@link #indexOf}. */
    public int count(@Nullable Object value) {
        return (int) stream().filter(each -> isEqual(each, value)).count();
    }

    /** The types and sizes of all slots in the notation of Python's {@code struct}, as in {@code 8sdqxxxxxxx?}. */
    public String format() {
        ByteBuffer open = open();
        var format = new StringBuilder();
        for (int i = 0; i < size; i++) {
            format.append(ShareableListLayout.format(open, i));
        }
        return format.toString();
    }

    /** The block the list is in; to be unlinked when nobody is to attach any more. */
    public SharedMemory shm() {
        return memory;
    }

    /** Lets go of the list in this process; idempotent. */
    @Override
    public void close() {
        memory.close();
    }

    private ByteBuffer open() {
        memory.requireOpen();
        return block;
    }

    private int slot(int index) {
        int slot = index < 0 ? index + size : index;
        if (slot < 0 || slot >= size) {
            throw new IndexOutOfBoundsException("index " + index + ", length " + size);
        }
        return slot;
    }

    private static boolean isEqual(@Nullable Object element, @Nullable Object value) {
        Object comparable = value instanceof Integer number ? Long.valueOf(number) : value;
        return Objects.deepEquals(element, comparable);
    }

    @Serial
    private Object writeReplace() {
        return Passed.memory(Passed.Kind.LIST, memory.name());
    }
}
