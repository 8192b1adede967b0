package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.EveryStartMethod;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every semaphore between its parties, wherever they run. */
public interface SharedSemaphoreContract {
    Workers workers();

    /** A new semaphore of {@code permits}. */
    SemaphoreContract.Subject newSemaphore(int permits);

    @Test
    @EveryStartMethod
    default void acquire_byAnotherParty_isSeenByAll(@TempDir Path directory) throws Exception {
        var semaphore = newSemaphore(2);
        var taken = Tally.in(directory, "taken");
        var enough = Tally.in(directory, "enough");
        var holder = workers().start(() -> {
            semaphore.acquire();
            semaphore.acquire();
            taken.add();
            enough.await(1);
            semaphore.release(2);
        });
        taken.await(1);

        assertThat(semaphore.availablePermits()).isZero();
        assertThat(semaphore.tryAcquire()).isFalse();
        assertThat(semaphore.acquire(Duration.ofMillis(50))).isFalse();
        enough.add();
        assertThat(semaphore.acquire(Duration.ofSeconds(30))).isTrue();
        semaphore.release();
        holder.join();
        assertThat(semaphore.availablePermits()).isEqualTo(2);
    }

    @Test
    default void release_byAnotherParty_wakesAsManyAsItSays(@TempDir Path directory) throws Exception {
        var semaphore = newSemaphore(3);
        var had = Tally.in(directory, "had");
        semaphore.acquire();
        semaphore.acquire();
        semaphore.acquire();
        var waiting = workers().start(3, () -> {
            semaphore.acquire();
            had.add();
        });
        assertThat(had.count()).isZero();

        workers().start(() -> semaphore.release(2)).join();
        had.await(2);
        assertThat(semaphore.availablePermits()).isZero();
        semaphore.release();

        Workers.joinAll(waiting);
        assertThat(had.count()).isEqualTo(3);
    }

    @Test
    default void acquire_contendingParties_neverMoreThanPermits(@TempDir Path directory) throws Exception {
        var semaphore = newSemaphore(2);
        var came = Tally.in(directory, "came");
        var went = Tally.in(directory, "went");
        var contenders = workers().start(4, () -> {
            for (int i = 0; i < 200; i++) {
                semaphore.acquire();
                came.add();
                // Counted in this order, they are at most too few.
                int entered = came.count();
                assertThat(entered - went.count()).isLessThanOrEqualTo(2);
                went.add();
                semaphore.release();
            }
        });

        Workers.joinAll(contenders);
        assertThat(came.count()).isEqualTo(800);
        assertThat(semaphore.availablePermits()).isEqualTo(2);
    }
}
