package io.multijvm.ipc.queue;

import io.multijvm.ipc.HeapExhaustedException;
import io.multijvm.ipc.memory.LargeBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** An item, taken or looked at: its bytes, and where it lies. */
public final class Item {
    final Place place;
    private final boolean redelivered;
    private final byte[] inline;
    private final @Nullable Path file; // of an item too large for the log
    private final boolean removeFile;

    Item(Place place, boolean redelivered, byte[] inline, @Nullable Path file, boolean removeFile) {
        this.place = place;
        this.redelivered = redelivered;
        this.inline = inline;
        this.file = file;
        this.removeFile = removeFile;
    }

    /**
     * The bytes; to be asked for once.
     *
     * @throws java.nio.file.NoSuchFileException when it was only looked at, and somebody has taken it since
     */
    public Content content() throws IOException {
        if (file == null) {
            return new Content(inline, inline.length);
        }
        try {
            return read(file);
        } finally {
            if (removeFile) {
                Files.delete(file); // also of an item that there is no memory for, which is consumed as well
            }
        }
    }

    private static Content read(Path file) throws IOException {
        boolean interrupted = Thread.interrupted(); // the JDK closes a channel under an interrupted thread
        try {
            while (true) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    return readAll(channel);
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

    private static Content readAll(FileChannel channel) throws IOException {
        int size = Math.toIntExact(channel.size());
        byte[] array = room(size);
        ByteBuffer bytes = ByteBuffer.wrap(array, 0, size);
        int count = 0;
        while (bytes.hasRemaining() && count >= 0) {
            count = channel.read(bytes);
        }
        return new Content(array, bytes.position());
    }

    private static byte[] room(int size) throws IOException {
        try {
            return LargeBuffers.take(size);
        } catch (OutOfMemoryError e) {
            throw new HeapExhaustedException("an item", size, e);
        }
    }

    /** The bytes of an item: the first {@code length} of {@code array}. */
    public static final class Content {
        private final byte[] array;
        private final int length;

        Content(byte[] array, int length) {
            this.array = array;
            this.length = length;
        }

        public byte[] array() {
            return array;
        }

        public int length() {
            return length;
        }

        /** Lets the array be used for another item; for the only one who has it. */
        public void recycle() {
            LargeBuffers.giveBack(array);
        }
    }

    /** Where the item lies; names it in {@link ItemQueue#remove} and {@link ItemQueue#next}. */
    public Place place() {
        return place;
    }

    /** Whether somebody had it before and died without having acknowledged it. */
    public boolean isRedelivered() {
        return redelivered;
    }

    /** The number of an item, and where in which segment it is. */
    public static final class Place {
        final long sequence;
        final long base;
        final int at;

        Place(long sequence, long base, int at) {
            this.sequence = sequence;
            this.base = base;
            this.at = at;
        }
    }
}
