package io.multijvm.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DeadlineTest {
    @Test
    void after_zeroOrLess_isOverAtOnce() {
        assertThat(Deadline.after(Duration.ZERO).isOver()).isTrue();
        assertThat(Deadline.after(Duration.ofSeconds(-5)).isOver()).isTrue();
        assertThat(Deadline.after(Duration.ofSeconds(-5)).remainingNanos()).isZero();
        assertThat(Deadline.after(Duration.ofSeconds(-5)).pollMillis()).isZero();
        assertThat(Deadline.after(Duration.ofSeconds(Long.MIN_VALUE)).isOver()).isTrue();
    }

    @Test
    void after_positive_isNotOverAndCountsDown() {
        var deadline = Deadline.after(Duration.ofMinutes(1));

        long first = deadline.remainingNanos();
        assertThat(deadline.isOver()).isFalse();
        assertThat(deadline.remainingNanos()).isPositive().isLessThanOrEqualTo(first);
        assertThat(first).isLessThanOrEqualTo(Duration.ofMinutes(1).toNanos());
    }

    @Test
    void after_nullOrBeyondMeasure_isNever() {
        for (Deadline deadline : new Deadline[] {
            Deadline.after(null), Deadline.never(), Deadline.after(Duration.ofSeconds(Long.MAX_VALUE))
        }) {
            assertThat(deadline.isOver()).isFalse();
            assertThat(deadline.remainingNanos()).isEqualTo(Long.MAX_VALUE);
            assertThat(deadline.pollMillis()).isEqualTo(-1);
        }
    }

    @Test
    void pollMillis_lessThanAMillisecond_isRoundedUp() {
        assertThat(Deadline.after(Duration.ofMinutes(1)).pollMillis()).isBetween(1, 60_000);
        assertThat(Deadline.after(Duration.ofDays(365)).pollMillis()).isEqualTo(Integer.MAX_VALUE);
    }
}
