package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.JdkTest;
import io.multijvm.testkit.SystemProperty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@JdkTest
final class ArchiveCacheTest {
    @RegisterExtension
    final SystemProperty archives = SystemProperty.set(ArchiveCache.PROPERTY, "on");

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path directory;

    private ArchiveCache cache;

    @BeforeEach
    void makeCache() throws IOException {
        cache = new ArchiveCache(directory.resolve("archives"));
        cache.makeDirectory();
    }

    @Test
    void find_publishedArchive_isFoundByAnEqualKeyOnly() throws IOException {
        Path jar = jar("a.jar");
        ArchiveKey key = key(jar);
        Path archive = publish(key, 100);

        assertThat(cache.find(key(jar))).isEqualTo(archive).hasSize(100);
        assertThat(cache.find(key.withQueues(true))).isNull();
        assertThat(cache.find(key(jar, jar("b.jar")))).isNull();
        assertThat(cache.find(ArchiveKey.parse(key.text()))).isEqualTo(archive);
        assertThat(cache.isSettled(key)).isTrue();
    }

    @Test
    void find_archiveOtherThanWhenItWasChecked_isNotFound() throws IOException {
        ArchiveKey key = key(jar("a.jar"));
        Path archive = publish(key, 100);
        FileTime time = Files.getLastModifiedTime(archive);

        Files.write(archive, new byte[99]);
        Files.setLastModifiedTime(archive, time);
        assertThat(cache.find(key)).isNull();

        Files.write(archive, new byte[100]);
        Files.setLastModifiedTime(archive, FileTime.fromMillis(time.toMillis() + 5_000));
        assertThat(cache.find(key)).isNull();

        Files.delete(archive);
        assertThat(cache.find(key)).isNull();
        assertThat(cache.isSettled(key)).isFalse();
    }

    @Test
    void find_infoCutOffAnywhere_isNotFound() throws IOException {
        ArchiveKey key = key(jar("a.jar"));
        publish(key, 100);
        byte[] whole = Files.readAllBytes(info(key));
        String used = new String(whole, StandardCharsets.UTF_8);
        int needed = used.indexOf('\n', used.indexOf("archive=")) + 1;

        for (int size = 0; size < needed; size++) {
            Files.write(info(key), Arrays.copyOf(whole, size));
            assertThat(cache.find(key)).as("%s bytes", size).isNull();
        }
        Files.write(info(key), Arrays.copyOf(whole, needed));
        assertThat(cache.find(key)).isNotNull();
    }

    @Test
    void find_anothersInfoUnderTheSameName_isNotFound() throws IOException {
        ArchiveKey key = key(jar("a.jar"));
        ArchiveKey other = key(jar("b.jar"));
        publish(key, 100);
        publish(other, 100);

        Files.copy(info(other), info(key), StandardCopyOption.REPLACE_EXISTING);

        assertThat(cache.find(key)).isNull();
        assertThat(cache.find(other)).isNotNull();
    }

    @Test
    void find_jarIsAnotherByNow_isNotFoundByItsNewKey() throws IOException {
        Path jar = jar("a.jar");
        ArchiveKey old = key(jar);
        publish(old, 100);

        Files.write(jar, new byte[11]);

        assertThat(cache.find(key(jar))).isNull();
        assertThat(old.isCurrent()).isFalse();
        assertThat(cache.isSettled(key(jar))).isFalse();
    }

    @Test
    void publish_again_isTheNewOne() throws IOException {
        ArchiveKey key = key(jar("a.jar"));
        cache.fail(key);
        publish(key, 100);
        Path archive = publish(key, 50);

        assertThat(cache.find(key)).isEqualTo(archive).hasSize(50);
        assertThat(cache.directory().toFile().list())
                .containsExactlyInAnyOrder(key.fileName() + ".jsa", key.fileName() + ".info");
        assertThat(Files.readString(info(key))).contains("\nuse=-X");
    }

