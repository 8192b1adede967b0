package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.multijvm.pool.Task;
import io.multijvm.testkit.Background;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** {@code invokeAll} and {@code invokeAny}, as {@link ExecutorService} has them. */
public interface ExecutorInvokeContract extends PoolSource {
    private static Callable<Integer> failing() {
        return task(() -> {
            throw new IllegalStateException("failing");
        });
    }

    private static <T> Callable<T> task(Task<T> task) {
        return task;
    }

    @Test
    default void invokeAll_goodAndBad_allAreDoneInOrder() throws Exception {
        ExecutorService service = sharedExecutor(2);

        List<Future<Integer>> futures = service.invokeAll(List.of(task(() -> 1), failing(), task(() -> 3)));

        assertThat(futures).hasSize(3).allMatch(Future::isDone);
        assertThat(futures.get(0).get()).isEqualTo(1);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(futures.get(1)::get)
                .withCauseInstanceOf(IllegalStateException.class);
        assertThat(futures.get(2).get()).isEqualTo(3);
        assertThat(service.invokeAll(List.<Callable<Integer>>of())).isEmpty();
        assertThat(service.invokeAll(List.of(task(() -> 1)), 1, TimeUnit.HOURS)
                        .get(0)
                        .get())
                .isEqualTo(1);
    }

    @Test
    default void invokeAll_timeIsUp_cancelsTheRest() throws Exception {
        ExecutorService service = newExecutor(1);
        var gate = new Gate();
        service.submit(task(() -> 0)).get();

        List<Future<Integer>> futures = service.invokeAll(
                List.of(task(() -> 1), task(() -> gate.passWith(2)), task(() -> 3)), 3, TimeUnit.SECONDS);

        assertThat(futures).hasSize(3).allMatch(Future::isDone);
        assertThat(futures.get(0).isCancelled()).isFalse();
        assertThat(futures.get(1).isCancelled()).isTrue();
        assertThat(futures.get(2).isCancelled()).isTrue();
        assertThat(service.submit(task(() -> 4)).get()).isEqualTo(4);
    }

    @Test
    default void invokeAll_noTime_cancelsAllOrSome() throws Exception {
        ExecutorService service = newExecutor(1);
        var gate = new Gate();

        for (long timeout : new long[] {0, -1}) {
            assertThat(service.invokeAll(
                            List.of(task(() -> gate.passWith(1)), task(() -> gate.passWith(2))),
                            timeout,
                            TimeUnit.SECONDS))
                    .hasSize(2)
                    .allMatch(Future::isDone)
                    .allMatch(Future::isCancelled);
        }
    }

    @Test
    default void invokeAll_interrupted_cancelsAll() throws Exception {
        ExecutorService service = newExecutor(1);
        var gate = new Gate();
        var calling = Background.run(
                () -> service.invokeAll(List.of(task(() -> gate.passWith(3)), task(() -> gate.passWith(3)))));
        gate.awaitArrivals(1);

        calling.interrupt();

        assertThat(calling.failure()).isInstanceOf(InterruptedException.class);
        assertThat(service.submit(task(() -> 4)).get()).isEqualTo(4);
        assertThat(gate.hasArrivals()).isFalse();
    }

    @Test
    default void invokeAny_someFail_givesAResult() throws Exception {
        ExecutorService service = newExecutor(2);
        var gate = new Gate();

        assertThat(service.invokeAny(List.of(failing(), task(() -> 2)))).isEqualTo(2);
        assertThat(service.invokeAny(List.of(task(() -> gate.passWith(1)), task(() -> 2))))
                .isEqualTo(2);
        assertThat(service.invokeAny(List.of(failing(), task(() -> 2)), 1, TimeUnit.HOURS))
                .isEqualTo(2);
        assertThat(service.submit(task(() -> 4)).get()).isEqualTo(4);
    }

    @Test
    default void invokeAny_allFail_throwsOneOfTheFailures() {
        ExecutorService service = sharedExecutor(1);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> service.invokeAny(List.of(failing(), failing())))
                .withCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    default void invokeAny_timeIsUp_saysSo() throws Exception {
        ExecutorService service = newExecutor(1);
        var gate = new Gate();

        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> service.invokeAny(List.of(task(() -> gate.passWith(1))), 100, TimeUnit.MILLISECONDS));
        assertThat(service.submit(task(() -> 4)).get()).isEqualTo(4);
    }

    @Test
    default void invokeAny_interrupted_cancelsAll() throws Exception {
        ExecutorService service = newExecutor(1);
        var gate = new Gate();
        var calling = Background.run(() -> service.invokeAny(List.of(task(() -> gate.passWith(3)))));
        gate.awaitArrivals(1);

        calling.interrupt();

        assertThat(calling.failure()).isInstanceOf(InterruptedException.class);
        assertThat(service.submit(task(() -> 4)).get()).isEqualTo(4);
    }

    @Test
    default void invoke_nullOrNothing_isRefused() {
        ExecutorService service = sharedExecutor(1);
        var withNull = new ArrayList<Callable<Integer>>();
        withNull.add(task(() -> 1));
        withNull.add(null);

        assertThatNullPointerException().isThrownBy(() -> service.invokeAll(null));
        assertThatNullPointerException().isThrownBy(() -> service.invokeAll(withNull));
        assertThatNullPointerException().isThrownBy(() -> service.invokeAll(withNull, 1, TimeUnit.SECONDS));
        assertThatNullPointerException().isThrownBy(() -> service.invokeAll(List.of(task(() -> 1)), 1, null));
        assertThatNullPointerException().isThrownBy(() -> service.invokeAny(null));
        assertThatNullPointerException().isThrownBy(() -> service.invokeAny(withNull));
        assertThatNullPointerException().isThrownBy(() -> service.invokeAny(withNull, 1, TimeUnit.SECONDS));
        assertThatNullPointerException().isThrownBy(() -> service.invokeAny(List.of(task(() -> 1)), 1, null));
        assertThatIllegalArgumentException().isThrownBy(() -> service.invokeAny(List.<Callable<Integer>>of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> service.invokeAny(List.<Callable<Integer>>of(), 1, TimeUnit.SECONDS));
        assertThatNullPointerException().isThrownBy(() -> service.awaitTermination(1, null));
    }
}
