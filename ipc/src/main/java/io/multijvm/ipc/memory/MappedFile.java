package io.multijvm.ipc.memory;

import io.multijvm.ipc.os.Mapping;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A file mapped whole, for reading and writing, into this process.
 *
 * <p>Its space is taken when it is made, so that a full disk is an exception there, and not a fault of the JVM at some
 * later write; its size never changes. Buffers reach 2 GiB at most, so a larger file is mapped in chunks, which overlap:
 * whatever is not larger than {@link #STRETCH} lies whole in the one in which it begins.
 *
 * <p>An interrupt of the thread that makes or opens a file is put off until that is done.
 */
public final class MappedFile implements AutoCloseable {
    /** How many bytes after one chunk the next one begins; a power of two. */
    public static final int CHUNK = 1 << 29;

    /** The size of a chunk that does not end with the file. */
    public static final int REACH = Integer.MAX_VALUE - 4095;

    /** Any so many bytes of the file lie whole in one chunk; no more than {@code REACH - CHUNK}. */
    public static final int STRETCH = 1 << 30;

    private static final int BLANK = 1 << 20;

    private final Path path;
    private final long size;
    private final List<ByteBuffer> chunks;
    private volatile boolean closed; // written by close alone

    private MappedFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        size = channel.size();
        var mapped = new ArrayList<ByteBuffer>(1);
        for (long from = 0; from < size; from += CHUNK) {
            mapped.add(channel.map(FileChannel.MapMode.READ_WRITE, from, Math.min(REACH, size - from))
                    .order(ByteOrder.nativeOrder()));
        }
        chunks = List.copyOf(mapped);
    }

    /**
     * Makes a file of {@code size} zero bytes, for this user alone.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is one of that name
     * @throws IOException when there is no room for it; nothing is left then
     */
    public static MappedFile create(Path path, long size) throws IOException {
        if (size <= 0) {
            throw new IllegalArgumentException("size: " + size + ", at least 1 expected");
        }
        return undisturbed(path, size);
    }

    /**
     * Maps a file that somebody has made.
     *
     * @throws java.nio.file.NoSuchFileException when there is none
     */
    public static MappedFile open(Path path) throws IOException {
        return undisturbed(path, 0);
    }

    /**
     * Maps the file, having made it unless {@code newSize} is 0. The JDK closes a channel under an interrupted thread, so
     * interrupts are kept for later.
     */
    private static MappedFile undisturbed(Path path, long newSize) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return newSize == 0 ? map(path) : make(path, newSize);
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static MappedFile map(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new MappedFile(path, channel);
        }
    }

    private static MappedFile make(Path path, long size) throws IOException {
        requireSpace(path, size);
        Set<StandardOpenOption> fresh =
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (FileChannel channel = FileChannel.open(path, fresh, mode)) {
            try {
                fillWithZeros(path, channel, size);
                return new MappedFile(path, channel);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                Files.deleteIfExists(path);
                throw e;
            }
        }
    }

    /** Small files are not worth the question; where memory is short others should not feel it first. */
    private static void requireSpace(Path path, long size) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (size < BLANK || directory == null) {
            return;
        }
        if (Files.getFileStore(directory).getUsableSpace() < size) {
            throw noRoom(path, size);
        }
    }

    private static IOException noRoom(Path path, long size) throws IOException {
        long usable = Files.getFileStore(path.toAbsolutePath().getParent()).getUsableSpace();
        return new FileSystemException(
                path.toString(), null, "no room for " + size + " bytes: " + usable + " are left");
    }

    private static void fillWithZeros(Path path, FileChannel channel, long size) throws IOException {
        ByteBuffer blank = ByteBuffer.allocateDirect((int) Math.min(BLANK, size));
        long left = size;
        try {
            while (left > 0) {
                blank.clear().limit((int) Math.min(blank.capacity(), left));
                left -= channel.write(blank);
            }
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            IOException noRoom = noRoom(path, size);
            noRoom.initCause(e);
            throw noRoom;
        }
    }

    public Path path() {
        return path;
    }

    public long size() {
        return size;
    }

    /** The chunks, in native byte order; their positions and limits are nobody's to change. */
    public List<ByteBuffer> chunks() {
        return chunks;
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** Lets go of the file's memory here, while it stays what it is elsewhere; stale buffers read private zeros. Idempotent. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            for (ByteBuffer chunk : chunks) {
                Mapping.forget(chunk);
            }
        }
    }

    /**
     * Removes the file; who has it mapped keeps it until closed.
     *
     * @throws java.nio.file.NoSuchFileException when it is removed already
     */
    public void unlink() throws IOException {
        Files.delete(path);
    }

    @Override
    public String toString() {
        return path.getFileName() + " (" + size + " bytes)";
    }
}
