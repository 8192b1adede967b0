package io.multijvm.ipc.memory;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.PosixException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The private directory of one family of processes; every object they share is a file in it.
 *
 * <pre>
 * /dev/shm/multijvm-USER-PID-RANDOM/   mode 0700, made by the family's first process
 *   live/NUMBER                        one per process, under an exclusive file lock as long as the process lives
 *   numbers                            a byte per process: its number is how long the file was with it
 *   …                                  sockets, argument files, shared memory
 *   disk                               link to /tmp/multijvm-USER-PID-RANDOM.disk, for what may become large
 * </pre>
 *
 * <p>The kernel drops a process's lock with the process, so whether somebody lives is never a matter of pids or pings.
 * The lock belongs to the open file description ({@code flock}), so a parent can take it for a child that is not
 * started yet and hand it down. A directory none of whose locks is held is stale; every start of a family removes those.
 */
public final class RunDirectory {
    /** Overrides where run directories are made; must be on a local file system, best in memory. */
    public static final String BASE_PROPERTY = "multijvm.run.directory";

    private static final String PREFIX = "multijvm-";
    private static final String UNBORN = ".multijvm-"; // on its way into existence: not yet locked
    private static final Duration BIRTH = Duration.ofMinutes(1);
    /** The directory of liveness files. */
    public static final String LIVE = "live";

    private static final String NUMBERS = "numbers";
    private static final String DISK = "disk";
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private static final String SPACIOUS_SUFFIX = ".disk";
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int LOOKED_AT_ONCE = 64;

    /** The number of a family's first process. */
    public static final int ROOT = 1;

    private final Path path;
    private final Map<Integer, Descriptor> looked = new ConcurrentHashMap<>(); // liveness files of processes, by number
    private final @Nullable Descriptor rootLock; // held by the family's first process
    private final AtomicInteger counter = new AtomicInteger();
    private volatile boolean deleted;

    private RunDirectory(Path path, @Nullable Descriptor rootLock) {
        this.path = path;
        this.rootLock = rootLock;
    }

    /** Made by a family's first process, which is alive in it from the first moment on. */
    public static RunDirectory create() throws IOException {
        sweepStale();
        String name = userName() + "-" + ProcessHandle.current().pid() + "-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        Path unborn = base().resolve(UNBORN + name);
        Files.createDirectory(unborn, PRIVATE);
        try {
            prepareLiveness(unborn);
            Descriptor lock = lockLiveness(unborn).lock();
            Path born = base().resolve(PREFIX + name);
            Files.move(unborn, born);
            return new RunDirectory(born, lock);
        } catch (IOException e) {
            removeTree(unborn);
            throw e;
        }
    }

    /** The directory of the family that this process was started into. */
    public static RunDirectory attach(Path path) {
        return new RunDirectory(path, null);
    }

