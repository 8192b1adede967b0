package io.multijvm.benchmarks;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A directory for sources of other languages and the time stamps of children; it goes when this JVM ends. */
final class Scratch {
    private final Path directory;

    private Scratch(Path directory) {
        this.directory = directory;
    }

    static Scratch create() throws IOException {
        var scratch = new Scratch(Files.createTempDirectory("multijvm-bench-"));
        Runtime.getRuntime().addShutdownHook(new Thread(scratch::delete, "multijvm-bench-scratch"));
        return scratch;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Lays the source of that name, a resource beside this class, into the directory: CPython's children import it. */
    Path source(String name) throws IOException {
        return source(name, name);
    }

    /** As {@link #source(String)}, under another name. */
    Path source(String name, String as) throws IOException {
        Path file = file(as);
        try (var in = Scratch.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException("source on the class path: " + name);
            }
            Files.copy(in, file);
        }
        return file;
    }

    private void delete() {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
