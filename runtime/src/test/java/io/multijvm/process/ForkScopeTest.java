package io.multijvm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.ipc.os.RawObjects;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which program a process belongs to, and where that comes from. */
final class ForkScopeTest {
    @Test
    void unresolved_class_isItsName() {
        assertThat(MainClass.unresolved("org.example.Main one two", "/app/a.jar"))
                .isEqualTo("main:org.example.Main");
        assertThat(MainClass.unresolved("Main", "")).isEqualTo("main:Main");
        assertThat(MainClass.unresolved("", "")).isEqualTo("main:");
    }

    @Test
    void unresolved_jarWithBlanksInItsPath_isTheWholePath() {
        String path = new File("my app.jar").getAbsolutePath();

        assertThat(MainClass.unresolved("my app.jar one two", "my app.jar")).isEqualTo("main:" + path);
        assertThat(MainClass.unresolved("my app.jar", "my app.jar")).isEqualTo("main:" + path);
    }

    @Test
    void program_class_isWhereItComesFrom() {
        String here = location(ForkScopeTest.class).toExternalForm();

        assertThat(programOf("main:" + ForkScopeTest.class.getName())).containsExactly(here);
        assertThat(programOf("main:some.module/" + ForkScopeTest.class.getName()))
                .containsExactly(here);
        assertThat(programOf(here)).containsExactly(here);
    }

    @Test
    void program_jar_isWhatItsClassesSay(@TempDir Path directory) throws Exception {
        URL jar = location(Test.class);
        Path link = Files.createSymbolicLink(directory.resolve("app.jar"), Path.of(jar.toURI()));

        assertThat(programOf("main:" + Path.of(jar.toURI()))).containsExactly(jar.toExternalForm());
        assertThat(programOf("main:" + link)).containsExactly(jar.toExternalForm());
    }

    @Test
    void program_nobodyKnows_isEmpty() {
        assertThat(programOf("main:")).isEmpty();
        assertThat(programOf("main:no.such.Main")).isEmpty();
        assertThat(programOf("main:java.lang.String")).isEmpty();
        assertThat(programOf("main:/no/such.jar")).isEmpty();
    }

    private static List<String> programOf(String known) {
        return new ForkScope(List.of(known), new HashSet<>(), String.class, List.of()).program();
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Test
    @ForkTest
    void start_programThatDoesNotFork_doesNotLookForItsMainClass() throws InterruptedException {
        var ended = ChildJvm.of(Spawning.class).run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(0, "ran\n[]\n", ""));
    }

    /** Starts a process, and prints which of the classes that forking takes it has loaded. */
    static final class Spawning {
        public static void main(String[] args) throws Exception {
            try (Context context = MultiJvm.getContext(StartMethod.SPAWN)) {
                JvmProcess child = context.process(() -> System.out.println("ran"));
                child.start();
                child.joinOrThrow();
            }
            System.out.println(RawObjects.classesOf(ClassLoader.getSystemClassLoader(), 0).stream()
                    .map(Class::getName)
                    .filter(name -> name.contains("Fork"))
                    .filter(name -> !name.contains("ForkServer") && !name.contains("ForkScopeTest"))
                    .toList());
        }
    }
}
