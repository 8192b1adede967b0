package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.ipc.socket.ListeningSocket;
import io.multijvm.ipc.socket.MessageSocket;
import java.io.EOFException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReceptionTest {
    @Test
    void client_thatHasPassedTheGateWhenItCloses_isToldSo(@TempDir Path directory) throws Exception {
        var key = new byte[] {1};
        var server = new LocalServer("nowhere", key, null);
        var reception = Reception.open(
                server, ListeningSocket.open(UnixDomainSocketAddress.of(directory.resolve("socket")), 1), key);
        reception.shutDown();
        MessageSocket[] ends = MessageSocket.pair();

        reception.add(new ServedConnection(server, reception, ends[0]));

        try (MessageSocket client = ends[1]) {
            assertThatExceptionOfType(EOFException.class).isThrownBy(client::receive);
        }
    }
}
