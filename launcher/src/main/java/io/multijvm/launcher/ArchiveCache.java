package io.multijvm.launcher;

import io.multijvm.ipc.os.NativeLibrary;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The archives of classes in this user's cache directory, which make JVMs start faster.
 *
 * <pre>
 * archives/KEY.jsa     an archive, or a JVM's ahead-of-time cache, as one JVM has written it and another has checked it
 *          KEY.info    what it is good for ({@link ArchiveKey#text}), and size and time of KEY.jsa: written last
 *          KEY.failed  what it would have been good for: not to be tried again
 *          KEY.tmp     one that is being made
 *          lock        locked by who makes one
 * </pre>
 *
 * <p>A JVM trusts the archive it is given: one that is cut off crashes it. So nothing is used whose size and time are not
 * those that were written down when it had been checked.
 */
public final class ArchiveCache {
    /** {@code off} for neither using archives nor having them made, {@code use} for using those that are there. */
    public static final String PROPERTY = "multijvm.archives";

    /** All archives together; the oldest go. */
    public static final long MOST_BYTES = 256L << 20;

    static final String LOCK = "lock";

    private static final String ARCHIVE = ".jsa";
    private static final String INFO = ".info";
    private static final String FAILED = ".failed";
    private static final String TEMPORARY = ".tmp";
    private static final String STAMP = "archive=";

    private final Path directory;

    ArchiveCache(Path directory) {
        this.directory = directory;
    }

    /** The user's. */
    public static ArchiveCache ofUser() {
        return new ArchiveCache(NativeLibrary.cacheDirectory().resolve("archives"));
    }

    /** Whether JVMs are started with archives. */
    static boolean isWanted() {
        return !"off".equals(System.getProperty(PROPERTY));
    }

    /** Whether archives that are missing are made. */
    static boolean isMaker() {
        return isWanted() && !"use".equals(System.getProperty(PROPERTY));
    }

    /**
     * An archive that is there.
     *
     * @param java the java that it is for
     * @param version what that java says of itself
     * @param classPath the beginning of the class paths that it is for
     * @param queues whether it holds what queues need
     * @param bytes its size
     * @param usable whether it and its jars are unchanged
     */
    public record Entry(String java, String version, String classPath, boolean queues, long bytes, boolean usable) {}

    public Path directory() {
        return directory;
    }

    /** All archives, the youngest first. */
    public List<Entry> entries() throws IOException {
        var entries = new ArrayList<Entry>();
        for (Path info : youngestFirst()) {
            String text = read(info);
            ArchiveKey key = text == null ? null : ArchiveKey.parse(text);
            if (key != null) {
                Path file = sibling(info, ARCHIVE);
                long bytes = Files.exists(file) ? Files.size(file) : 0;
                boolean usable = key.isCurrent() && find(key) != null;
                entries.add(new Entry(key.java(), key.version(), key.classPath(), key.queues(), bytes, usable));
            }
        }
        return entries;
    }

    /** What to give a JVM on {@code classPath}, absolute, before all other arguments: nothing when there is no archive. */
    public List<String> jvmArguments(Profile profile) {
        ArchiveKey key = isWanted() ? ArchiveKey.of(profile, true) : null;
        if (key == null) {
            return List.of();
        }
        Path file = find(key);
        Path found = file == null ? find(key.withQueues(false)) : file;
        return found == null ? List.of() : ArchiveKey.using(found);
    }

    /** The archive for {@code key}, if there is one and it is what was checked. */
    @Nullable
    Path find(ArchiveKey key) {
        String text = key.text();
        String info = read(file(key, INFO));
        if (info == null || !info.startsWith(text + STAMP)) {
            return null;
        }
        int begin = text.length() + STAMP.length();
        int end = info.indexOf('\n', begin);
        ArchiveKey.Stamp checked = end < 0 ? null : ArchiveKey.Stamp.parse(info.substring(begin, end));
        Path archive = file(key, ARCHIVE);
        return checked != null && checked.equals(ArchiveKey.Stamp.of(archive.toString())) ? archive : null;
    }

    /** Whether there is nothing to be made for {@code key}: it is there, or was tried in vain. */
    boolean isSettled(ArchiveKey key) {
        return key.text().equals(read(file(key, FAILED))) || find(key) != null;
    }

    /** A new file beside the archives, which nobody takes for one. */
    Path temporary(ArchiveKey key) {
        return file(key, TEMPORARY);
    }

    void makeDirectory() throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Makes a checked file the archive for {@code key}. */
    void publish(ArchiveKey key, Path checked) throws IOException {
        Path archive = file(key, ARCHIVE);
        Path info = file(key, INFO);
        Files.deleteIfExists(info);
        force(checked);
        move(checked, archive);
        var use = new StringBuilder(); // for scripts
        ArchiveKey.using(archive)
                .forEach(argument -> use.append("use=").append(argument).append('\n'));
        Path fresh = directory.resolve(info.getFileName() + TEMPORARY);
        Files.writeString(fresh, key.text() + STAMP + ArchiveKey.Stamp.of(archive.toString()) + "\n" + use);
        force(fresh);
        move(fresh, info);
        Files.deleteIfExists(file(key, FAILED));
    }

    void fail(ArchiveKey key) throws IOException {
        Files.writeString(file(key, FAILED), key.text());
    }

    /** Removes what is for jars that have changed or gone, and the oldest beyond {@code mostBytes}. */
    void prune(long mostBytes) throws IOException {
        long bytes = 0;
        for (Path info : youngestFirst()) {
            String text = read(info);
            ArchiveKey key = text == null ? null : ArchiveKey.parse(text);
            Path archive = sibling(info, ARCHIVE);
            bytes += Files.exists(archive) ? Files.size(archive) : 0;
            if (key == null || !key.isCurrent() || find(key) == null || bytes > mostBytes) {
                Files.deleteIfExists(info);
                Files.deleteIfExists(archive);
            }
        }
        for (Path failed : files(FAILED)) {
            String text = read(failed);
            ArchiveKey key = text == null ? null : ArchiveKey.parse(text);
            if (key == null || !key.isCurrent()) {
                Files.deleteIfExists(failed);
            }
        }
        for (Path archive : files(ARCHIVE)) {
            if (!Files.exists(sibling(archive, INFO))) {
                Files.deleteIfExists(archive);
            }
        }
        for (Path abandoned : files(TEMPORARY)) {
            Files.deleteIfExists(abandoned); // its maker was killed: who prunes holds the lock
        }
    }

    private List<Path> youngestFirst() throws IOException {
        var infos = new ArrayList<>(files(INFO));
        infos.sort(Comparator.comparingLong((Path info) -> info.toFile().lastModified())
                .reversed());
        return infos;
    }

    private List<Path> files(String suffix) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .toList();
        }
    }

    private Path file(ArchiveKey key, String suffix) {
        return directory.resolve(key.fileName() + suffix);
    }

    private static Path sibling(Path file, String suffix) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + suffix);
    }

    private static @Nullable String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return null; // missing, as a rule
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
