package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.testkit.Background;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoaderPathTest {
    @TempDir
    private Path directory;

    private RunDirectory family;
    private Path outer;

    @BeforeEach
    void makeJar() throws IOException {
        family = RunDirectory.attach(Files.createDirectory(directory.resolve("run")));
        outer = directory.resolve("outer.jar");
        jar(outer, "lib/inner.jar", "inner", "classes/a/A.class", "A", "classes/B.class", "B", "other/C.class", "C");
    }

    @Test
    void of_files_areInTheOrderOfTheLoaderThenItsParents() throws IOException {
        URL first = url("file:/lib/a%20b.jar");
        URL second = url("file:/classes/");

        try (var parent = new URLClassLoader(new URL[] {url("file:/parent.jar"), first}, null);
                var loader = new URLClassLoader(new URL[] {first, second}, parent)) {
            assertThat(LoaderPath.of(loader, family)).containsExactly("/lib/a b.jar", "/classes", "/parent.jar");
        }
    }

    @Test
    void of_urlThatIsNotEncoded_isTheFileOfThatName() throws IOException {
        assertThat(of(
                        new URL("file:/lib/a b.jar"),
                        new URL("file:/100%/a.jar"),
                        new URL("file:/lib/a#b.jar"),
                        new URL("file:///lib/c d.jar")))
                .containsExactly("/lib/a b.jar", "/100%/a.jar", "/lib/a#b.jar", "/lib/c d.jar");
    }

    @Test
    void of_otherProtocols_areLeftOut() throws IOException {
        assertThat(of(url("http://host/a.jar"), url("jar:http://host/a.jar!/"), url("file:/b.jar")))
                .containsExactly("/b.jar");
    }

    @Test
    void of_jarItself_isTheJar() throws IOException {
        assertThat(of(url("jar:" + outer.toUri() + "!/"))).containsExactly(outer.toString());
    }

    @Test
    void of_jarInAJar_isUnpackedOnce() throws IOException {
        URL inner = url("jar:" + outer.toUri() + "!/lib/inner.jar!/");

        List<String> path = of(inner);
        Files.delete(outer);

        assertThat(of(inner)).isEqualTo(path);
        assertThat(path).singleElement().satisfies(entry -> {
            assertThat(Path.of(entry)).startsWith(family.spacious()).hasContent("inner");
            assertThat(entry).endsWith("/lib/inner.jar");
        });
    }

    @Test
    void of_jarInAJarForManyThreads_isWholeForAll() throws Exception {
        int size = 20_000_000;
        int threads = 4;
        jar(outer, "lib/large.jar", "x".repeat(size));
        URL large = url("jar:" + outer.toUri() + "!/lib/large.jar!/");
        var together = new CyclicBarrier(threads);
        var sizes = new ArrayList<Background<Long>>();
        for (int i = 0; i < threads; i++) {
            sizes.add(Background.run(() -> {
                together.await();
                return Files.size(Path.of(of(large).get(0)));
            }));
        }

        for (Background<Long> each : sizes) {
            assertThat(each.get()).isEqualTo(size);
        }
    }

    @Test
    void of_jarInAJarAsSpringBootNamesIt_isUnpackedToo() throws IOException {
        List<String> path = of(nested("jar:nested:" + outer + "/!lib/inner.jar!/"));

        assertThat(path)
                .singleElement()
                .satisfies(entry -> assertThat(Path.of(entry)).hasContent("inner"));
    }

    @Test
    void of_directoryInAJar_isUnpackedWithoutTheRest() throws IOException {
        List<String> path = of(url("jar:" + outer.toUri() + "!/classes!/"));

        assertThat(path).hasSize(1);
        Path classes = Path.of(path.get(0));
        assertThat(classes.resolve("a/A.class")).hasContent("A");
        assertThat(classes.resolve("B.class")).hasContent("B");
        assertThat(classes).isDirectoryNotContaining("glob:**C.class");
    }

    @Test
    void of_jarsOfTheSameNameInTwoJars_areKeptApart() throws IOException {
        Path another = directory.resolve("another.jar");
        jar(another, "lib/inner.jar", "another's");

        List<String> path = of(
                url("jar:" + outer.toUri() + "!/lib/inner.jar!/"), url("jar:" + another.toUri() + "!/lib/inner.jar!/"));

        assertThat(path).hasSize(2);
        assertThat(Path.of(path.get(0))).hasContent("inner");
        assertThat(Path.of(path.get(1))).hasContent("another's");
    }

    @Test
    void of_nameThatLeadsOut_isRefused() {
        URL out = url("jar:" + outer.toUri() + "!/../../../../../../../out.jar!/");

        assertThatThrownBy(() -> of(out)).isInstanceOf(IOException.class).hasMessageStartingWith("no name of a jar: ");
    }

    @Test
    void of_entryThatLeadsOut_isRefused() throws IOException {
        jar(outer, "classes/../../../out", "x");

        assertThatThrownBy(() -> of(url("jar:" + outer.toUri() + "!/classes!/")))
                .isInstanceOf(IOException.class)
                .hasMessage("leads out of its jar: classes/../../../out");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void of_loaderWithoutUrls_isWhereThisLibraryIs() throws Exception {
        Path own = Path.of(LoaderPath.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());

        assertThat(LoaderPath.of(ClassLoader.getPlatformClassLoader(), family)).containsExactly(own.toString());
    }

    private List<String> of(URL... urls) throws IOException {
        @Nullable ClassLoader noParent = null;
        try (var loader = new URLClassLoader(urls, noParent)) {
            return LoaderPath.of(loader, family);
        }
    }

    private static URL url(String url) {
        try {
            return URI.create(url).toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    /** A URL of a protocol that this JVM has no handler for. */
    @SuppressWarnings("deprecation") // what replaces it is not in release 17
    private static URL nested(String url) throws IOException {
        return new URL(null, url, new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL unused) throws IOException {
                throw new IOException("never opened");
            }

            @Override
            protected void parseURL(URL made, String spec, int start, int limit) {
                setURL(made, "jar", "", -1, "", "", spec.substring("jar:".length()), null, null);
            }
        });
    }

    private static void jar(Path file, String... namesAndContents) throws IOException {
        try (var jar = new JarOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                jar.putNextEntry(new JarEntry(namesAndContents[i]));
                jar.write(namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
