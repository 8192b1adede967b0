package io.multijvm;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;

/** The main class of a jar with jars in it, in the way of the frameworks that make such; uses nothing but the JDK. */
final class NestedJarLauncher {
    private static final String CLASSES = "app/classes/";
    private static final String LIBRARIES = "app/lib/";

    private NestedJarLauncher() {}

    public static void main(String[] args) throws Exception {
        Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
        var loader = new Loader(jar);
        Thread.currentThread().setContextClassLoader(loader);
        Class.forName("Main", true, loader).getMethod("main", String[].class).invoke(null, (Object) args);
    }

    /** Lets URLs be made, not opened. */
    static final class Unreadable extends URLStreamHandler {
        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            throw new IOException("no connection to " + url);
        }
    }

    /** Has read everything; says by its URLs where it has it from. */
    static final class Loader extends URLClassLoader {
        private final Map<String, byte[]> content;

        Loader(Path jar) throws IOException {
            this(jar, new HashMap<>(), new ArrayList<>());
        }

        private Loader(Path jar, Map<String, byte[]> content, List<URL> urls) throws IOException {
            super(read(jar, content, urls), ClassLoader.getPlatformClassLoader());
            this.content = content;
        }

        private static URL[] read(Path jar, Map<String, byte[]> content, List<URL> urls) throws IOException {
            urls.add(url("jar:file:" + jar + "!/" + CLASSES + "!/"));
            try (var outer = new JarFile(jar.toFile())) {
                for (Enumeration<JarEntry> entries = outer.entries(); entries.hasMoreElements(); ) {
                    JarEntry entry = entries.nextElement();
                    String name = entry.getName();
                    if (name.startsWith(CLASSES)) {
                        content.put(
                                name.substring(CLASSES.length()),
                                outer.getInputStream(entry).readAllBytes());
                    } else if (name.startsWith(LIBRARIES)) {
                        String form = urls.size() % 2 == 0 ? "jar:file:" + jar + "!/" : "jar:nested:" + jar + "/!";
                        urls.add(url(form + name + "!/"));
                        readInner(outer.getInputStream(entry), content);
                    }
                }
            }
            return urls.toArray(URL[]::new);
        }

        private static URL url(String text) throws IOException {
            return new URL(null, URI.create(text).toString(), new Unreadable());
        }

        private static void readInner(InputStream library, Map<String, byte[]> content) throws IOException {
            try (var inner = new JarInputStream(library)) {
                for (JarEntry entry = inner.getNextJarEntry(); entry != null; entry = inner.getNextJarEntry()) {
                    content.putIfAbsent(entry.getName(), inner.readAllBytes());
                }
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = content.get(name.replace('.', '/') + ".class");
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            byte[] bytes = content.get(name);
            return bytes == null ? null : new java.io.ByteArrayInputStream(bytes);
        }

        @Override
        public URL findResource(String name) {
            return null;
        }
    }
}
