package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.InProcessFamily.Member;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class FlagTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final Member me = family.member();
    private final Member other = family.member();

    @Test
    void word_setClearedAwaited_countsTimesAndSleepers() throws Exception {
        Block block = Flag.allocate(me.domain());
        var flag = new Flag(me.domain(), block);
        assertThat(flag.await(Deadline.after(Duration.ZERO))).isFalse();
        assertThat(block.getInt(0)).isEqualTo(Word.SLEEPERS);

        flag.set();
        flag.set();
        assertThat(block.getInt(0)).as("once, set").isEqualTo(0b11);
        assertThat(flag.await(Deadline.after(Duration.ZERO))).isTrue();
        flag.clear();
        flag.clear();
        assertThat(block.getInt(0)).isEqualTo(0b10);
        assertThat(flag.isSet()).isFalse();
    }

    @Test
    void set_timesAtTheirEnd_beginAgain() throws Exception {
        Block block = Flag.allocate(me.domain());
        block.setIntVolatile(0, 0x7ffffffe);
        var flag = new Flag(me.domain(), block);
        var waiting = Background.run(() -> flag.await(Deadline.after(LONG)));
        Eventually.holds(() -> block.getIntVolatile(0) < 0);

        flag.set();
        flag.clear();

        assertThat(waiting.get()).isTrue();
        assertThat(block.getInt(0)).isZero();
    }

    @Test
    void await_interrupted_throws() throws Exception {
        Block block = Flag.allocate(me.domain());
        var flag = new Flag(me.domain(), block);
        var waiting = Background.run(() -> flag.await(Deadline.never()));
        Eventually.holds(() -> block.getIntVolatile(0) < 0);

        assertThat(waiting.interrupt().failure()).isInstanceOf(InterruptedException.class);

        flag.set();
        assertThat(flag.await(Deadline.never())).isTrue();
    }

    @Test
    void set_killedAtEveryStore_releasesThoseWhoWaitOrHasNotHappened() throws Exception {
        int stores = family.killAtEveryStore(
                () -> {
                    Block block = Flag.allocate(me.domain());
                    var flag = other.open(block, Flag::new);
                    Background.run(() -> {
                        flag.await(Deadline.after(LONG));
                        block.setIntVolatile(8, 1);
                        return null;
                    });
                    Eventually.holds(() -> block.getIntVolatile(0) < 0);
                    return block;
                },
                (domain, mortal, ready) -> {
                    ready.run();
                    new Flag(domain, mortal).set();
                },
                (left, done, complete) -> {
                    var flag = new Flag(me.domain(), left);
                    assertThat(flag.isSet()).isEqualTo(done > 0);
                    if (done == 0) {
                        flag.set();
                    }
                    Eventually.holds(() -> left.getIntVolatile(8) == 1);
                    assertThat(flag.await(Deadline.after(LONG))).isTrue();
                });

        assertThat(stores).isEqualTo(1);
    }
}