    /** Removes the directories of this user's families that have died out, and names them. */
    public static List<Path> sweepStale() throws IOException {
        var removed = new ArrayList<Path>();
        for (String prefix : List.of(PREFIX, UNBORN)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(base(), prefix + userName() + "-*")) {
                for (Path candidate : all) {
                    if (isStale(candidate)) {
                        remove(candidate);
                        removed.add(candidate);
                    }
                }
            }
        }
        return removed;
    }

    /** Where this user's run directories are made. */
    public static Path base() {
        String configured = System.getProperty(BASE_PROPERTY);
        if (configured != null) {
            return Path.of(configured);
        }
        return Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    public Path path() {
        return path;
    }

    /** The file called {@code name}. */
    public Path file(String name) {
        return path.resolve(name);
    }

    /**
     * The directory for what may become large: on disk, where the run directory itself is in memory. Made when first asked
     * for, and removed with the run directory.
     */
    public Path spacious() throws IOException {
        if (!path.startsWith(SHARED_MEMORY)) {
            return path;
        }
        Path link = path.resolve(DISK);
        Path wanted = Path.of(System.getProperty("java.io.tmpdir"))
                .toAbsolutePath()
                .resolve(path.getFileName() + SPACIOUS_SUFFIX);
        try {
            Files.createSymbolicLink(link, wanted); // first of all, so that it is known where to clean up
        } catch (FileAlreadyExistsException e) {
            wanted = Files.readSymbolicLink(link);
        }
        try {
            Files.createDirectory(wanted, PRIVATE);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(wanted, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
        return wanted;
    }

    /** As {@link #spacious}; null when nobody has asked for it yet. */
    public @Nullable Path spaciousIfMade() throws IOException {
        if (!path.startsWith(SHARED_MEMORY)) {
            return path;
        }
        try {
            return Files.readSymbolicLink(path.resolve(DISK));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** A file name that no other process of the family uses. */
    public Path uniqueFile(String prefix) {
        return path.resolve(uniqueName(prefix));
    }

    /** Makes the place for liveness files in {@code directory}, which may be any, unless it is there. */
    public static void prepareLiveness(Path directory) throws IOException {
        Files.createDirectories(directory.resolve(LIVE));
    }

    /** Removes the liveness files of dead processes; returns whether none but {@code self} lives. */
    public boolean removeDead(int self) throws IOException {
        boolean alone = true;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(path.resolve(LIVE))) {
            for (Path process : processes) {
                if (process.endsWith(Integer.toString(self))) {
                    continue;
                }
                if (Descriptor.isLocked(process)) {
                    alone = false;
                } else {
                    Files.deleteIfExists(process);
                }
            }
        }
        return alone;
    }

    /**
     * Makes the liveness file of a process about to be started and takes its lock, which whoever holds a copy of
     * {@link Liveness#lock} keeps.
     */
    public Liveness newLiveness() throws IOException {
        return lockLiveness(path);
    }

    private static Liveness lockLiveness(Path directory) throws IOException {
        int number = Math.toIntExact(Descriptor.appendByte(directory.resolve(NUMBERS)));
        Path file = directory.resolve(LIVE).resolve(Integer.toString(number));
        return new Liveness(number, file, Descriptor.openLockedAlone(file));
    }

    /**
     * Whether the process of this number lives; one that has ended in any way does not, nor does one never started. When
     * somebody else has removed the directory nobody can say, and the answer is yes.
     */
    public boolean isAlive(int number) throws IOException {
        Descriptor known = looked.get(number);
        if (known != null) {
            return isAlive(number, known);
        }
        Path live = path.resolve(LIVE);
        try (Descriptor file = Descriptor.openToLook(live.resolve(Integer.toString(number)))) {
            boolean alive = file.isLockedElsewhere();
            if (alive && looked.size() < LOOKED_AT_ONCE) {
                Descriptor kept = file.duplicate();
                if (looked.putIfAbsent(number, kept) != null) {
                    kept.close();
                }
            }
            return alive;
        } catch (PosixException e) {
            if (e.isMissing()) {
                return !deleted && Files.notExists(live);
            }
            throw e;
        }
    }

    /** The file of a living process stays open: who waits for that one will ask again. */
    private boolean isAlive(int number, Descriptor file) throws IOException {
        try {
            boolean alive = file.isLockedElsewhere();
            if (!alive && looked.remove(number, file)) {
                file.close();
            }
            return alive;
        } catch (ClosedChannelException e) {
            return isAlive(number); // another thread has found it dead
        }
    }

    /** Removes the directory with all that is in it; to be called by the family's last process. */
    public void delete() throws IOException {
        deleted = true;
        looked.values().forEach(Descriptor::close);
        looked.clear();
        remove(path);
        if (rootLock != null) {
            rootLock.close();
        }
    }

    /** A process's number in its family, never given twice; its liveness file, and that one's lock as long as it is held here. */
    public record Liveness(int number, Path file, Descriptor lock) {
        /** Removes the file of a process that has ended or was never started. */
        public void remove() {
            lock.close();
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove " + file, e);
            }
        }
    }

    private String uniqueName(String prefix) {
        return prefix + "-" + ProcessHandle.current().pid() + "-" + counter.incrementAndGet();
    }

    private static boolean isStale(Path directory) throws IOException {
        try {
            if (!Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).getName().equals(userName())) {
                return false;
            }
            if (directory.getFileName().toString().startsWith(UNBORN)) {
                return Files.getLastModifiedTime(directory)
                        .toInstant()
                        .isBefore(Instant.now().minus(BIRTH));
            }
            try (DirectoryStream<Path> processes = Files.newDirectoryStream(directory.resolve(LIVE))) {
                for (Path process : processes) {
                    if (Descriptor.isLocked(process)) {
                        return false;
                    }
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** As the file system names this process's user, who need not have a name at all. */
    private static String userName() throws IOException {
        return Files.getOwner(Path.of("/proc/self")).getName();
    }

    private static void remove(Path directory) throws IOException {
        Path link = directory.resolve(DISK);
        if (Files.isSymbolicLink(link)) {
            Path spacious = Files.readSymbolicLink(link);
            if (spacious.getFileName().toString().equals(directory.getFileName() + SPACIOUS_SUFFIX)) {
                removeTree(spacious);
            }
        }
        removeTree(directory);
    }

    private static void removeTree(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // somebody else sweeps, too
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path done, @Nullable IOException failure) throws IOException {
                if (failure != null && !(failure instanceof NoSuchFileException)) {
                    throw failure;
                }
                Files.deleteIfExists(done);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
