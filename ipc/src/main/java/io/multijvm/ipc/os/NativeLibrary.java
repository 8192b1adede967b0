package io.multijvm.ipc.os;

import com.sun.jna.Native;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What JNA needs at its start and would find by itself in every JVM: its native library, unpacked into a fresh temporary
 * file, and where the system's libraries lie, as {@code ldconfig} lists it. Here the first JVM keeps both in the user's
 * cache, and children are told on their command line. A cache that cannot be written is no error.
 */
public final class NativeLibrary {
    private static final String FILE = "libjnidispatch.so";
    private static final String LIBRARY = "jna.boot.library.path";
    private static final String ONLY_THERE = "jna.nosys";
    private static final String SYSTEM_PATHS = "jna.platform.library.path"; // set by JNA if it is not
    private static final List<String> SETTINGS = List.of(LIBRARY, ONLY_THERE, SYSTEM_PATHS);

    private static final String JNAS_FILES = "jna.tmpdir";
    private static final String CACHES = ".cache";
    private static final Path NOWHERE = Path.of("/dev/null");

    /** What {@code ldconfig} reads, and writes whenever the answer may have changed. */
    private static final Path LINKERS_CACHE = Path.of("/etc/ld.so.cache");

    private NativeLibrary() {}

    /**
     * Where this user's caches of MultiJVM lie: {@code $XDG_CACHE_HOME/multijvm}, or {@code ~/.cache/multijvm}. Who has no home,
     * or one that the locale cannot spell, has no caches: where they would be then nothing can be written.
     */
    public static Path cacheDirectory() {
        Path base = absolute(System.getenv("XDG_CACHE_HOME"), "");
        if (base == null) {
            base = absolute(System.getenv("HOME"), CACHES);
        }
        if (base == null) {
            base = absolute(System.getProperty("user.home"), CACHES);
        }
        return (base == null ? NOWHERE : base).resolve("multijvm");
    }

    private static @Nullable Path absolute(@Nullable String directory, String inside) {
        if (directory == null) {
            return null;
        }
        try {
            Path path = Path.of(directory, inside);
            return path.isAbsolute() ? path : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** Why this platform cannot run MultiJVM, or null when it can. */
    public static @Nullable String unsupportedReason() {
        return architecture() == null
                ? "MultiJVM runs on Linux (x86_64, aarch64) with glibc; this is " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch")
                : null;
    }

    /** Maps the native methods of {@code type} onto the C library. */
    static void bind(Class<?> type) {
        String unsupported = unsupportedReason();
        if (unsupported != null) {
            throw new UnsupportedOperationException(unsupported);
        }
        JdkInternals.allowNativeAccess(Native.class.getModule());
        useCachedLibrary();
        keepFilesOutOfTheWorkingDirectory();
        String paths = useCachedPaths();
        Native.register(type, com.sun.jna.NativeLibrary.getInstance("c"));
        if (paths != null) {
            keepPaths(paths);
        }
    }

    /** What tells a child's JVM what JNA has found in this one. */
    public static List<String> jvmArguments() {
        LibC.getpgid(0); // has JNA find it
        var arguments = new ArrayList<String>();
        for (String setting : SETTINGS) {
            String value = System.getProperty(setting);
            if (value != null) {
                arguments.add(option(setting) + value);
            }
        }
        return arguments;
    }

    /** Whether a JVM's argument is what {@link #jvmArguments} gives again. */
    public static boolean isOwn(String jvmArgument) {
        for (String setting : SETTINGS) {
            if (jvmArgument.startsWith(option(setting))) {
                return true;
            }
        }
        return false;
    }

    private static String option(String setting) {
        return "-D" + setting + "=";
    }

    /** Has JNA know the paths if they are cached; otherwise returns what they are to be cached by, if anything. */
    private static @Nullable String useCachedPaths() {
        if (System.getProperty(SYSTEM_PATHS) != null) {
            return null;
        }
        try {
            String stamp = Files.size(LINKERS_CACHE) + " " + Files.getLastModifiedTime(LINKERS_CACHE) + "\n";
            Path file = pathsFile();
            String cached = Files.exists(file) ? Files.readString(file) : "";
            if (!cached.startsWith(stamp)) {
                return stamp;
            }
            System.setProperty(SYSTEM_PATHS, cached.substring(stamp.length()));
        } catch (IOException | UncheckedIOException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.DEBUG, "JNA finds its paths by itself", e);
        }
        return null;
    }

    private static void keepPaths(String stamp) {
        String paths = System.getProperty(SYSTEM_PATHS);
        if (paths == null) {
            return;
        }
        try {
            Path fresh = Files.createTempFile(cacheDirectory(), "paths", ".tmp");
            Files.writeString(fresh, stamp + paths);
            publish(fresh, pathsFile());
        } catch (IOException | UncheckedIOException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.DEBUG, "JNA's paths are not kept", e);
        }
    }

    private static Path pathsFile() {
        return cacheDirectory().resolve("library-paths");
    }

    private static void useCachedLibrary() {
        if (System.getProperty(LIBRARY) != null) {
            return;
        }
        try {
            Path directory = unpacked();
            System.setProperty(LIBRARY, directory.toString());
            System.setProperty(ONLY_THERE, "true");
        } catch (IOException | UncheckedIOException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.DEBUG, "JNA unpacks its library by itself", e);
        }
    }

    /** The home of a user whom the system does not know is "?" to Java, and JNA would make that. */
    private static void keepFilesOutOfTheWorkingDirectory() {
        String home = System.getProperty("user.home", "");
        if (!home.startsWith("/") && System.getProperty(JNAS_FILES) == null) {
            System.setProperty(JNAS_FILES, System.getProperty("java.io.tmpdir"));
        }
    }

    private static Path unpacked() throws IOException {
        byte[] content;
        String resource = "com/sun/jna/linux-" + architecture() + "/" + FILE;
        try (InputStream in = Native.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no resource " + resource + " on the class path");
            }
            content = in.readAllBytes();
        }
        var checksum = new CRC32();
        checksum.update(content);
        Path directory = cacheDirectory().resolve("jna-" + Long.toHexString(checksum.getValue()));
        Path library = directory.resolve(FILE);
        if (!Files.isRegularFile(library) || Files.size(library) != content.length) {
            Files.createDirectories(directory);
            Path fresh = Files.createTempFile(directory, FILE, ".tmp");
            Files.write(fresh, content);
            publish(fresh, library);
        }
        return directory;
    }

    private static void publish(Path fresh, Path library) throws IOException {
        try {
            Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
    }

    private static @Nullable String architecture() {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return null;
        }
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86-64";
            case "aarch64" -> "aarch64";
            default -> null;
        };
    }
}
