package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.testkit.Background;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PollerTest {
    private final List<Descriptor> opened = new ArrayList<>();
    private Poller<String> poller;

    @BeforeEach
    void openPoller() throws IOException {
        poller = new Poller<>();
    }

    @AfterEach
    void closeAll() {
        poller.close();
        opened.forEach(Descriptor::close);
    }

    @Test
    void await_nothingReady_waitsAtLeastTheTimeout() throws IOException {
        poller.add(pipe()[0], "idle");
        long start = System.nanoTime();

        assertThat(poller.await(Deadline.after(Duration.ofMillis(20)))).isEmpty();

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void await_someReady_namesExactlyThose() throws IOException {
        Descriptor[] bytes = pipe();
        Descriptor[] idle = pipe();
        Descriptor[] ended = pipe();
        poller.add(bytes[0], "bytes");
        poller.add(idle[0], "idle");
        poller.add(ended[0], "ended");
        bytes[1].writeFully(new byte[1], 0, 1);
        ended[1].close();

        assertThat(poller.await(Deadline.never())).containsExactlyInAnyOrder("bytes", "ended");
        assertThat(poller.await(Deadline.never()))
                .as("what was not read is still ready")
                .containsExactlyInAnyOrder("bytes", "ended");
    }

    @Test
    void await_moreReadyThanOneBatch_namesAllInTheEnd() throws IOException {
        for (int i = 0; i < 150; i++) {
            Descriptor[] pipe = pipe();
            poller.add(pipe[0], "p" + i);
            pipe[1].close();
        }
        var named = new ArrayList<String>();
        while (named.size() < 150) {
            for (String name : poller.await(Deadline.never())) {
                named.add(name);
                poller.remove(opened.get(2 * Integer.parseInt(name.substring(1))));
            }
        }

        assertThat(named).doesNotHaveDuplicates();
    }

    @Test
    void add_whileAnotherThreadWaits_isSeenByIt() throws Exception {
        var waiting = Background.run(() -> poller.await(Deadline.never())).awaitWaiting();
        Descriptor[] pipe = pipe();
        pipe[1].close();

        poller.add(pipe[0], "late");

        assertThat(waiting.get()).containsExactly("late");
    }

    @Test
    void remove_ready_isNotNamedAndMayBeAddedAgain() throws IOException {
        Descriptor[] pipe = pipe();
        pipe[1].close();
        poller.add(pipe[0], "first");
        poller.remove(pipe[0]);

        assertThat(poller.await(Deadline.after(Duration.ZERO))).isEmpty();
        poller.remove(pipe[0]);
        poller.add(pipe[0], "second");
        assertThat(poller.await(Deadline.never())).containsExactly("second");
    }

    @Test
    void wakeUp_waitingThread_returnsWithNothing() throws Exception {
        var waiting = Background.run(() -> poller.await(Deadline.never())).awaitWaiting();

        poller.wakeUp();

        assertThat(waiting.get()).isEmpty();
    }

    @Test
    void wakeUp_nobodyWaits_endsTheNextWaitOnly() throws IOException {
        poller.wakeUp();
        poller.wakeUp();

        assertThat(poller.await(Deadline.never())).isEmpty();
        long start = System.nanoTime();
        assertThat(poller.await(Deadline.after(Duration.ofMillis(10)))).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(10_000_000);
    }

    @Test
    void close_twiceAndLateCalls_areHarmless() throws IOException {
        Descriptor[] pipe = pipe();
        poller.add(pipe[0], "p");
        poller.close();
        poller.close();

        poller.wakeUp();
        poller.remove(pipe[0]);
    }

    private Descriptor[] pipe() throws IOException {
        Descriptor[] ends = Descriptor.pipe();
        opened.addAll(List.of(ends));
        return ends;
    }
}
