package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.Waits;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.EveryBackend;
import io.multijvm.testkit.ForkTest;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Conditions and events whose waiters, or those they wait for, end. */
@ForkTest
@EveryBackend
@SuppressWarnings({"WaitNotInLoop", "LockNotBeforeTry"}) // the number of wake-ups matters; who fails ends
final class WaiterDeathTest extends ProcessParties {
    WaiterDeathTest() {
        super(StartMethod.FORKSERVER);
    }

    static Stream<ProcessCondition> conditions() {
        return Stream.of(ProcessCondition.create(), ProcessCondition.create(ProcessLock.create()));
    }

    private static void await(ProcessCondition condition) throws InterruptedException {
        try (Guard held = condition.guard()) {
            condition.await();
            assertThat(held).isNotNull();
        }
    }

    private static int waitingNow(ProcessCondition condition) {
        try (Guard held = condition.guard()) {
            return held == null ? -1 : condition.waiting();
        }
    }

    private static void signal(ProcessCondition condition, int count) {
        condition.lock().lock();
        condition.signal(count);
        condition.lock().unlock();
    }

    private JvmProcess elsewhere(ProcessCondition condition) {
        int before = waitingNow(condition);
        var process = started(() -> await(condition));
        Waits.until(() -> waitingNow(condition) == before + 1);
        return process;
    }

    private static Background<String> here(ProcessCondition condition) {
        int before = waitingNow(condition);
        var waiting = Background.run(() -> {
            await(condition);
            return "told";
        });
        Waits.until(() -> waitingNow(condition) == before + 1);
        return waiting;
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void killedWaiter_eatsNoSignal(ProcessCondition condition) throws Exception {
        var killed = elsewhere(condition);
        var living = here(condition);
        killed.kill();

        signal(condition, 1);

        assertThat(living.get()).isEqualTo("told");
        assertThat(waitingNow(condition)).isZero();
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void killedWaiters_leaveNoSignalForLaterComers(ProcessCondition condition) throws Exception {
        var first = elsewhere(condition);
        var second = elsewhere(condition);
        first.kill();
        second.kill();

        signal(condition, 2);

        try (Guard held = condition.guard()) {
            assertThat(held).isNotNull();
            assertThat(condition.await(Duration.ofMillis(300))).isFalse();
        }
        var living = here(condition);
        assertThat(waitingNow(condition)).isEqualTo(1);
        signal(condition, 1);
        assertThat(living.get()).isEqualTo("told");
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void waiterKilledWhenSignalled_anotherTakesTheSignal(ProcessCondition condition) throws Exception {
        for (int i = 0; i < 3; i++) {
            var killed = elsewhere(condition);
            var living = here(condition);

            condition.lock().lock();
            condition.signal(1);
            killed.kill();
            condition.lock().unlock();

            assertThat(living.get()).isEqualTo("told");
            assertThat(waitingNow(condition)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void signallerKilledWithTheLock_waiterIsToldAndInheritsIt(ProcessCondition condition) throws Exception {
        var waiting = Background.run(() -> {
            try (Guard held = condition.guard()) {
                condition.await();
                return held != null && ((AbstractProcessLock) condition.lock()).isInherited();
            }
        });
        Waits.until(() -> waitingNow(condition) == 1);
        var signaller = after(() -> {
            condition.lock().lock();
            condition.signal(1);
        });
        assertThat(waiting.isDone()).isFalse();

        signaller.kill();

        assertThat(waiting.get()).isTrue();
        assertThat(waitingNow(condition)).isZero();
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void holderKilledBeforeItSignals_anotherCanSignal(ProcessCondition condition) throws Exception {
        var waiting = here(condition);
        var holder = after(() -> condition.lock().lock());

        holder.kill();
        signal(condition, 1);

        assertThat(waiting.get()).isEqualTo("told");
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void pausedWaiter_keepsItsSignal(ProcessCondition condition) throws Exception {
        var paused = elsewhere(condition);
        paused.pause();

        signal(condition, 1);
        assertThat(here(condition).isDone()).isFalse();
        paused.resume();

        paused.joinOrThrow();
        assertThat(waitingNow(condition)).isEqualTo(1);
        signal(condition, 1);
        Waits.until(() -> waitingNow(condition) == 0);
    }

    @Test
    void killedEventWaiter_othersAreReleased() throws Exception {
        var event = ProcessEvent.create();
        var killed = waitingIn(event::await);
        var living = waitingIn(event::await);
        var here = Background.run(() -> event.await(Duration.ofHours(1))).awaitWaiting();
        killed.kill();

        event.set();

        assertThat(here.get()).isTrue();
        living.joinOrThrow();
    }

    @Test
    void setterKilled_eventStaysSet() throws Exception {
        var event = ProcessEvent.create();
        var here = Background.run(() -> event.await(Duration.ofHours(1))).awaitWaiting();

        after(event::set).kill();

        assertThat(here.get()).isTrue();
        assertThat(event.isSet()).isTrue();
    }
}
