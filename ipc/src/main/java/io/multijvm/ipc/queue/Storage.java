package io.multijvm.ipc.queue;

import io.multijvm.ipc.os.Space;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a queue's items are: a directory that is quick, in memory mostly, and one for all that would be too much there. A
 * durable queue has one directory for both.
 *
 * <pre>
 *   FIRST-GENERATION/      a segment: a Chronicle queue whose first item has the number FIRST, 16 hexadecimal digits
 *   item-PROCESS-NUMBER    an item too large for a segment
 * </pre>
 *
 * <p>Of two segments with the same first item the one of the higher generation counts; in the other nothing was published.
 */
final class Storage {
    private static final String DOCUMENTS = "19700101F.cq4"; // what Chronicle calls a day's file
    private static final String ITEM = "item-";
    private static final int DIGITS = 16;
    /** So many bytes of large items are kept where it is quick, and never more than a share of what is free there. */
    private static final long QUICK_BYTES = 64 << 20;

    private static final int QUICK_SHARE = 4;
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path quick;
    private final @Nullable Spacious spacious;

    /** The directory for what is too much in the quick one. */
    interface Spacious {
        /** Null when it was not made yet. */
        @Nullable
        Path existing() throws IOException;

        Path make() throws IOException;
    }

    /** A place with room for more than {@code quick}; null when that is on disk itself. */
    Storage(Path quick, @Nullable Spacious spacious) {
        this.quick = quick;
        this.spacious = spacious;
    }

    static Path documents(Path segment) {
        return segment.resolve(DOCUMENTS);
    }

    boolean hasSpacious() {
        return spacious != null;
    }

    /**
     * A new directory for a segment, empty. Its generation is above {@code before} and above that of all others with the same
     * first item, also those that somebody could not fill, or had no time to.
     */
    Path makeSegment(long base, int before, boolean large) throws IOException {
        Path other = segments().get(base);
        int generation = 1 + (other == null ? before : Math.max(before, generation(other)));
        Path directory = makeDirectory(directory(large));
        Path segment = directory.resolve(HexFormat.of().toHexDigits(base) + "-" + generation);
        Files.createDirectory(segment, PRIVATE);
        return segment;
    }

    private static Path makeDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            try {
                Files.createDirectory(directory, PRIVATE);
            } catch (FileAlreadyExistsException e) {
                // by another process, meanwhile
            }
        }
        return directory;
    }

    private Path directory(boolean large) throws IOException {
        return large && spacious != null ? spacious.make() : quick;
    }

    /** The segments there are, by their first item. */
    NavigableMap<Long, Path> segments() throws IOException {
        var found = new TreeMap<Long, Path>();
        for (Path segment : allSegments()) {
            Path other = found.get(base(segment));
            if (other == null || generation(other) < generation(segment)) {
                found.put(base(segment), segment);
            }
        }
        return found;
    }

    private List<Path> allSegments() throws IOException {
        var found = new ArrayList<Path>();
        for (Path directory : directories()) {
            for (Path each : list(directory)) {
                String name = each.getFileName().toString();
                if (name.length() > DIGITS && name.charAt(DIGITS) == '-') {
                    found.add(each);
                }
            }
        }
        return found;
    }

    private static long base(Path segment) {
        return HexFormat.fromHexDigitsToLong(segment.getFileName().toString(), 0, DIGITS);
    }

    /** How many segments are in the quick directory. */
    int quickSegments() throws IOException {
        int count = 0;
        for (Path each : list(quick)) {
            count += Files.isDirectory(each) ? 1 : 0;
        }
        return count;
    }

    static int generation(Path segment) {
        return Integer.parseInt(segment.getFileName().toString().substring(DIGITS + 1));
    }

    /** Removes all segments whose first item is before {@code base}; their space is free even while some process has them mapped. */
    void removeSegmentsBefore(long base) throws IOException {
        for (Path segment : allSegments()) {
            if (base(segment) < base) {
                remove(segment);
            }
        }
    }

    private static void remove(Path directory) throws IOException {
        Path documents = documents(directory);
        if (Files.exists(documents)) {
            Space.giveBack(documents);
        }
        for (Path file : list(directory)) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(directory);
    }

    /** The file of the large item that {@code process} has numbered so. */
    Path itemFile(int process, long number) throws IOException {
        String name = ITEM + process + "-" + number;
        Path file = quick.resolve(name);
        if (Files.exists(file)) {
            return file;
        }
        Path second = spacious == null ? null : spacious.existing();
        return second == null ? file : second.resolve(name);
    }

    /** Writes a large item, of a queue whose large items are about {@code waiting} bytes with it. */
    Path writeItem(int process, long number, long waiting, byte[] bytes, int offset, int length) throws IOException {
        String name = ITEM + process + "-" + number;
        if (spacious != null && waiting <= Math.min(QUICK_BYTES, usable(quick) / QUICK_SHARE)) {
            try {
                return write(quick.resolve(name), bytes, offset, length);
            } catch (IOException e) {
                // others were quicker; there is more space elsewhere
            }
        }
        return write(makeDirectory(directory(true)).resolve(name), bytes, offset, length);
    }

    private static long usable(Path directory) throws IOException {
        return Files.getFileStore(makeDirectory(directory)).getUsableSpace();
    }

    private static Path write(Path file, byte[] bytes, int offset, int length) throws IOException {
        try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            out.write(bytes, offset, length);
            return file;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** The files of large items. */
    List<Path> itemFiles() throws IOException {
        var found = new ArrayList<Path>();
        for (Path directory : directories()) {
            for (Path each : list(directory)) {
                if (each.getFileName().toString().startsWith(ITEM)) {
                    found.add(each);
                }
            }
        }
        return found;
    }

    /** Removes everything. */
    void remove() throws IOException {
        removeSegmentsBefore(Long.MAX_VALUE);
        for (Path file : itemFiles()) {
            Files.deleteIfExists(file);
        }
        for (Path directory : directories()) {
            Files.deleteIfExists(directory);
        }
    }

    private List<Path> directories() throws IOException {
        Path second = spacious == null ? null : spacious.existing();
        return second == null ? List.of(quick) : List.of(quick, second);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            var found = new ArrayList<Path>();
            all.forEach(found::add);
            return found;
        } catch (NoSuchFileException e) {
            return List.of(); // not made yet, or removed already
        }
    }
}
