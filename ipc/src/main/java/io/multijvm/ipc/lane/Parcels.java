package io.multijvm.ipc.lane;

import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.LargeBuffers;
import io.multijvm.ipc.memory.MappedFile;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Space;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is too large for one direction of a {@link Lane}: files of shared memory, which the sender fills and the receiver
 * empties, used again and again.
 *
 * <pre>
 * file        0               64
 *             | full or empty | bytes
 * reference   0      4
 *             | size | path of the file
 * </pre>
 */
final class Parcels {
    private static final int EMPTY = 0;
    private static final int FULL = 1;
    private static final int BEGIN = 64;
    private static final int MOST = 4;
    private static final int LARGEST_KEPT = 4 << 20;
    private static final int SMALLEST = 64 << 10;
    private static final int WASTE = 8;
    private static final int LARGEST = MappedFile.REACH - BEGIN;

    private final RunDirectory directory;
    private final String prefix;
    private final List<Parcel> own = new ArrayList<>(); // the sender's
    private final Map<String, Parcel> known = new HashMap<>(); // the receiver's
    private int made;

    Parcels(RunDirectory directory, String prefix) {
        this.directory = directory;
        this.prefix = prefix;
    }

    private static final class Parcel {
        final MappedFile file;
        final Block state;

        Parcel(MappedFile file) {
            this.file = file;
            this.state = Block.of(file);
        }

        boolean isEmpty() {
            return state.getIntVolatile(0) == EMPTY;
        }

        long capacity() {
            return file.size() - BEGIN;
        }

        ByteBuffer bytes() {
            return file.chunks().get(0);
        }
    }

    /** Puts the bytes into a file; returns the reference for the receiver, or null when enough files are full. */
    byte @Nullable [] place(byte[] content, int length) throws IOException {
        if (length > LARGEST) {
            throw new IOException("more than " + LARGEST + " bytes at once: " + length);
        }
        Parcel parcel = emptyOne(length);
        if (parcel == null) {
            return null;
        }
        parcel.bytes().put(BEGIN, content, 0, length);
        parcel.state.setIntVolatile(0, FULL);
        byte[] path = parcel.file.path().toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + path.length)
                .putInt(length)
                .put(path)
                .array();
    }

    private @Nullable Parcel emptyOne(int length) throws IOException {
        Parcel fit = null;
        int full = 0;
        for (Iterator<Parcel> each = own.iterator(); each.hasNext(); ) {
            Parcel parcel = each.next();
            if (!parcel.isEmpty()) {
                full++;
            } else if (fit == null
                    && parcel.capacity() >= length
                    && parcel.capacity() / WASTE <= Math.max(length, SMALLEST)) {
                fit = parcel;
            } else if (own.size() >= MOST || parcel.capacity() > LARGEST_KEPT) {
                each.remove();
                remove(parcel);
            }
        }
        if (full >= MOST) {
            return null;
        }
        if (fit == null) {
            fit = new Parcel(create(BEGIN + (long) length));
            own.add(fit);
        }
        return fit;
    }

    private MappedFile create(long least) throws IOException {
        long size = (least + SMALLEST - 1) / SMALLEST * SMALLEST;
        String name = prefix + made++;
        try {
            return MappedFile.create(directory.file(name), size);
        } catch (IOException e) {
            Path disk = directory.spacious().resolve(name);
            if (disk.equals(directory.file(name))) {
                throw e;
            }
            return MappedFile.create(disk, size); // there is less room where it is quick
        }
    }

    /** Takes back what was placed and not sent. */
    void giveUp(byte[] reference) {
        String path = pathOf(reference);
        for (Parcel parcel : own) {
            if (parcel.file.path().toString().equals(path)) {
                parcel.state.setIntVolatile(0, EMPTY);
            }
        }
    }

    static int sizeOf(byte[] reference) {
        return ByteBuffer.wrap(reference).getInt();
    }

    private static String pathOf(byte[] reference) {
        return new String(reference, Integer.BYTES, reference.length - Integer.BYTES, StandardCharsets.UTF_8);
    }

    /** The bytes a reference stands for, at the beginning of an array; the file is the sender's again. */
    byte[] fetch(byte[] reference) throws IOException {
        int size = sizeOf(reference);
        String path = pathOf(reference);
        Parcel parcel = known.get(path);
        if (parcel == null) {
            parcel = new Parcel(MappedFile.open(Path.of(path)));
            if (known.size() > WASTE * MOST) {
                close(); // the sender has long forgotten most of them
            }
            known.put(path, parcel);
        }
        byte[] content;
        try {
            content = LargeBuffers.take(size);
            parcel.bytes().get(BEGIN, content, 0, size);
        } catch (OutOfMemoryError e) {
            throw new IOException(
                    size + " bytes do not fit into this process's heap, of at most "
                            + Runtime.getRuntime().maxMemory() + " bytes",
                    e);
        } finally {
            parcel.state.setIntVolatile(0, EMPTY);
        }
        if (parcel.capacity() > LARGEST_KEPT) {
            known.remove(path);
            parcel.file.close();
            Space.giveBack(Path.of(path)); // until the sender comes across it
        }
        return content;
    }

    /** Lets go of the sender's files for good. */
    void remove() throws IOException {
        for (Parcel parcel : own) {
            remove(parcel);
        }
        own.clear();
    }

    private static void remove(Parcel parcel) throws IOException {
        parcel.file.close();
        parcel.file.unlink();
    }

    /** Lets go of the receiver's files here. */
    void close() throws IOException {
        for (Parcel parcel : known.values()) {
            parcel.file.close();
        }
        known.clear();
    }
}
