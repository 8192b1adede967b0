package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.Tally;
import io.multijvm.contract.Waits;
import io.multijvm.process.Target;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.DefaultBackend;
import io.multijvm.testkit.EveryBackend;
import io.multijvm.testkit.ForkTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Semaphores whose holders and waiters end, or stop. */
@ForkTest
@EveryBackend
final class SemaphoreDeathTest extends ProcessParties {
    SemaphoreDeathTest() {
        super(StartMethod.FORKSERVER);
    }

    @ParameterizedTest
    @EnumSource(
            value = StartMethod.class,
            names = {"SPAWN", "FORKSERVER"})
    void holderKilled_permitsComeBackToWhoWaits(StartMethod method) throws Exception {
        try (var chosen = MultiJvm.getContext(method)) {
            for (var semaphore : List.of(ProcessSemaphore.create(3), BoundedProcessSemaphore.create(3))) {
                var holder = after(chosen, () -> {
                    semaphore.acquire();
                    semaphore.acquire();
                });
                semaphore.acquire();
                var waiting = List.of(acquiring(semaphore), acquiring(semaphore));
                waiting.forEach(Background::awaitWaiting);

                holder.kill();

                for (var one : waiting) {
                    assertThat(one.get()).isEqualTo("has one");
                }
                assertThat(semaphore.availablePermits()).isZero();
                assertThat(semaphore.recoveredPermits()).isEqualTo(2);
                semaphore.release(3);
                assertThat(semaphore.availablePermits()).isEqualTo(3);
            }
        }
    }

    private static Background<String> acquiring(ProcessSemaphore semaphore) {
        return Background.run(() -> {
            semaphore.acquire();
            return "has one";
        });
    }

    @Test
    void holderKilled_boundedOne_keepsItsBound() throws Exception {
        var semaphore = BoundedProcessSemaphore.create(2);
        after(() -> semaphore.acquire()).kill();
        semaphore.acquire();
        semaphore.acquire();
        semaphore.release(2);

        assertThatIllegalStateException().isThrownBy(semaphore::release);
        assertThat(semaphore.availablePermits()).isEqualTo(2);
    }

    static Stream<Target> endings() {
        return Stream.<Target>of(() -> Runtime.getRuntime().halt(3), () -> System.exit(3), () -> {});
    }

    @ParameterizedTest
    @MethodSource("endings")
    @DefaultBackend
    void holderEnds_permitComesBack(Target ending) throws Exception {
        var semaphore = ProcessSemaphore.create(1);
        started(() -> {
                    semaphore.acquire();
                    ending.run();
                })
                .join();

        semaphore.acquire();

        assertThat(semaphore.recoveredPermits()).isEqualTo(1);
    }

    @Test
    void holderKilled_whoOnlyTriesGetsItAfterAWhile() throws Exception {
        var semaphore = ProcessSemaphore.create(1);
        after(semaphore::acquire).kill();

        Waits.until(semaphore::tryAcquire);

        assertThat(semaphore.recoveredPermits()).isEqualTo(1);
    }

    @Test
    void holderKilled_timedWaitGetsIt() throws Exception {
        var semaphore = ProcessSemaphore.create(1);
        after(semaphore::acquire).kill();

        assertThat(semaphore.acquire(Duration.ofSeconds(30))).isTrue();
        assertThat(semaphore.recoveredPermits()).isEqualTo(1);
    }

    @Test
    void holderGaveBackBeforeItsDeath_onlyTheRestComesBack() throws Exception {
        var semaphore = ProcessSemaphore.create(2);
        after(() -> {
                    semaphore.acquire();
                    semaphore.acquire();
                    semaphore.release();
                })
                .kill();
        assertThat(semaphore.availablePermits()).isEqualTo(1);

        semaphore.acquire();
        semaphore.acquire();

        assertThat(semaphore.recoveredPermits()).isEqualTo(1);
        assertThat(semaphore.acquire(Duration.ofMillis(300))).isFalse();
    }

    @Test
    void usedAsASignal_nothingComesBack() throws Exception {
        for (int start = 0; start < 2; start++) {
            var semaphore = ProcessSemaphore.create(start);
            semaphore.release();
            after(semaphore::acquire).kill();
            for (int left = start; left > 0; left--) {
                semaphore.acquire();
            }

            assertThat(semaphore.acquire(Duration.ofMillis(400))).isFalse();
            assertThat(semaphore.recoveredPermits()).isZero();
            semaphore.release();
            assertThat(semaphore.tryAcquire()).isTrue();
        }
    }

    @Test
    void holderPaused_isNotRobbed() throws Exception {
        var semaphore = ProcessSemaphore.create(1);
        var holder = after(semaphore::acquire);

        holder.pause();
        assertThat(semaphore.acquire(Duration.ofMillis(500))).isFalse();
        assertThat(semaphore.recoveredPermits()).isZero();
        holder.resume();

        assertThat(semaphore.acquire(Duration.ofMillis(200))).isFalse();
        holder.kill();
        semaphore.acquire();
        assertThat(semaphore.recoveredPermits()).isEqualTo(1);
    }

    @Test
    void waiterKilled_permitGoesToAnother(@TempDir Path directory) throws Exception {
        var semaphore = ProcessSemaphore.create(1);
        var had = Tally.in(directory, "had");
        semaphore.acquire();
        var killed = waitingIn(semaphore::acquire);
        var other = waitingIn(() -> {
            semaphore.acquire();
            had.add();
            semaphore.release();
        });

        killed.kill();
        semaphore.release();

        other.joinOrThrow();
        assertThat(had.count()).isEqualTo(1);
        assertThat(semaphore.availablePermits()).isEqualTo(1);
        assertThat(semaphore.recoveredPermits()).isZero();
    }
}
