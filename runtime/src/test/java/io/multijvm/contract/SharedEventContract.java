package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.Conforms;
import io.multijvm.testkit.EveryStartMethod;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every event between its parties, wherever they run. */
public interface SharedEventContract {
    Workers workers();

    /** A new event, not set. */
    EventContract.Subject newEvent();

    @Test
    @EveryStartMethod
    @Conforms("_TestEvent.test_event")
    default void set_byAnotherParty_releasesWhoWaits() throws Exception {
        var event = newEvent();
        assertThat(event.isSet()).isFalse();
        assertThat(event.await(Duration.ZERO)).isFalse();
        long start = System.nanoTime();
        assertThat(event.await(Duration.ofMillis(100))).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000);
        event.set();
        assertThat(event.isSet()).isTrue();
        assertThat(event.await(Duration.ZERO)).isTrue();
        assertThat(event.await((Duration) null)).isTrue();
        event.clear();
        assertThat(event.isSet()).isFalse();

        var setter = workers().start(event::set);

        assertThat(event.await((Duration) null)).isTrue();
        assertThat(event.isSet()).isTrue();
        setter.join();
    }

    @Test
    default void set_partiesWait_releasesAll(@TempDir Path directory) throws Exception {
        var event = newEvent();
        var back = newEvent();
        var coming = Tally.in(directory, "coming");
        var released = Tally.in(directory, "released");
        var waiting = workers().start(3, () -> {
            coming.add();
            event.await();
            released.add();
            back.await();
            assertThat(event.isSet()).isFalse();
        });
        coming.await(3);
        assertThat(released.count()).isZero();

        event.set();
        released.await(3);
        event.clear();
        back.set();

        Workers.joinAll(waiting);
        assertThat(released.count()).isEqualTo(3);
    }

    @Test
    default void setAndClear_backAndForth_losesNothing() throws Exception {
        int rounds = 300;
        var ping = newEvent();
        var pong = newEvent();
        var other = workers().start(() -> {
            for (int i = 0; i < rounds; i++) {
                ping.await();
                ping.clear();
                pong.set();
            }
        });

        for (int i = 0; i < rounds; i++) {
            ping.set();
            assertThat(pong.await(Duration.ofSeconds(30))).isTrue();
            pong.clear();
        }

        other.join();
        assertThat(ping.isSet()).isFalse();
    }
}
