package io.multijvm.ipc.os;

import com.sun.jna.Native;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * JNA's native library, unpacked once into the user's cache instead of into a fresh temporary file by every JVM.
 * A cache that cannot be written is no error: JNA then unpacks by itself.
 */
public final class NativeLibrary {
    private static final String FILE = "libjnidispatch.so";

    private NativeLibrary() {}

    /** Where this user's caches of MultiJVM lie: {@code $XDG_CACHE_HOME/multijvm}, or {@code ~/.cache/multijvm}. */
    public static Path cacheDirectory() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("multijvm");
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
        Native.register(type, com.sun.jna.NativeLibrary.getInstance("c"));
    }

    private static void useCachedLibrary() {
        if (System.getProperty("jna.boot.library.path") != null) {
            return;
        }
        try {
            Path directory = unpacked();
            System.setProperty("jna.boot.library.path", directory.toString());
            System.setProperty("jna.nosys", "true");
        } catch (IOException | UncheckedIOException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.DEBUG, "JNA unpacks its library by itself", e);
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
