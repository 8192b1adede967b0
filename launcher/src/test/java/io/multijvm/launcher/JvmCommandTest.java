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
