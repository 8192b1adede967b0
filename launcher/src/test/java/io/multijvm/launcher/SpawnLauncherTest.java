package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.os.ExitStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpawnLauncherTest {
    /** Accepts everything, keeps what the parent has said, and ends with it. */
    private static final String KEEP = Shells.RUNNING + "cat > \"$1\"";

    private final SpawnLauncher launcher = new SpawnLauncher(new Acceptance(StandIn.PATIENCE));

    @TempDir
    private Path directory;

    @AfterEach
    void endFamily() {
        Family.current().close();
    }

    @Test
    void launch_child_getsItsStart() throws IOException {
        Path kept = directory.resolve("kept");
        LaunchSpec spec = Shells.spec(Shells.profile(KEEP, kept));

        Child child = launcher.launch(spec);

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(0));
        ByteBuffer said = ByteBuffer.wrap(Files.readAllBytes(kept));
        assertThat(Frame.kindOf(said)).isEqualTo(Frame.START);
        assertThat(Frame.lengthOf(said)).isEqualTo(said.capacity() - Frame.HEADER);
        Start start = start(kept);
        assertThat(start.runDirectory()).isEqualTo(Family.current().directory().path());
        assertThat(start.familyKey()).isEqualTo(Family.current().key());
        assertThat(start.number()).isGreaterThan(Family.current().number());
        assertThat(start.processGroup()).isZero();
        assertThat(start.replacesStdout()).isFalse();
        assertThat(start.isAwaited()).isTrue();
        assertThat(start.entryPoint()).isEqualTo("io.multijvm.Entry");
        assertThat(start.payload()).containsExactly(1, 2, 3);
    }

    @Test
    void launch_secondOfASubject_isNotAskedForAnAnswer() throws IOException {
        Path kept = directory.resolve("kept");
        LaunchSpec spec = Shells.spec(Shells.profile(KEEP, kept));
        assertThat(launcher.launch(spec).exit()).succeedsWithin(StandIn.PATIENCE);
        int first = start(kept).number();

        assertThat(launcher.launch(spec).exit()).succeedsWithin(StandIn.PATIENCE);

        assertThat(start(kept).isAwaited()).isFalse();
        assertThat(start(kept).number()).isGreaterThan(first);
    }

    @Test
    void launch_childEndsWithoutAWord_saysHow() {
        LaunchSpec spec = Shells.spec(Shells.profile("echo 'Unrecognized option' >&2; exit 1"));

        assertThatThrownBy(() -> launcher.launch(spec))
                .isInstanceOf(LaunchException.class)
                .hasMessageStartingWith("child ")
                .hasMessageContaining(", exit code 1: process 'fake', pid ")
                .hasMessageEndingWith(", stderr \"Unrecognized option\"");
    }

    @Test
    void launch_childEndsWithoutReadingALargePayload_saysHow() {
        LaunchSpec spec = Shells.spec(Shells.profile("exit 4"), "s", Output.discard(), new byte[4_000_000]);

        assertThatThrownBy(() -> launcher.launch(spec))
                .isInstanceOf(LaunchException.class)
                .hasMessageStartingWith("child took no payload (")
                .hasMessageContaining(", exit code 4: ");
    }

    @Test
    void launch_noSuchProgram_saysSoAndLeavesNothing() {
        var spec = Shells.spec(new Profile(List.of("/no/java", "-cp", "x"), Shells.PATH, null));

        assertThatThrownBy(() -> launcher.launch(spec))
                .isInstanceOf(LaunchException.class)
                .hasMessageStartingWith("cannot start a JVM: cannot run /no/java: ENOENT")
                .hasMessageEndingWith(": process 'fake', command [/no/java, -cp, x]");
        Path live = Family.current().directory().file("live");
        assertThat(live).isDirectoryContaining(file -> file.endsWith("1"));
        assertThat(live.toFile().list()).hasSize(1);
    }

    @Test
    void launch_standardOutputAsLines_isHandedOverBeforeTheEndIsTold() throws IOException {
        List<String> lines = new CopyOnWriteArrayList<>();
        Profile profile = Shells.profile(Shells.RUNNING + "echo one; echo two; cat > /dev/null; echo three");

        Child child = launcher.launch(Shells.spec(profile, "s", Output.toLines(lines::add), new byte[0]));

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE);
        assertThat(lines).containsExactly("[fake] one", "[fake] two", "[fake] three");
    }

    @Test
    void launch_child_hasDescriptorsZeroToFourAndNoOthers() throws IOException {
        List<String> lines = new CopyOnWriteArrayList<>();
        String list = Shells.RUNNING + "cat > /dev/null; for fd in 0 1 2 3 4 5 6 7 8 9 10 11 12 20 30; do"
                + " [ -e /proc/$$/fd/$fd ] && readlink /proc/$$/fd/$fd; done; :";

        Child child = launcher.launch(Shells.spec(Shells.profile(list), "s", Output.toLines(lines::add), new byte[0]));

        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.exited(0));
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).startsWith("[fake] socket:");
        assertThat(lines.get(3))
                .startsWith("[fake] " + Family.current().directory().file("live"));
        assertThat(lines.get(4)).startsWith("[fake] pipe:");
    }

    @Test
    void launch_argumentTooLongForTheKernel_comesInAFile() throws IOException {
        List<String> lines = new CopyOnWriteArrayList<>();
        String classPath = "/a\\b\"c/" + "x".repeat(140_000);
        var profile = new Profile(List.of("/bin/echo", "-cp", classPath), Shells.PATH, null);

        assertThatThrownBy(() -> launcher.launch(Shells.spec(profile, "s", Output.toLines(lines::add), new byte[0])))
                .isInstanceOf(LaunchException.class);

        assertThat(lines).singleElement().asString().startsWith("[fake] @");
        Path file = Path.of(lines.get(0).substring("[fake] @".length()));
        assertThat(file).hasParent(Family.current().directory().path());
        assertThat(Files.readAllLines(file, StandardCharsets.UTF_8))
                .containsExactly("\"-cp\"", "\"/a\\\\b\\\"c/" + "x".repeat(140_000) + "\"");
    }

    private static Start start(Path kept) throws IOException {
        byte[] said = Files.readAllBytes(kept);
        return Start.of(Arrays.copyOfRange(said, Frame.HEADER, said.length));
    }
}
