package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DebuggingTest {
    private static final String LISTENING = Debugging.argument(false);
    private static final String SUSPENDED = Debugging.argument(true);

    private @Nullable String before;

    @BeforeEach
    void remember() {
        before = System.getProperty(Debugging.PROPERTY);
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(Debugging.PROPERTY);
        } else {
            System.setProperty(Debugging.PROPERTY, before);
        }
    }

    @Test
    void wanted_property_saysWhich() {
        System.clearProperty(Debugging.PROPERTY);
        assertThat(Debugging.wanted(List.of())).isNull();

        for (String off : List.of("off", "false")) {
            System.setProperty(Debugging.PROPERTY, off);
            assertThat(Debugging.wanted(List.of())).isNull();
        }
        System.setProperty(Debugging.PROPERTY, "true");
        assertThat(Debugging.wanted(List.of("-ea"))).isEqualTo(LISTENING);
        System.setProperty(Debugging.PROPERTY, "suspend");
        assertThat(Debugging.wanted(List.of("-ea"))).isEqualTo(SUSPENDED);
    }

    @Test
    void wanted_childHasADebuggerOfItsOwn_isNull() {
        System.setProperty(Debugging.PROPERTY, "true");

        assertThat(Debugging.wanted(List.of("-agentlib:jdwp=address=1"))).isNull();
    }

    @Test
    void profile_property_isInTheCommandBeforeTheClassPath() {
        System.setProperty(Debugging.PROPERTY, "true");

        List<String> command =
                new JvmCommand(null, List.of("-ea"), Map.of(), null).profile().command();

        assertThat(command).containsSubsequence("-ea", LISTENING, "-cp");
    }

    @Test
    void isSuspended_profile_isByItsArgument() {
        assertThat(Debugging.isIn(profile("-ea"))).isFalse();
        assertThat(Debugging.isIn(profile("-agentlib:jdwp=address=1"))).isFalse();
        assertThat(Debugging.isIn(profile(LISTENING))).isTrue();
        assertThat(Debugging.isIn(profile(SUSPENDED))).isTrue();
        assertThat(Debugging.isSuspended(profile(LISTENING))).isFalse();
        assertThat(Debugging.isSuspended(profile(SUSPENDED))).isTrue();
    }

    @Test
    void withPort_agent_getsIt() {
        var profile = new Profile(List.of("java", LISTENING, "-Dx=%{port}", "-cp"), Map.of("A", "b"), Path.of("/tmp"));

        Profile with = Debugging.withPort(profile, 4711);

        assertThat(with.command())
                .containsExactly(
                        "java",
                        "-agentlib:jdwp=transport=dt_socket,server=y,quiet=y,suspend=n,address=127.0.0.1:4711",
                        "-Dx=%{port}",
                        "-cp");
        assertThat(with.environment()).isEqualTo(profile.environment());
        assertThat(with.directory()).isEqualTo(profile.directory());
        assertThat(Debugging.isIn(with)).isFalse();
    }

    @Test
    void freePort_port_isFree() throws IOException {
        int port = Debugging.freePort();

        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.getLocalPort()).isEqualTo(port);
        }
    }

    private static Profile profile(String argument) {
        return new Profile(List.of("java", argument), Map.of(), null);
    }
}
