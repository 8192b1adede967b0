package io.multijvm.shared;

import io.multijvm.ipc.memory.Garbage;
import io.multijvm.ipc.memory.MappedFile;
import io.multijvm.ipc.memory.SharedHeap;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A shared array's elements, one after the other in a file of their own, and the array's lock; as one handle has them.
 * Handles that this process has received of one array share a mapping: a pool's task that is given an array would else
 * spend its time on mapping it, once for each task.
 *
 * <p>The handle that made the file removes it when closed. Without that it is removed when the handle is garbage, unless
 * it was sent: then others may have it, or may be about to, and it stays until the program ends.
 */
final class ArrayFile {
    private static final Map<Path, WeakReference<Received>> RECEIVED = new HashMap<>(); // guarded by itself

    private final String kind; // of array, for messages
    private final MappedFile file;
    private final ByteBuffer[] chunks;
    private final long length;
    private final boolean single;
    private final int shift; // an element is 1 << shift bytes
    private final @Nullable Lock lock;
    private final @Nullable AtomicBoolean sent; // null when somebody else made the file, as the next is not
    private final @Nullable Received received;
    private volatile boolean closed; // written by close alone

    private ArrayFile(
            String kind,
            MappedFile file,
            long length,
            int bytes,
            @Nullable Lock lock,
            @Nullable AtomicBoolean sent,
            @Nullable Received received) {
        this.kind = kind;
        this.received = received;
        this.file = file;
        this.chunks = file.chunks().toArray(ByteBuffer[]::new);
        this.length = length;
        this.single = file.size() <= MappedFile.REACH;
        this.shift = Integer.numberOfTrailingZeros(bytes);
        this.lock = lock;
        this.sent = sent;
    }

    /**
     * {@code length} elements of {@code bytes} zero bytes each.
     *
     * @throws IllegalArgumentException when the length is negative, or more than can be addressed
     * @throws UncheckedIOException when there is no room
     */
    static ArrayFile create(String kind, long length, int bytes, @Nullable Lock lock) {
        requireLength(length, bytes);
        SharedHeap memory = ProcessContext.memory();
        Path path = memory.directory().file(memory.uniqueName("array"));
        try {
            var sent = new AtomicBoolean();
            MappedFile file = MappedFile.create(path, Math.max(1, length * bytes));
            var created = new ArrayFile(kind, file, length, bytes, lock, sent, null);
            Garbage.whenCollected(created, new Removal(path, sent));
            return created;
        } catch (IOException e) {
            throw new UncheckedIOException("no room for a " + kind + " of length " + length, e);
        }
    }

    /** The elements that another handle, of any process, has sent under {@code name}. */
    static ArrayFile open(String kind, String name, long length, int bytes, @Nullable Lock lock) throws IOException {
        Received received = Received.of(ProcessContext.memory().directory().file(name));
        return new ArrayFile(kind, received.file, length, bytes, lock, null, received);
    }

    /** A file that somebody else has made, as long as some handle of this process has it. */
    private static final class Received {
        private final MappedFile file;
        private int open; // handles that were not closed, garbage included; guarded by RECEIVED

        private Received(MappedFile file) {
            this.file = file;
        }

        static Received of(Path path) throws IOException {
            synchronized (RECEIVED) {
                WeakReference<Received> known = RECEIVED.get(path);
                Received present = known == null ? null : known.get();
                if (present == null) {
                    present = new Received(MappedFile.open(path));
                    forgetGarbage();
                    RECEIVED.put(path, new WeakReference<>(present));
                } else if (!Files.exists(path)) {
                    throw new NoSuchFileException(path.toString());
                }
                present.open++;
                return present;
            }
        }

        private static void forgetGarbage() {
            var each = RECEIVED.values().iterator(); // no lambda, of which a cold child would link its first one here
            while (each.hasNext()) {
                if (each.next().get() == null) {
                    each.remove();
                }
            }
        }

        /** One handle less; after the last the memory is let go of. */
        void close() throws IOException {
            open--;
            if (open == 0) {
                RECEIVED.remove(file.path());
                file.close();
            }
        }
    }

    /** To be asked before a lock is made for the array. */
    static void requireLength(long length, int bytes) {
        if (length < 0 || length > Long.MAX_VALUE / bytes) {
            throw new IllegalArgumentException("length: " + length + ", 0 to " + Long.MAX_VALUE / bytes + " expected");
        }
    }

    long length() {
        return length;
    }

    /** What {@code length()} throws when it is more than that can return. */
    static ArithmeticException tooLong(long length) {
        return new ArithmeticException("length " + length + " is more than an int; use longLength()");
    }

    /** Whether the first chunk has all elements. */
    boolean isSingle() {
        return single;
    }

    ByteBuffer firstChunk() {
        return chunks[0];
    }

    /**
     * The chunk in which the element at {@code index} lies, and many of those that follow it.
     *
     * @throws IndexOutOfBoundsException when there is no such element
     * @throws IllegalStateException when this handle is closed
     */
    ByteBuffer chunk(long index) {
        requireOpen();
        if (index < 0 || index >= length) {
            throw new IndexOutOfBoundsException("index " + index + ", length " + length);
        }
        return chunks[single ? 0 : (int) ((index << shift) / MappedFile.CHUNK)];
    }

    /** Where in its chunk the element at {@code index} lies, in bytes. */
    int offset(long index) {
        return single ? (int) (index << shift) : (int) ((index << shift) & (MappedFile.CHUNK - 1));
    }

    /** The same in elements. */
    int position(long index) {
        return offset(index) >> shift;
    }

    /** How many elements from {@code index} on lie in its chunk. */
    int available(long index) {
        return (chunk(index).capacity() - offset(index)) >> shift;
    }

    /** Throws unless there are {@code count} elements from {@code from} on. */
    void requireRange(long from, long count) {
        requireOpen();
        if (from < 0 || count < 0 || from > length - count) {
            throw new IndexOutOfBoundsException("from index " + from + ", " + count + " elements, length " + length);
        }
    }

    /** How many elements lie between {@code from} and {@code to}; throws unless they are there and fit into an array. */
    int requireSlice(long from, long to) {
        requireOpen();
        if (from < 0 || to < from || to > length) {
            throw new IndexOutOfBoundsException("from index " + from + " to " + to + ", length " + length);
        }
        if (to - from > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(to - from + " elements are more than an array of this JVM can have");
        }
        return (int) (to - from);
    }

    @Nullable
    Lock lock() {
        return lock;
    }

    void close() {
        synchronized (RECEIVED) {
            if (closed) {
                return;
            }
            closed = true;
            try {
                if (received != null) {
                    received.close();
                } else {
                    file.close();
                    Files.deleteIfExists(file.path());
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close " + this, e);
            }
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    /** The file's name, for another process to open it by; from now on it stays until this handle is closed. */
    String send() throws ObjectStreamException {
        if (closed) {
            throw new InvalidObjectException(this + " is closed and cannot be sent");
        }
        try {
            if (sent != null) {
                sent.set(true);
            }
            return file.path().getFileName().toString();
        } finally {
            Reference.reachabilityFence(this); // as garbage it would look whether it was sent
        }
    }

    @Override
    public String toString() {
        return kind + "[length " + length + "]";
    }

    /** What becomes of the file when the handle that made it is garbage. */
    private record Removal(Path path, AtomicBoolean sent) implements Runnable {
        @Override
        public void run() {
            if (!sent.get()) {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    // goes with its directory, then
                }
            }
        }
    }
}
