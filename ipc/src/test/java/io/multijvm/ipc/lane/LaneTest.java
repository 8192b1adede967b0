package io.multijvm.ipc.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.sync.InProcessFamily;
import io.multijvm.testkit.Background;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LaneTest {
    private static final byte[] LARGE = new byte[100_000];

    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final Lane owner = Lane.create(family.member().domain());
    private final Lane worker = Lane.attach(family.member().domain(), owner.name());

    LaneTest() throws IOException {}

    @Test
    void awaitWork_nothing_endsAtTheDeadline() throws Exception {
        assertThat(worker.awaitWork(Deadline.after(Duration.ofMillis(20)))).isFalse();
    }

    @Test
    void awaitWork_taskArrives_isWoken() throws Exception {
        var waiting = Background.run(() -> worker.awaitWork(Deadline.never())).awaitWaiting();

        owner.tasks().send(1, 5, 0, new byte[0], 0);
        owner.signalWork();

        assertThat(waiting.get()).isTrue();
        assertThat(Objects.requireNonNull(worker.tasks().receive()).number()).isEqualTo(5);
    }

    @Test
    void awaitRoom_resultsReceived_isWoken() throws Exception {
        byte[] content = new byte[10_000];
        int sent = 0;
        while (worker.results().send(1, sent, 0, content, content.length) != Ring.NO_ROOM) {
            sent++;
        }
        var waiting = Background.run(() -> {
                    worker.awaitRoom();
                    return true;
                })
                .awaitWaiting();

        assertThat(owner.results().receive()).isNotNull();
        owner.signalRoom();

        assertThat(waiting.get()).isTrue();
        assertThat(worker.results().send(1, sent, 0, content, content.length)).isNotEqualTo(Ring.NO_ROOM);
    }

    @Test
    void interrupt_isSeenByTheWorker() {
        owner.interrupt(17);

        assertThat(worker.interrupted()).isEqualTo(17);
    }

    @Test
    void remove_afterLargeMessagesBothWays_leavesNothing() throws Exception {
        owner.tasks().send(1, 1, 0, LARGE, LARGE.length);
        owner.tasks().send(1, 2, 0, LARGE, LARGE.length);
        worker.tasks().receive();
        worker.results().send(1, 1, 0, LARGE, LARGE.length);
        worker.results().send(1, 2, 0, LARGE, LARGE.length);
        owner.results().receive();
        assertThat(files()).contains("lane");

        owner.remove(); // the worker was killed

        assertThat(files()).doesNotContain("lane");
    }

    private String files() throws IOException {
        try (Stream<Path> all = Files.walk(family.directory().path())) {
            return all.map(each -> each.getFileName().toString()).toList().toString();
        }
    }
}
