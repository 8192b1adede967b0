package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.SystemProperty;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class ArchiveKeyTest {
    @RegisterExtension
    final SystemProperty archives = SystemProperty.set(ArchiveCache.PROPERTY, "on");

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path directory;

    private Path jar;

    @BeforeEach
    void jar() throws IOException {
        jar = Files.write(directory.resolve("a = b.jar"), new byte[10]);
    }

    @Test
    void parse_textOfAKey_isThatKey() {
        for (boolean queues : new boolean[] {false, true}) {
            ArchiveKey key = key("-XX:+UseSerialGC", "--add-opens=java.base/java.lang=ALL-UNNAMED", "-XX:a=b=c")
                    .withQueues(queues);

            ArchiveKey parsed = Objects.requireNonNull(ArchiveKey.parse(key.text()));

            assertThat(parsed).isEqualTo(key).hasSameHashCodeAs(key);
            assertThat(parsed.options()).isEqualTo(key.options()).hasSize(3);
            assertThat(parsed.jars()).isEqualTo(key.jars());
            assertThat(parsed.queues()).isEqualTo(queues);
            assertThat(parsed.fileName()).isEqualTo(key.fileName());
            assertThat(parsed.isCurrent()).isTrue();
        }
    }

    @Test
    void parse_cutOffAnywhere_isNullOrAnotherKey() {
        ArchiveKey key = key("-XX:+UseSerialGC");
        String whole = key.text();
        int content = whole.length() - 1; // the last end of line says nothing

        for (int size = 0; size < content; size++) {
            assertThat(ArchiveKey.parse(whole.substring(0, size)))
                    .as("%s characters", size)
                    .isNotEqualTo(key);
        }
    }

    @Test
    void parse_unknownLines_arePassedOver() {
        ArchiveKey key = key();

        assertThat(ArchiveKey.parse("\nno equals sign\nnew=thing\n" + key.text() + "archive=1 2 x\n"))
                .isEqualTo(key);
        assertThat(ArchiveKey.parse("")).isNull();
        assertThat(ArchiveKey.parse("java=" + JAVA)).isNull();
        assertThat(ArchiveKey.parse("version=1")).isNull();
    }

    @Test
    void parse_stampThatIsNone_isNull() {
        assertThat(List.of("", "1", "1 2", "x 2 /a", "1 y /a"))
                .allSatisfy(line -> assertThat(ArchiveKey.Stamp.parse(line)).isNull());
    }

    @Test
    void parse_stampOfAPathWithBlanks_isWhole() {
        var stamp = new ArchiveKey.Stamp(1, -2, "/a b  c");

        assertThat(ArchiveKey.Stamp.parse(stamp.toString())).isEqualTo(stamp);
    }

    @Test
    void of_stamp_isOfRegularFilesOnly() throws IOException {
        assertThat(ArchiveKey.Stamp.of(directory.toString())).isNull();
        assertThat(ArchiveKey.Stamp.of(directory.resolve("missing").toString())).isNull();
        Files.setLastModifiedTime(jar, FileTime.fromMillis(5_999));
        assertThat(ArchiveKey.Stamp.of(jar.toString())).isEqualTo(new ArchiveKey.Stamp(10, 5, jar.toString()));
    }

    @Test
    void isCurrent_jarChanged_isNot() throws IOException {
        Files.setLastModifiedTime(jar, FileTime.fromMillis(5_000));
        ArchiveKey key = key();
        assertThat(key.isCurrent()).isTrue();

        Files.setLastModifiedTime(jar, FileTime.fromMillis(6_000));
        assertThat(key.isCurrent()).isFalse();
        assertThat(key()).isNotEqualTo(key);

        Files.write(jar, new byte[11]);
        Files.setLastModifiedTime(jar, FileTime.fromMillis(5_000));
        assertThat(key.isCurrent()).isFalse();

        Files.write(jar, new byte[10]);
        Files.setLastModifiedTime(jar, FileTime.fromMillis(5_000));
        assertThat(key.isCurrent()).isTrue();

        Files.delete(jar);
        assertThat(key.isCurrent()).isFalse();
    }

    @Test
    void isCurrent_javaGone_isNot() {
        ArchiveKey key = key();

        assertThat(new ArchiveKey(JAVA + "x", key.version(), key.options(), key.jars(), false).isCurrent())
                .isFalse();
    }

    @Test
    void equals_anyPartDiffers_isNot() throws IOException {
        ArchiveKey key = key();
        Path another = Files.write(directory.resolve("b.jar"), new byte[10]);

        var others = new ArrayList<ArchiveKey>();
        others.add(key.withQueues(true));
        others.add(key("-XX:+UseSerialGC"));
        others.add(new ArchiveKey(JAVA, "another", key.options(), key.jars(), false));
        others.add(new ArchiveKey("/java", key.version(), key.options(), key.jars(), false));
        others.add(of(Map.of(), JAVA, "-cp", another.toString(), "Main"));
        others.add(of(Map.of(), JAVA, "-cp", jar + File.pathSeparator + another, "Main"));

        assertThat(others).doesNotContain(key).doesNotHaveDuplicates();
        others.remove(0);
        assertThat(others)
                .extracting(ArchiveKey::fileName)
                .doesNotContain(key.fileName())
                .doesNotHaveDuplicates();
    }

    @Test
    void fileName_withQueues_saysSo() {
        assertThat(key().withQueues(true).fileName()).isEqualTo(key().fileName() + "-queues");
        assertThat(key().fileName()).matches("[0-9a-f]+");
    }

    @Test
    void of_optionWithWhichThereIsNoArchive_isNull() {
        List<String> options = List.of(
                "-Xshare:auto",
                "-XX:SharedArchiveFile=x",
                "-XX:SharedClassListFile=x",
                "-XX:+AutoCreateSharedArchive",
                "-XX:ArchiveClassesAtExit=x",
                "-XX:DumpLoadedClassList=x",
                "-XX:AOTCache=x",
                "-XX:Flags=x",
                "-Xbootclasspath/a:x",
                "-agentlib:jdwp",
                "-agentpath:/x",
                "-javaagent:x.jar",
                "-Xrunjdwp",
                "-Djava.system.class.loader=x",
                "--patch-module=a=b",
                "--limit-modules",
                "--upgrade-module-path",
                "--module-path",
                "-p",
                "@arguments");

        assertThat(options).allSatisfy(option -> {
            assertThat(of(Map.of(), JAVA, option, "-cp", jar.toString(), "Main"))
                    .isNull();
            assertThat(of(Map.of("JDK_JAVA_OPTIONS", "-ea\t" + option), JAVA, "-cp", jar.toString(), "Main"))
                    .isNull();
            assertThat(of(Map.of("_JAVA_OPTIONS", option), JAVA, "-cp", jar.toString(), "Main"))
                    .isNull();
            assertThat(of(Map.of("OTHER_OPTIONS", option), JAVA, "-cp", jar.toString(), "Main"))
                    .isNotNull();
        });
    }

    @Test
    void of_optionThatChangesNothing_isNoPartOfTheKey() {
        List<String> options = List.of(
                "-Dx=y",
                "-Xmx1g",
                "-Xms1m",
                "-Xss1m",
                "-Xlog:gc",
                "-verbose:gc",
                "-ea",
                "-da:a.B",
                "-esa",
                "-dsa",
                "-enableassertions",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-XX:MaxHeapFreeRatio=1",
                "-XX:InitialHeapSize=1",
                "-XX:MaxRAMPercentage=1",
                "-XX:InitialRAMPercentage=1",
                "-XX:ErrorFile=x",
                "-XX:HeapDumpPath=x",
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:OnOutOfMemoryError=x",
                "-XX:ActiveProcessorCount=1");

        assertThat(options).allSatisfy(option -> assertThat(key(option)).isEqualTo(key()));
    }

    @Test
    void of_commandWithoutClassPath_isNull() {
        assertThat(of(Map.of(), JAVA, "-m", "a/b.C")).isNull();
    }

    @Test
    void of_jarThatIsMissingOrHasAnOddName_endsTheJars() throws IOException {
        Path odd = Files.write(directory.resolve("x\ny.jar"), new byte[1]);
        String missing = directory.resolve("missing.jar").toString();

        assertThat(of(Map.of(), JAVA, "-cp", String.join(File.pathSeparator, jar.toString(), missing, jar.toString())))
                .isEqualTo(key());
        assertThat(of(Map.of(), JAVA, "-cp", String.join(File.pathSeparator, jar.toString(), odd.toString())))
                .isEqualTo(key());
        assertThat(of(Map.of(), JAVA, "-cp", missing)).isNull();
        assertThat(of(Map.of(), JAVA, "-cp", "")).isNull();
    }

    @Test
    void classPath_severalJars_isTheirPaths() throws IOException {
        Path another = Files.write(directory.resolve("b.jar"), new byte[10]);
        String path = jar + File.pathSeparator + another;

        assertThat(Objects.requireNonNull(of(Map.of(), JAVA, "-cp", path, "Main"))
                        .classPath())
                .isEqualTo(path);
    }

    @Test
    void using_archive_isSilent() {
        List<String> arguments = ArchiveKey.using(Path.of("/a.jsa"));

        assertThat(arguments.get(arguments.size() - 1)).endsWith("=/a.jsa");
        assertThat(arguments.subList(0, arguments.size() - 1)).isNotEmpty().allMatch(ArchiveKey::isSilence);
        assertThat(ArchiveKey.isSilence("-Xlog:gc")).isFalse();
        assertThat(ArchiveKey.making(Path.of("/a.jsa"))).startsWith("-XX:").endsWith("=/a.jsa");
    }

    @Test
    void command_ofTheMaker_saysTheKey() {
        ArchiveKey key = key("-XX:+UseSerialGC").withQueues(true);

        List<String> command =
                ArchiveMain.command(directory, key, "a.Entry", new LinkedHashSet<>(List.of("a.B", "c.D")));

        assertThat(command)
                .startsWith(JAVA)
                .contains("-Dmultijvm.archives=off")
                .containsSubsequence("-cp", jar.toString(), ArchiveMain.class.getName(), directory.toString())
                .endsWith("a.Entry", "a.B", "c.D");
        assertThat(ArchiveKey.parse(command.get(command.size() - 4))).isEqualTo(key);
    }

    @Test
    void note_start_isTheFirstOfItsKindOnce() {
        var archivist = new Archivist();
        var jars = new Profile(List.of(JAVA, "-cp", jar.toString(), "Main"), Map.of(), null);
        var sameKey = new Profile(List.of(JAVA, "-ea", "-cp", jar.toString(), "Main"), Map.of(), null);
        var directories = new Profile(List.of(JAVA, "-cp", directory.toString(), "Main"), Map.of(), null);

        assertThat(archivist.note(Shells.spec(jars))).isTrue();
        assertThat(archivist.note(Shells.spec(jars))).isFalse();
        assertThat(archivist.note(Shells.spec(sameKey))).isFalse();
        assertThat(archivist.note(Shells.spec(directories))).isFalse();
    }

    private ArchiveKey key(String... options) {
        var command = new ArrayList<>(List.of(JAVA));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", jar.toString(), "Main"));
        return Objects.requireNonNull(of(Map.of(), command.toArray(String[]::new)));
    }

    private static @Nullable ArchiveKey of(Map<String, String> environment, String... command) {
        return ArchiveKey.of(new Profile(List.of(command), environment, null), false);
    }
}
