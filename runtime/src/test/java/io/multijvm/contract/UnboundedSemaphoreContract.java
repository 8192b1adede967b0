package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.Conforms;
import org.junit.jupiter.api.Test;

/** What more holds for a semaphore that may have more permits than it began with. */
public interface UnboundedSemaphoreContract extends SemaphoreContract {
    @Test
    @Conforms("_TestSemaphore.test_semaphore")
    default void release_beyondTheStart_addsPermits() throws InterruptedException {
        var semaphore = newSemaphore(2);
        semaphore.release();
        assertThat(semaphore.availablePermits()).isEqualTo(3);
        semaphore.release();
        assertThat(semaphore.availablePermits()).isEqualTo(4);
        semaphore.release(6);

        for (int left = 9; left >= 0; left--) {
            semaphore.acquire();
            assertThat(semaphore.availablePermits()).isEqualTo(left);
        }
        assertThat(semaphore.tryAcquire()).isFalse();
    }

    @Test
    default void release_beyondWhatCanBeCounted_isRefusedAndAddsNothing() {
        var semaphore = newSemaphore(2);
        semaphore.release(Integer.MAX_VALUE - 2);

        org.assertj.core.api.Assertions.assertThatIllegalStateException().isThrownBy(semaphore::release);
        assertThat(semaphore.availablePermits()).isEqualTo(Integer.MAX_VALUE);
        assertThat(semaphore.tryAcquire()).isTrue();
        assertThat(semaphore.availablePermits()).isEqualTo(Integer.MAX_VALUE - 1);
    }
}
