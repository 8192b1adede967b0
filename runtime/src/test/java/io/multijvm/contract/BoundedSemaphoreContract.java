package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multijvm.testkit.Conforms;
import org.junit.jupiter.api.Test;

/** What more holds for a semaphore that never has more permits than it began with. */
public interface BoundedSemaphoreContract extends SemaphoreContract {
    @Test
    @Conforms("_TestSemaphore.test_bounded_semaphore")
    default void release_beyondTheStart_isRefusedAndAddsNothing() throws InterruptedException {
        var semaphore = newSemaphore(2);
        assertThatIllegalStateException().isThrownBy(semaphore::release);
        assertThat(semaphore.availablePermits()).isEqualTo(2);

        semaphore.acquire();
        assertThatIllegalStateException().isThrownBy(() -> semaphore.release(2));
        assertThat(semaphore.availablePermits()).isEqualTo(1);
        semaphore.release();
        assertThat(semaphore.availablePermits()).isEqualTo(2);
        assertThatIllegalStateException().isThrownBy(() -> semaphore.release(Integer.MAX_VALUE));
        assertThat(semaphore.availablePermits()).isEqualTo(2);
    }
}
