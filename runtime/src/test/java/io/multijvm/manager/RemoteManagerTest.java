package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.socket.AuthenticationException;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.ForkTest;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Managers reached by address: over TCP, and from processes that have nothing else in common. */
@ForkTest
final class RemoteManagerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final byte[] KEY = HexFormat.of().parseHex("00112233445566778899aabbccddeeff".repeat(2));

    private static Manager overTcp() {
        return MultiJvm.manager(ManagerOptions.defaults().address(ANY_PORT).authkey(KEY));
    }

    /** Somebody else's program. */
    static final class Stranger {
        public static void main(String[] args) throws Exception {
            var address = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
            Manager manager = Manager.connect(address, HexFormat.of().parseHex(args[2]));
            Mailbox mailbox = manager.create(Mailbox.class);
            ManagedList<Object> list = manager.list(List.of("hello", 1));
            mailbox.put(list.toString());
            System.out.println(mailbox.take());
        }
    }

    @Test
    @Conforms("_TestRemoteManager.test_remote")
    void connect_fromAnUnrelatedProgram_sharesObjects() throws Exception {
        try (Manager manager = overTcp()) {
            manager.register(Mailbox.class, Mailbox.InMemory.class);
            var address = (InetSocketAddress) manager.address();
            var ended = ChildJvm.of(Stranger.class)
                    .arguments(
                            address.getHostString(),
                            String.valueOf(address.getPort()),
                            HexFormat.of().formatHex(KEY))
                    .run();

            assertThat(ended.stderr()).isEmpty();
            assertThat(ended.stdout().strip()).isEqualTo("[hello, 1]");
            assertThat(ended.exitCode()).isZero();
        }
    }

    @Test
    void connect_wrongKeyOrNobody_isRefused() throws Exception {
        Manager manager = overTcp();
        var address = manager.address();
        try (manager) {
            assertThatExceptionOfType(AuthenticationException.class)
                    .isThrownBy(() -> Manager.connect(address, new byte[] {1}));
            Manager connected = Manager.connect(address, KEY);
            connected.close();
            assertThat(connected.list(List.of(1))).containsExactly(1);
            assertThat(connected).isEqualTo(manager);
        }
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> Manager.connect(address, KEY));
    }

    @Test
    void proxyOverTcp_inAChild_usesTheKeyOfItsFamily() throws Exception {
        try (Manager manager = overTcp()) {
            ManagedList<Integer> list = manager.list();
            var child = MultiJvm.process(() -> list.add(1));
            child.start();
            child.joinOrThrow();

            assertThat(list).containsExactly(1);
        }
    }

    @Test
    void openThings_areRefusedOverTcp_andPassedOtherwise() throws Exception {
        try (Manager far = overTcp();
                Manager near = MultiJvm.manager();
                Pipe pipe = MultiJvm.pipe()) {
            ManagedList<Connection> farList = far.list();
            assertThatExceptionOfType(NotSendableException.class)
                    .isThrownBy(() -> farList.add(pipe.second()))
                    .withMessageContaining("TCP");
            ManagedList<Connection> nearList = near.list();
            nearList.add(pipe.second());
            try (Connection copy = nearList.get(0)) {
                copy.send("hello");
            }
            assertThat(pipe.first().recv()).isEqualTo("hello");
        }
    }

    @Test
    @Conforms("_TestManagerRestart.test_rapid_restart")
    void sameAddress_atOnceAgain_isAnotherManager() {
        ManagedList<Integer> old;
        InetSocketAddress address;
        try (Manager first = overTcp()) {
            address = (InetSocketAddress) first.address();
            old = first.list(List.of(1));
            assertThat(old.get(0)).isEqualTo(1);
        }
        try (Manager second =
                MultiJvm.manager(ManagerOptions.defaults().address(address).authkey(KEY))) {
            assertThat(second.list(List.of(2)).get(0)).isEqualTo(2);
            assertThatExceptionOfType(ManagerGoneException.class).isThrownBy(() -> old.get(0));

            assertThatThrownBy(() -> MultiJvm.manager(
                            ManagerOptions.defaults().address(address).authkey(KEY)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(BindException.class);
        }
    }

    @Test
    void sameAddress_serverKilled_oldProxiesNoticeTheOther() {
        Manager first = overTcp();
        ManagedList<Integer> old = first.list(List.of(1));
        first.process().orElseThrow().kill();
        try (Manager second = MultiJvm.manager(
                ManagerOptions.defaults().address(first.address()).authkey(KEY))) {
            second.list(List.of(2));
            assertThatExceptionOfType(ManagerGoneException.class).isThrownBy(() -> old.get(0));
            assertThatExceptionOfType(ManagerGoneException.class)
                    .isThrownBy(() -> old.get(0))
                    .withMessageContaining("another one listens there");
        }
        first.close();
    }
}
