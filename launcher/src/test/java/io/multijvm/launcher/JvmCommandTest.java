package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JvmCommandTest {
    @Test
    void profile_nothingSaid_isThisJvmsOwn() {
        Profile profile = command(Map.of()).profile();

        assertThat(profile.command())
                .startsWith(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .endsWith(ChildMain.class.getName())
                .contains("-cp");
        assertThat(profile.environment()).isEqualTo(System.getenv());
        assertThat(profile.directory()).isNull();
        assertThat(profile).isEqualTo(command(Map.of()).profile());
    }

    @Test
    void profile_classPath_isAbsolute() {
        List<String> command = command(Map.of()).profile().command();

        String classPath = command.get(command.lastIndexOf("-cp") + 1);

        assertThat(classPath.split(java.io.File.pathSeparator))
                .allMatch(entry -> Path.of(entry).isAbsolute());
    }

    @Test
    void profile_jvmArguments_comeAfterTheInheritedOnes() {
        List<String> command = new JvmCommand(Path.of("/some/java"), List.of("-da", "-Xmx1g"), Map.of(), null)
                .profile()
                .command();

        assertThat(command.get(0)).isEqualTo("/some/java");
        assertThat(command.indexOf("-da")).isGreaterThan(command.indexOf("-ea"));
        assertThat(command.indexOf("-da")).isLessThan(command.lastIndexOf("-cp"));
        assertThat(command).containsSubsequence("-da", "-Xmx1g");
    }

    @Test
    void profile_environment_isChangedAsSaid() {
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put("PATH", null);
        changes.put("NEW", "value");

        assertThat(command(changes).profile().environment())
                .doesNotContainKey("PATH")
                .containsEntry("NEW", "value")
                .hasSize(System.getenv().size());
    }

    @Test
    void profile_whatJnaHasFound_isPassedOnOnce() {
        assertThat(command(Map.of()).profile().command())
                .filteredOn(argument -> argument.startsWith("-Djna.platform.library.path="))
                .singleElement()
                .asString()
                .endsWith("=" + System.getProperty("jna.platform.library.path"));
    }

    @Test
    void profile_classPath_isTheLastButTheMainClass() {
        List<String> command = new JvmCommand(null, List.of("-cp", "users"), Map.of(), null)
                .profile()
                .command();

        int classPath = command.lastIndexOf("-cp");
        assertThat(classPath).isEqualTo(command.size() - 3);
        assertThat(command.get(classPath + 1)).isNotEqualTo("users");
    }

    @Test
    void profile_performanceCounters_areOffUnlessTheUserWantsThem() {
        List<String> command = new JvmCommand(null, List.of("-XX:+UsePerfData"), Map.of(), null)
                .profile()
                .command();

        assertThat(command).containsSubsequence("-XX:-UsePerfData", "-XX:+UsePerfData");
    }

    @Test
    void profile_directory_isTheOneSaid() {
        assertThat(new JvmCommand(null, List.of(), Map.of(), Path.of("/tmp"))
                        .profile()
                        .directory())
                .isEqualTo(Path.of("/tmp"));
    }

    @Test
    void profile_ownArguments_leaveOutWhatIsOneProcesssOnly() {
        assertThat(command(Map.of()).profile().command())
                .noneMatch(argument -> argument.startsWith("-Djava.class.path=")
                        || argument.startsWith("-Dsun.java.")
                        || argument.startsWith("-Djdk.module."));
    }

    @Test
    void equals_anyPartDiffers_isNot() {
        Map<String, @Nullable String> removal = new HashMap<>();
        removal.put("A", null);
        var base = new JvmCommand(Path.of("/java"), List.of("-ea"), removal, Path.of("/tmp"));

        assertThat(new JvmCommand(Path.of("/java"), List.of("-ea"), new HashMap<>(removal), Path.of("/tmp")))
                .isEqualTo(base)
                .hasSameHashCodeAs(base);
        assertThat(List.of(
                        new JvmCommand(null, List.of("-ea"), removal, Path.of("/tmp")),
                        new JvmCommand(Path.of("/java"), List.of("-da"), removal, Path.of("/tmp")),
                        new JvmCommand(Path.of("/java"), List.of("-ea"), Map.of(), Path.of("/tmp")),
                        new JvmCommand(Path.of("/java"), List.of("-ea"), removal, null)))
                .doesNotContain(base)
                .doesNotHaveDuplicates();
    }

    @Test
    void equals_profilesThatDiffer_areNot() {
        var base = new Profile(List.of("java"), Map.of("A", "b"), Path.of("/tmp"));

        assertThat(new Profile(List.of("java"), Map.of("A", "b"), Path.of("/tmp")))
                .isEqualTo(base)
                .hasSameHashCodeAs(base);
        assertThat(List.of(
                        new Profile(List.of("java", "-ea"), Map.of("A", "b"), Path.of("/tmp")),
                        new Profile(List.of("java"), Map.of("A", "c"), Path.of("/tmp")),
                        new Profile(List.of("java"), Map.of("A", "b"), null)))
                .doesNotContain(base)
                .doesNotHaveDuplicates();
    }

    @Test
    void forServer_executableAndEnvironment_areTheUsers() {
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put("NEW", "value");
        Profile users = new JvmCommand(Path.of("/some/java"), List.of(), changes, null).profile();

        Profile servers = JvmCommand.forServer(users);

        assertThat(servers.command()).startsWith("/some/java").endsWith(ChildMain.class.getName());
        assertThat(servers.environment()).isEqualTo(users.environment());
    }

    @Test
    void forServer_usersArguments_areLeftOut() {
        Profile users = new JvmCommand(null, List.of("-Xmx17g", "-Dx=y"), Map.of(), Path.of("/tmp")).profile();

        Profile servers = JvmCommand.forServer(users);

        assertThat(servers.command()).doesNotContain("-Xmx17g", "-Dx=y").contains("-Xmx64m");
        assertThat(servers.directory()).isNull();
    }

    private static JvmCommand command(Map<String, @Nullable String> environment) {
        return new JvmCommand(null, List.of(), environment, null);
    }
}
