package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.InProcessFamily.Member;
import io.multijvm.testkit.Background;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class WordTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final Member me = family.member();
    private final Member other = family.member();
    private final Block block = me.domain().allocate(64);
    private final Word word = new Word(me.domain(), block, 8);
    private final Word theirs = new Word(other.domain(), other.view(block), 8);

    @Test
    void change_throughOneMapping_isSeenThroughTheOther() {
        word.set(1);
        assertThat(theirs.compareAndSet(1, 2)).isTrue();
        assertThat(theirs.compareAndSet(1, 3)).isFalse();
        assertThat(word.get()).isEqualTo(2);
        assertThat(word.getAndSet(4)).isEqualTo(2);
        assertThat(theirs.get()).isEqualTo(4);
        assertThat(block.getInt(4)).isZero();
        assertThat(block.getInt(12)).isZero();
    }

    @Test
    void spin_nothingChanges_givesUpAgainAndAgain() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(word.spin(0)).isFalse();
        }
    }

    @Test
    void sleep_wordIsAnother_returnsAtOnce() throws InterruptedException {
        assertThat(word.sleep(1, Deadline.never(), true)).isTrue();
    }

    @Test
    void sleep_nothingHappens_endsByPatienceOrDeadline() throws InterruptedException {
        long begin = System.nanoTime();
        assertThat(word.sleep(0, Deadline.never(), true)).isFalse();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(Word.PATIENCE_NANOS);
        assertThat(word.sleep(0, Deadline.after(Duration.ZERO), true)).isFalse();
    }

    @Test
    void sleep_interruptedBefore_throwsUnlessUninterruptible() throws Exception {
        var interruptible = Background.run(() -> {
            Thread.currentThread().interrupt();
            return word.sleep(0, Deadline.never(), true);
        });
        assertThat(interruptible.failure()).isInstanceOf(InterruptedException.class);

        var uninterruptible = Background.run(() -> {
            Thread.currentThread().interrupt();
            boolean woken = word.sleep(0, Deadline.never(), false);
            return woken + " " + Thread.interrupted();
        });
        assertThat(uninterruptible.get()).isEqualTo("false true");
    }

    @Test
    void wake_throughTheOtherMapping_endsTheSleep() throws Exception {
        var sleeping = Background.run(() -> {
            Deadline end = Deadline.after(LONG);
            while (word.get() == 0 && !end.isOver()) {
                word.sleep(0, end, false);
            }
            return word.get();
        });
        theirs.set(1);
        theirs.wakeAll();

        assertThat(sleeping.get()).isEqualTo(1);
    }
}