    @Test
    void makeDirectory_others_mayNotLookIntoIt() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache.directory())))
                .isEqualTo("rwx------");
    }

    @Test
    void entries_noDirectoryYet_areNone() throws IOException {
        var none = new ArchiveCache(directory.resolve("none"));

        assertThat(none.entries()).isEmpty();
        none.prune(1000);
        assertThat(none.directory()).doesNotExist();
    }

    @Test
    void entries_severalArchives_areTheYoungestFirst() throws IOException {
        ArchiveKey old = key(jar("old.jar"));
        ArchiveKey young = key(jar("young.jar")).withQueues(true);
        publish(old, 600);
        Files.setLastModifiedTime(info(old), FileTime.fromMillis(1_000));
        publish(young, 700);

        assertThat(cache.entries())
                .containsExactly(
                        new ArchiveCache.Entry(JAVA, young.version(), young.classPath(), true, 700, true),
                        new ArchiveCache.Entry(JAVA, old.version(), old.classPath(), false, 600, true));
    }

    @Test
    void jvmArguments_severalArchives_preferTheOneWithQueues() throws IOException {
        Path jar = jar("a.jar");
        var profile = new Profile(List.of(JAVA, "-cp", jar.toString(), "Main"), Map.of(), null);
        assertThat(cache.jvmArguments(profile)).isEmpty();

        Path plain = publish(key(jar), 100);
        assertThat(cache.jvmArguments(profile)).isEqualTo(ArchiveKey.using(plain));

        Path queues = publish(key(jar).withQueues(true), 100);
        assertThat(queues).isNotEqualTo(plain);
        assertThat(cache.jvmArguments(profile)).isEqualTo(ArchiveKey.using(queues));
    }

    @Test
    void jvmArguments_archivesAreOff_areNone() throws IOException {
        Path jar = jar("a.jar");
        publish(key(jar), 100);
        String before = System.getProperty(ArchiveCache.PROPERTY, "on");
        System.setProperty(ArchiveCache.PROPERTY, "off");
        try {
            assertThat(cache.jvmArguments(new Profile(List.of(JAVA, "-cp", jar.toString(), "Main"), Map.of(), null)))
                    .isEmpty();
        } finally {
            System.setProperty(ArchiveCache.PROPERTY, before);
        }
    }

    @Test
    void prune_infoThatIsNone_goesWithItsArchiveAndTheLockStays() throws IOException {
        ArchiveKey good = key(jar("good.jar"));
        publish(good, 100);
        ArchiveKey bad = key(jar("bad.jar"));
        publish(bad, 100);
        Files.writeString(info(bad), "java=x");
        Files.write(cache.directory().resolve("0-queues.jsa"), new byte[10]);
        Files.createFile(cache.directory().resolve(ArchiveCache.LOCK));

        cache.prune(1000);

        assertThat(cache.directory().toFile().list())
                .containsExactlyInAnyOrder(good.fileName() + ".jsa", good.fileName() + ".info", "lock");
    }

    @Test
    void prune_justEnoughSpace_keepsAll() throws IOException {
        publish(key(jar("a.jar")), 600);
        publish(key(jar("b.jar")), 400);

        cache.prune(1000);
        assertThat(cache.entries()).hasSize(2);

        cache.prune(999);
        assertThat(cache.entries()).hasSize(1);
    }

    @Test
    void isSettled_triedInVain_isNotTriedAgainUntilAJarChanges() throws IOException {
        Path jar = jar("a.jar");
        cache.fail(key(jar));

        assertThat(cache.isSettled(key(jar))).isTrue();
        Files.write(jar, new byte[20]);
        assertThat(cache.isSettled(key(jar))).isFalse();
        cache.prune(1000);
        assertThat(cache.directory()).isEmptyDirectory();
    }

    @Test
    void prune_tooMuch_theOldestGo() throws IOException {
        ArchiveKey old = key(jar("old.jar"));
        ArchiveKey young = key(jar("young.jar"));
        publish(old, 600);
        Files.setLastModifiedTime(info(old), FileTime.fromMillis(1_000));
        publish(young, 600);

        cache.prune(1000);

        assertThat(cache.find(young)).isNotNull();
        assertThat(cache.find(old)).isNull();
        assertThat(cache.entries()).hasSize(1);
        assertThat(cache.entries().get(0).usable()).isTrue();
    }

    @Test
    void prune_jarHasChanged_archiveGoes() throws IOException {
        Path jar = jar("a.jar");
        publish(key(jar), 100);
        Files.delete(jar);

        assertThat(cache.entries().get(0).usable()).isFalse();
        cache.prune(1000);

        assertThat(cache.directory()).isEmptyDirectory();
    }

    @Test
    void prune_makerWasKilled_whatItLeftGoes() throws IOException {
        cache.makeDirectory();
        Files.write(cache.temporary(key(jar("a.jar"))), new byte[100]);

        cache.prune(1000);

        assertThat(cache.directory()).isEmptyDirectory();
    }

    @Test
    void of_whatMakesNoDifferenceToAnArchive_isNoPartOfTheKey() throws IOException {
        Path jar = jar("a.jar");

        assertThat(key(jar, "-Xmx1g", "-ea", "-Dx=y", "-Xlog:gc")).isEqualTo(key(jar));
        assertThat(key(jar, "-XX:+UseSerialGC")).isNotEqualTo(key(jar));
        assertThat(key(jar, "--add-opens=java.base/java.lang=ALL-UNNAMED")).isNotEqualTo(key(jar));
    }

    @Test
    void of_userWhoHasAnArchiveOfHisOwn_getsNone() throws IOException {
        String path = jar("a.jar").toString();

        for (String argument :
                List.of("-Xshare:off", "-XX:SharedArchiveFile=x", "-XX:AOTCache=x", "-javaagent:x.jar")) {
            assertThat(of(Map.of(), JAVA, argument, "-cp", path, "Main")).isNull();
            assertThat(of(Map.of("JAVA_TOOL_OPTIONS", "-Da=b " + argument), JAVA, "-cp", path, "Main"))
                    .isNull();
        }
        assertThat(of(Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g"), JAVA, "-cp", path, "Main"))
                .isNotNull();
        assertThat(of(Map.of(), "/some/java", "-cp", path, "Main")).isNull();
    }

    @Test
    void of_directoryOnTheClassPath_endsTheKeysJars() throws IOException {
        Path first = jar("a.jar");
        Path second = jar("b.jar");

        assertThat(of(Map.of(), JAVA, "-cp", first + ":" + directory + ":" + second, "Main"))
                .isEqualTo(key(first));
        assertThat(of(Map.of(), JAVA, "-cp", directory + ":" + first, "Main")).isNull();
    }

    private Path publish(ArchiveKey key, int size) throws IOException {
        Path made = Files.write(cache.temporary(key), new byte[size]);
        cache.publish(key, made);
        return cache.directory().resolve(key.fileName() + ".jsa");
    }

    private Path info(ArchiveKey key) {
        return cache.directory().resolve(key.fileName() + ".info");
    }

    private Path jar(String name) throws IOException {
        return Files.write(directory.resolve(name), new byte[10]);
    }

    private static ArchiveKey key(Path jar, String... arguments) {
        var command = new ArrayList<>(List.of(JAVA));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-cp", jar.toString(), "Main"));
        return of(Map.of(), command.toArray(String[]::new));
    }

    private static ArchiveKey key(Path first, Path second) {
        return of(Map.of(), JAVA, "-cp", first + ":" + second, "Main");
    }

    private static ArchiveKey of(Map<String, String> environment, String... command) {
        return ArchiveKey.of(new Profile(List.of(command), environment, null), false);
    }
}
