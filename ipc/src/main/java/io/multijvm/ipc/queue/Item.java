package io.multijvm.ipc.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    public byte[] bytes() throws IOException {
        if (file == null) {
            return inline;
        }
        byte[] bytes = Files.readAllBytes(file);
        if (removeFile) {
            Files.delete(file);
        }
        return bytes;
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
