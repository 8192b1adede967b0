package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.InProcessFamily.Member;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RollTest {
    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final Member me = family.member();
    private final Member other = family.member();
    private final Block block = me.domain().allocate(Roll.size(3));

    @Test
    void mine_severalProcesses_eachHasItsOwn() {
        Roll mine = roll(me);
        mine.format(3);
        Roll theirs = roll(other);

        assertThat(mine.mine(0)).isTrue();
        assertThat(mine.mine(5)).isTrue();
        assertThat(theirs.mine(-1)).isTrue();
        assertThat(roll(me).mine(6)).as("another handle on it").isTrue();

        assertThat(mine.mine()).isEqualTo(6);
        assertThat(theirs.mine()).isEqualTo(-1);
        assertThat(mine.sum(0, -1)).isEqualTo(5);
        assertThat(mine.sum(16, 0xffff)).isEqualTo(0xffff);
        mine.replaceAll(number -> number == 6 ? 0 : 7);
        assertThat(mine.mine()).isZero();
        assertThat(theirs.mine()).isEqualTo(7);
    }

    @Test
    void mine_full_isFalseUntilTheDeadAreRemoved() {
        Roll mine = roll(me);
        mine.format(3);
        for (int i = 0; i < 2; i++) {
            Member doomed = family.member();
            assertThat(roll(doomed).mine(1)).isTrue();
            doomed.kill();
        }
        assertThat(roll(other).mine(1)).isTrue();
        assertThat(mine.mine(1)).isFalse();

        assertThat(mine.removeDead()).isTrue();

        assertThat(mine.removeDead()).isFalse();
        assertThat(mine.mine(1)).isTrue();
        assertThat(mine.sum(0, -1)).isEqualTo(2);
    }

    private Roll roll(Member member) {
        return new Roll(member.domain(), member.view(block), 0);
    }
}
