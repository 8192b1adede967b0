package io.multijvm.shared;

import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.memory.MappedFile;
import io.multijvm.ipc.memory.SharedHeap;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A named block of memory that processes share.
 *
 * <p>Any process of the program may attach to a block by its name: 1 to 200 bytes of UTF-8, without NUL and {@code /}.
 * Names are the program's own; another program may use the same ones. The block's space is taken when it is made, so
 * that writing to it never fails. A block may be captured by a process's target or sent through a connection: only its
 * name goes, and the other side attaches.
 *
 * <p>{@link #close} lets go of the memory here; {@link #unlink} removes the name, and the memory with the last process
 * that lets go. What nobody unlinks goes when the program ends. Python: {@code multiprocessing.shared_memory.SharedMemory}.
 */
public final class SharedMemory implements AutoCloseable, Handle {
    private static final long serialVersionUID = 1;

    private final transient String name;
    private final transient MappedFile memory;
    private final transient Path path;

    private SharedMemory(String name, MappedFile memory, Path path) {
        this.name = name;
        this.memory = memory;
        this.path = path;
    }

    /**
     * A new block of {@code size} zero bytes, with a name of its own.
     *
     * @throws IllegalArgumentException when the size is not positive
     * @throws IOException when there is no room
     */
    public static SharedMemory create(long size) throws IOException {
        return create(BlockName::generate, size);
    }

    /** As {@link #create(long)}, with names proposed by {@code names}, until one is not taken. */
    static SharedMemory create(Supplier<String> names, long size) throws IOException {
        while (true) {
            try {
                return create(names.get(), size);
            } catch (FileAlreadyExistsException e) {
                // then another one
            }
        }
    }

    /**
     * A new block of {@code size} zero bytes.
     *
     * @throws FileAlreadyExistsException when the program has a block of that name
     * @throws IllegalArgumentException when the size is not positive, or the name no name
     * @throws IOException when there is no room
     */
    public static SharedMemory create(String name, long size) throws IOException {
        requireSize(size);
        SharedHeap heap = ProcessContext.memory();
        Path path = heap.directory().file(BlockName.toFile(name));
        if (Files.exists(path)) {
            throw taken(name);
        }
        Path unnamed = heap.directory().file(heap.uniqueName("new")); // none attaches to a block half made
        MappedFile memory = MappedFile.create(unnamed, size);
        try {
            Files.createLink(path, unnamed);
        } catch (FileAlreadyExistsException e) {
            memory.close();
            throw taken(name);
        } finally {
            Files.delete(unnamed);
        }
        return new SharedMemory(name, memory, path);
    }

    /**
     * The block called {@code name}.
     *
     * @throws NoSuchFileException when the program has none
     */
    public static SharedMemory attach(String name) throws IOException {
        Path path = ProcessContext.memory().directory().file(BlockName.toFile(name));
        try {
            return new SharedMemory(name, MappedFile.open(path), path);
        } catch (NoSuchFileException e) {
            throw missing(name);
        }
    }

    static void requireSize(long size) {
        if (size <= 0) {
            throw new IllegalArgumentException("size: " + size + ", at least 1 byte expected");
        }
    }

    /** The name by which other processes attach. */
    public String name() {
        return name;
    }

    /** The size in bytes, as asked for when the block was made. */
    public long size() {
        return memory.size();
    }

    /**
     * The whole block, in native byte order; each call gives a buffer with a position and limit of its own. After
     * {@link #close} it shows zeros, and what is written is lost.
     *
     * @throws IllegalStateException when this is closed
     * @throws UnsupportedOperationException when the block is larger than a buffer can be, about 2 GiB
     */
    public ByteBuffer buffer() {
        if (size() > MappedFile.REACH) {
            throw new UnsupportedOperationException(
                    this + " has " + size() + " bytes, more than one buffer; use buffer(from, size)");
        }
        return buffer(0, (int) size());
    }

    /**
     * {@code size} bytes from the byte {@code from} on, as {@link #buffer()} gives them; up to 1 GiB from anywhere.
     *
     * @throws IndexOutOfBoundsException when they are not in the block
     * @throws IllegalArgumentException when they are more than 1 GiB, and not of a piece with what is mapped at once
     */
    public ByteBuffer buffer(long from, int size) {
        requireOpen();
        if (from < 0 || size < 0 || from > size() - size) {
            throw new IndexOutOfBoundsException(size + " bytes from " + from + " of " + size());
        }
        if (from == size()) {
            return chunk(0).slice(0, 0).order(ByteOrder.nativeOrder());
        }
        ByteBuffer chunk = chunk((int) (from / MappedFile.CHUNK));
        int offset = (int) (from % MappedFile.CHUNK);
        if (size > chunk.capacity() - offset) {
            throw new IllegalArgumentException("size: " + size + ", at most " + MappedFile.STRETCH + " expected");
        }
        return chunk.slice(offset, size).order(ByteOrder.nativeOrder());
    }

    /** Whether {@link #close} was called on this handle. */
    public boolean isClosed() {
        return memory.isClosed();
    }

    /** Lets go of the block in this process; it stays for others. Idempotent. */
    @Override
    public void close() {
        try {
            memory.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + this, e);
        }
    }

    /**
     * Removes the block's name, so that nobody can attach any more; who is attached stays so. May follow {@link #close}.
     *
     * @throws NoSuchFileException when it is removed already
     */
    public void unlink() throws IOException {
        try {
            Files.delete(path);
        } catch (NoSuchFileException e) {
            throw missing(name);
        }
    }

    @Override
    public String toString() {
        return "SharedMemory[" + name + ", size " + size() + "]";
    }

    void requireOpen() {
        if (isClosed()) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    private ByteBuffer chunk(int index) {
        return memory.chunks().get(index).duplicate().order(ByteOrder.nativeOrder());
    }

    private static FileAlreadyExistsException taken(String name) {
        return new FileAlreadyExistsException(name, null, "there is shared memory of that name");
    }

    private static NoSuchFileException missing(String name) {
        return new NoSuchFileException(name, null, "there is no shared memory of that name");
    }

    @Serial
    private Object writeReplace() {
        return Passed.memory(Passed.Kind.MEMORY, name);
    }
}
