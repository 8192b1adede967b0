package io.multijvm.ipc.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.StressTest;
import io.multijvm.testkit.SystemProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class RunDirectoryTest {
    private static final String OURS = "multijvm-" + System.getProperty("user.name");

    @RegisterExtension
    final SystemProperty baseProperty = SystemProperty.restored(RunDirectory.BASE_PROPERTY);

    @TempDir
    private Path base;

    @BeforeEach
    void useOwnBase() {
        System.setProperty(RunDirectory.BASE_PROPERTY, base.toString());
    }

    @Test
    void create_first_isPrivateAndAlive() throws IOException {
        var directory = RunDirectory.create();

        assertThat(directory.path()).hasParent(base).isDirectory();
        assertThat(directory.path().getFileName().toString()).startsWith(OURS + "-");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                .isEqualTo("rwx------");
        assertThat(RunDirectory.sweepStale()).isEmpty();
        assertThat(directory.path()).isDirectory();
        directory.delete();
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void create_noSuchBase_namesIt() {
        System.setProperty(RunDirectory.BASE_PROPERTY, base.resolve("missing").toString());

        assertThatThrownBy(RunDirectory::create)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void create_stalePredecessor_removesIt() throws IOException {
        Path stale = familyOf("1-cafe", "1");

        var directory = RunDirectory.create();

        assertThat(stale).doesNotExist();
        directory.delete();
    }

    @Test
    void uniqueFile_manyTimes_neverRepeats() throws IOException {
        var directory = RunDirectory.create();

        assertThat(List.of(
                        directory.uniqueFile("a"),
                        directory.uniqueFile("a"),
                        directory.uniqueFile("b"),
                        directory.file("c")))
                .doesNotHaveDuplicates()
                .allSatisfy(file -> assertThat(file.getParent()).isEqualTo(directory.path()));
        directory.delete();
    }

    @Test
    void delete_nestedContent_leavesNothing() throws IOException {
        var directory = RunDirectory.create();
        Files.createDirectories(directory.file("a").resolve("b"));
        Files.writeString(directory.file("a").resolve("b").resolve("c"), "x");
        Path outside = Files.writeString(base.resolve("outside"), "kept");
        Files.createSymbolicLink(directory.file("link"), outside);

        directory.delete();
        directory.delete();

        assertThat(directory.path()).doesNotExist();
        assertThat(outside).hasContent("kept");
    }

    @Test
    void delete_partOnDisk_goesWithIt() throws IOException {
        Path shared = Files.createTempDirectory(Path.of("/dev/shm"), "run-directory-test");
        System.setProperty(RunDirectory.BASE_PROPERTY, shared.toString());
        var directory = RunDirectory.create();
        Path disk = directory.spacious();
        Files.writeString(disk.resolve("large"), "x");

        directory.delete();

        assertThat(disk).doesNotExist();
        Files.delete(shared);
    }

    @Test
    void newLiveness_held_isLockedUntilRemoved() throws IOException {
        var directory = RunDirectory.create();
        var liveness = directory.newLiveness();

        assertThat(liveness.file()).exists();
        assertThat(liveness.file().getFileName()).hasToString(Integer.toString(liveness.number()));
        assertThat(Descriptor.isLocked(liveness.file())).isTrue();
        assertThat(directory.newLiveness().number()).isNotEqualTo(liveness.number());

        liveness.remove();
        liveness.remove();
        assertThat(liveness.file()).doesNotExist();
        directory.delete();
    }

    @Test
    void newLiveness_sweeperLooksAtTheFileBeingMade_succeeds() throws Exception {
        assertSucceedsBesideASweeper(300);
    }

    @Test
    @StressTest
    void newLiveness_sweeperOftenLooksAtTheFileBeingMade_succeeds() throws Exception {
        assertSucceedsBesideASweeper(20_000);
    }

    private static void assertSucceedsBesideASweeper(int rounds) throws Exception {
        var directory = RunDirectory.create();
        var next = new AtomicReference<>(directory.newLiveness().file());
        int made = Integer.parseInt(next.get().getFileName().toString());
        var looking = Background.run(() -> {
            int looks = 0;
            for (Path file = next.get(); file != null; file = next.get()) {
                Descriptor.isLocked(file);
                looks++;
            }
            return looks;
        });
        try {
            for (int i = 1; i <= rounds; i++) {
                next.set(directory.file("live").resolve(Integer.toString(made + i)));
                var liveness = directory.newLiveness();
                assertThat(liveness.number()).isEqualTo(made + i);
                liveness.remove();
            }
        } finally {
            next.set(null);
        }

        assertThat(looking.get()).isPositive();
        directory.delete();
    }

    @Test
    void sweepStale_onlyAChildOfTheFamilyLives_keepsTheDirectory() throws IOException {
        Path family = familyOf("1-cafe", "1", "2", "3");
        Descriptor lock =
                Descriptor.openLocked(family.resolve("live").resolve("3")).descriptor();

        assertThat(RunDirectory.sweepStale()).isEmpty();
        assertThat(family.resolve("live").resolve("1")).exists();

        lock.close();
        assertThat(RunDirectory.sweepStale()).containsExactly(family);
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void sweepStale_othersNames_leavesThemAlone() throws IOException {
        Path other = Files.createDirectories(base.resolve("multijvm-somebody-else-1-2/live"));
        Path unrelated = Files.createDirectories(base.resolve("unrelated"));

        assertThat(RunDirectory.sweepStale()).isEmpty();

        assertThat(other).exists();
        assertThat(unrelated).exists();
    }

    @Test
    void sweepStale_halfRemovedDirectory_isFinished() throws IOException {
        Path half = Files.createDirectories(base.resolve(OURS + "-1-cafe").resolve("something"));

        assertThat(RunDirectory.sweepStale()).containsExactly(half.getParent());

        assertThat(base).isEmptyDirectory();
    }

    @Test
    void sweepStale_directoryBeingMade_isLeftForAMinute() throws IOException {
        Path unborn = Files.createDirectories(
                        base.resolve("." + OURS + "-1-cafe").resolve("live"))
                .getParent();
        assertThat(RunDirectory.sweepStale()).isEmpty();

        Files.setLastModifiedTime(unborn, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
        assertThat(RunDirectory.sweepStale()).containsExactly(unborn);
    }

    @Test
    void sweepStale_severalAtOnce_removeEachDirectoryWithoutAnError() throws Exception {
        for (int i = 0; i < 50; i++) {
            Path family = familyOf(i + "-cafe", "1", "2");
            Files.writeString(Files.createDirectories(family.resolve("sub")).resolve("file"), "x");
        }
        var other = Background.run(RunDirectory::sweepStale);

        RunDirectory.sweepStale();

        other.get();
        assertThat(base).isEmptyDirectory();
    }

    @Test
    @ForkTest
    void sweepStale_familyKilled_removesItAndNotTheLivingOne() throws Exception {
        try (var killed = family();
                var living = family()) {
            var directory = directoryOf(killed);
            var other = directoryOf(living);
            assertThat(RunDirectory.sweepStale()).isEmpty();

            killed.signal("KILL");
            killed.awaitExit();

            assertThat(directory).isDirectory();
            assertThat(RunDirectory.sweepStale()).containsExactly(directory);
            assertThat(directory).doesNotExist();
            assertThat(other).isDirectory();
            living.endInput();
            assertThat(living.awaitExit()).isZero();
            assertThat(base).isEmptyDirectory();
        }
    }

    @Test
    @ForkTest
    void isLocked_heldByAnotherProcess_untilThatIsKilled() throws Exception {
        try (var child = family()) {
            Path root = directoryOf(child).resolve("live").resolve("1");
            assertThat(Descriptor.isLocked(root)).isTrue();
            assertThat(Descriptor.openLocked(root).held()).isFalse();

            child.signal("STOP");
            assertThat(Descriptor.isLocked(root)).as("a stopped process lives").isTrue();
            child.signal("KILL");
            child.awaitExit();

            assertThat(Descriptor.isLocked(root)).isFalse();
            RunDirectory.sweepStale();
        }
    }

    private Path familyOf(String name, String... members) throws IOException {
        Path live = Files.createDirectories(base.resolve(OURS + "-" + name).resolve("live"));
        for (String member : members) {
            Files.createFile(live.resolve(member));
        }
        return live.getParent();
    }

    private ChildJvm family() {
        return ChildJvm.of(LivingFamily.class)
                .flags("-D" + RunDirectory.BASE_PROPERTY + "=" + base)
                .start();
    }

    private static Path directoryOf(ChildJvm family) {
        return Path.of(family.awaitStdout(text -> text.endsWith("\n")).strip());
    }

    static final class LivingFamily {
        @SuppressWarnings("SystemOut")
        public static void main(String[] args) throws IOException {
            var directory = RunDirectory.create();
            Files.writeString(directory.file("something"), "shared");
            System.out.println(directory.path());
            System.in.read();
            directory.delete();
        }
    }
}
