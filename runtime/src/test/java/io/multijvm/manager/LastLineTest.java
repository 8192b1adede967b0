package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.ForkTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client keeps a connection while it lives, whatever becomes of its calls: without one it is dead to the server. */
@ForkTest
@SuppressWarnings("LockNotBeforeTry") // a test that fails needs its lock no more
final class LastLineTest {
    private static final int MORE_THAN_THERE_ARE_LINES = 5;

    private Manager manager;
    private ManagedLock held;

    @BeforeEach
    void start() {
        manager = MultiJvm.manager(
                ManagerOptions.defaults().address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        held = manager.lock();
        held.lock();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private void assertStillHeld() {
        assertThat(held.locked()).isTrue();
        assertThat(held.tryLock()).isFalse();
        held.unlock();
        held.lock();
        assertThat(held.isInherited()).isFalse();
    }

    @Test
    void call_thatCannotBeSent_costsNothing() throws Exception {
        ManagedList<Connection> list = manager.list();
        try (Pipe pipe = MultiJvm.pipe()) {
            for (int i = 0; i < MORE_THAN_THERE_ARE_LINES; i++) {
                assertThatExceptionOfType(NotSendableException.class)
                        .isThrownBy(() -> list.add(pipe.second()))
                        .withMessageContaining("TCP");
            }
        }
        assertStillHeld();
        assertThat(list).isEmpty();
    }

    @Test
    void join_inVain_costsNothing() throws Exception {
        Manager connected = Manager.connect(manager.address(), manager.authkey());
        for (int i = 0; i < MORE_THAN_THERE_ARE_LINES; i++) {
            assertThat(connected.join(Duration.ofMillis(1))).isFalse();
            Background.run(() -> connected.join(Duration.ofMinutes(10)))
                    .awaitWaiting()
                    .interrupt()
                    .failure();
        }
        assertStillHeld();
    }
}
