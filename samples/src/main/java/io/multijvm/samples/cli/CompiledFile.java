package io.multijvm.samples.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The classes of one source file, which are nowhere but in memory. Children that miss one ask this loader for it, as a resource.
 */
final class CompiledFile extends ClassLoader {
    private static final String CLASS = ".class";

    private final Map<String, byte[]> contents; // by the name of the class, in the order of the compiler

    private CompiledFile(Map<String, byte[]> contents) {
        super(ClassLoader.getSystemClassLoader());
        this.contents = contents;
    }

    /** Compiles {@code file} with this JVM's class path; what is wrong with it the compiler says to standard error. */
    static CompiledFile of(Path file) throws CompilationException, IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new CompilationException(
                    "needs a JDK: there is no Java compiler in " + System.getProperty("java.home"));
        }
        var classes = new LinkedHashMap<String, ByteArrayOutputStream>();
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            var task = compiler.getTask(
                    null,
                    new InMemory(files, classes),
                    null,
                    List.of("-proc:none", "-cp", System.getProperty("java.class.path")),
                    null,
                    files.getJavaFileObjects(file));
            if (!task.call()) {
                throw new CompilationException(file + " does not compile");
            }
        }
        var contents = new LinkedHashMap<String, byte[]>();
        classes.forEach((name, bytes) -> contents.put(name, bytes.toByteArray()));
        return new CompiledFile(contents);
    }

    /** The class to be run: the one that is named like the file, if it has a main method, else the first that has. */
    Class<?> program(Path file) throws CompilationException {
        var named = file.getFileName().toString().replaceFirst("\\.java$", "");
        return contents.keySet().stream()
                .filter(name -> name.indexOf('$') < 0)
                .sorted((a, b) -> Boolean.compare(isNamed(b, named), isNamed(a, named)))
                .map(this::loaded)
                .filter(type -> ProgramMain.mainOf(type) != null)
                .findFirst()
                .orElseThrow(() -> new CompilationException("no class in " + file + " has a main method"));
    }

    boolean has(String className) {
        return contents.containsKey(className);
    }

    private static boolean isNamed(String className, String simpleName) {
        return className.equals(simpleName) || className.endsWith("." + simpleName);
    }

    private Class<?> loaded(String name) {
        try {
            return loadClass(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("compiled and not found: " + name, e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        var bytes = contents.get(name);
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        var bytes = name.endsWith(CLASS)
                ? contents.get(name.substring(0, name.length() - CLASS.length()).replace('/', '.'))
                : null;
        return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
    }

    /** Keeps what the compiler writes. */
    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes;

        InMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
            super(files);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className.replace('.', '/') + CLASS), kind) {
                @Override
                public OutputStream openOutputStream() {
                    var bytes = new ByteArrayOutputStream();
                    classes.put(className, bytes);
                    return bytes;
                }
            };
        }
    }

    /** A file that is no program; the compiler has said more. */
    static final class CompilationException extends Exception {
        private static final long serialVersionUID = 1L;

        CompilationException(String message) {
            super(message);
        }
    }
}
