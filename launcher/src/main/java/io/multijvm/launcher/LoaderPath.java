package io.multijvm.launcher;

import io.multijvm.ipc.memory.RunDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * What a class loader loads from, as a class path: for children of a program that was not started with a plain one, but
 * from a jar with jars in it, or in a shell.
 *
 * <p>Jars in jars are unpacked into the family's directory on disk, once.
 */
final class LoaderPath {
    private LoaderPath() {}

    /** The entries, in the loader's order; what has no place in the file system is left out. */
    static List<String> of(ClassLoader loader, RunDirectory family) throws IOException {
        Set<String> entries = new LinkedHashSet<>();
        for (ClassLoader each = loader; each instanceof URLClassLoader urls; each = each.getParent()) {
            for (URL url : urls.getURLs()) {
                add(entries, url, family);
            }
        }
        if (entries.isEmpty()) {
            CodeSource source = LoaderPath.class.getProtectionDomain().getCodeSource();
            if (source != null) {
                add(entries, source.getLocation(), family);
            }
        }
        return new ArrayList<>(entries);
    }

    private static void add(Set<String> entries, URL url, RunDirectory family) throws IOException {
        String place = url.toString();
        if (place.startsWith("file:")) {
            entries.add(pathOf(place).toString());
            return;
        }
        Nested nested = Nested.of(place);
        if (nested != null) {
            entries.add(nested.unpacked(family).toString());
        }
    }

    /** The path of a {@code file:} URL, also of one whose maker has not encoded blanks and the like. */
    private static Path pathOf(String url) {
        try {
            return Path.of(new URI(url));
        } catch (URISyntaxException | IllegalArgumentException e) {
            String place = url.substring("file:".length());
            int path = place.startsWith("//") ? place.indexOf('/', 2) : 0; // after a host
            return Path.of(place.substring(Math.max(0, path)));
        }
    }

    /** A jar, or a directory, within a jar. */
    private record Nested(Path outer, String inner) {
        /** {@code jar:file:/outer.jar!/inner.jar!/}, or {@code jar:nested:/outer.jar/!inner.jar!/}. */
        static @Nullable Nested of(String url) {
            String place = url.startsWith("jar:") ? url.substring("jar:".length()) : url;
            if (place.endsWith("!/")) {
                place = place.substring(0, place.length() - 2);
            }
            int border = place.startsWith("nested:") ? place.indexOf("/!") : place.indexOf("!/");
            boolean isFile = place.startsWith("nested:") || place.startsWith("file:");
            if (!isFile) {
                return null;
            }
            String outer = border < 0 ? place : place.substring(0, border);
            String inner = border < 0 ? "" : place.substring(border + 2);
            return new Nested(pathOf("file:" + outer.substring(outer.indexOf(':') + 1)), inner);
        }

        Path unpacked(RunDirectory family) throws IOException {
            if (inner.isEmpty()) {
                return outer;
            }
            String name = Integer.toHexString(outer.toString().hashCode()) + "/" + inner;
            Path target = family.spacious().resolve("unpacked").resolve(name).normalize();
            if (!target.startsWith(family.spacious())) {
                throw new IOException("no name of a jar: " + inner);
            }
            if (Files.exists(target)) {
                return target;
            }
            Path fresh = target.resolveSibling(family.uniqueFile("fresh").getFileName());
            try (var jar = new JarFile(outer.toFile())) {
                JarEntry entry = jar.getJarEntry(inner);
                if (entry != null && !entry.isDirectory()) {
                    copy(jar, entry, fresh);
                } else {
                    copyDirectory(jar, fresh);
                }
            }
            if (Files.exists(fresh)) {
                publish(fresh, target);
            }
            return target;
        }

        /** Other threads and processes see all of it or nothing. */
        private static void publish(Path fresh, Path target) throws IOException {
            try {
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                if (!Files.isDirectory(target)) {
                    throw e;
                }
                // somebody else was faster; the copy goes with the family's directory
            }
        }

        private void copyDirectory(JarFile jar, Path target) throws IOException {
            String prefix = inner.endsWith("/") ? inner : inner + "/";
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                String name = entry.getName();
                if (name.startsWith(prefix) && !entry.isDirectory()) {
                    Path file = target.resolve(name.substring(prefix.length())).normalize();
                    if (!file.startsWith(target)) {
                        throw new IOException("leads out of its jar: " + name);
                    }
                    copy(jar, entry, file);
                }
            }
        }

        private static void copy(JarFile jar, JarEntry entry, Path target) throws IOException {
            Files.createDirectories(target.getParent());
            try (InputStream content = jar.getInputStream(entry)) {
                Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
