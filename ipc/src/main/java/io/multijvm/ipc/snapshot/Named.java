package io.multijvm.ipc.snapshot;

import java.io.IOException;
import java.lang.invoke.MethodType;
import java.lang.ref.Cleaner;
import java.nio.charset.Charset;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What there is in every JVM, or is easily made there, under a name of a letter and what is needed beside. */
final class Named {
    static final String LOGGER = "java.util.logging.Logger";

    private Named() {}

    /** One of this JVM's standard streams, by its name; null for anything else. */
    static @Nullable String ofStandardStream(Object value) {
        if (value == System.out) {
            return "O";
        }
        if (value == System.err) {
            return "E";
        }
        return value == System.in ? "I" : null;
    }

    /** The name; null when it would not be found in another JVM. */
    static @Nullable String of(Object value) {
        if (value instanceof Charset charset) {
            return "C" + charset.name();
        }
        if (value instanceof Path path) {
            return path.getFileSystem() == FileSystems.getDefault() ? "P" + path : null;
        }
        if (value instanceof FileSystem files) {
            return files == FileSystems.getDefault() ? "F" : null;
        }
        if (value instanceof ClassLoader loader) {
            return nameOf(loader);
        }
        if (value instanceof Module module) {
            return nameOf(module);
        }
        if (value instanceof Provider provider) {
            return "S" + provider.getName();
        }
        if (value instanceof ThreadGroup) {
            return "G";
        }
        if (value instanceof MethodType types) {
            return "T" + types.toMethodDescriptorString();
        }
        if (value instanceof Cleaner) {
            return "N";
        }
        return "J" + nameOfLogger(value);
    }

    private static @Nullable String nameOf(ClassLoader loader) {
        if (loader == ClassLoader.getSystemClassLoader()) {
            return "L";
        }
        return loader == ClassLoader.getPlatformClassLoader() ? "l" : null;
    }

    private static @Nullable String nameOf(Module module) {
        if (!module.isNamed()) {
            return module == ClassLoader.getSystemClassLoader().getUnnamedModule() ? "M" : null;
        }
        return module.getLayer() == ModuleLayer.boot() ? "M" + module.getName() : null;
    }

    /** Without the module {@code java.logging}, which a program may do without. */
    private static String nameOfLogger(Object logger) {
        try {
            return (String) Objects.requireNonNullElse(
                    Class.forName(LOGGER).getMethod("getName").invoke(logger), "");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a logger has no name", e);
        }
    }

    static Object find(String name, ClassLoader loader) throws IOException {
        String rest = name.substring(1);
        return switch (name.charAt(0)) {
            case 'O' -> System.out;
            case 'E' -> System.err;
            case 'I' -> System.in;
            case 'C' -> Charset.forName(rest);
            case 'P' -> Path.of(rest);
            case 'F' -> FileSystems.getDefault();
            case 'L' -> ClassLoader.getSystemClassLoader();
            case 'l' -> ClassLoader.getPlatformClassLoader();
            case 'M' ->
                rest.isEmpty()
                        ? ClassLoader.getSystemClassLoader().getUnnamedModule()
                        : ModuleLayer.boot().findModule(rest).orElseThrow(() -> new IOException("no module " + rest));
            case 'S' -> Objects.requireNonNull(Security.getProvider(rest), rest);
            case 'G' -> Objects.requireNonNull(Thread.currentThread().getThreadGroup(), "of a live thread");
            case 'T' -> MethodType.fromMethodDescriptorString(rest, loader);
            case 'N' -> Cleaner.create();
            default -> logger(rest);
        };
    }

    private static Object logger(String name) throws IOException {
        try {
            return Objects.requireNonNull(
                    Class.forName(LOGGER).getMethod("getLogger", String.class).invoke(null, name));
        } catch (ReflectiveOperationException e) {
            throw new IOException("no logger", e);
        }
    }
}
