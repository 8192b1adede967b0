package io.multijvm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Runs the class {@code Main} of a directory in a loader of some kind. */
final class Host {
    private Host() {}

    public static void main(String[] args) throws Exception {
        Path classes = Path.of(args[1]);
        ClassLoader loader = switch (args[0]) {
            case "directory" -> new URLClassLoader(new URL[] {classes.toUri().toURL()});
            case "memory" -> new InMemory(read(classes));
            case "secret" -> new Secret(read(classes));
            default -> throw new IllegalArgumentException(args[0]);
        };
        String[] rest = {args[2]};
        Class.forName("Main", true, loader).getMethod("main", String[].class).invoke(null, (Object) rest);
    }

    private static Map<String, byte[]> read(Path directory) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                classes.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return classes;
    }

    /** Shows nobody what it defines classes from. */
    private static class Secret extends ClassLoader {
        final Map<String, byte[]> classes;

        Secret(Map<String, byte[]> classes) {
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name + ".class");
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    /** As loaders behind a compiler do: class files are resources, too. */
    private static final class InMemory extends Secret {
        InMemory(Map<String, byte[]> classes) {
            super(classes);
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            byte[] bytes = classes.get(name);
            return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
        }
    }
}
