package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.memory.Block;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RollTest {
    private final Household household = Household.create();
    private final Household.Member me = household.member();
    private final Household.Member other = household.member();
    private final Block block = me.domain().allocate(Roll.size(3));

    RollTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        household.close();
    }

    @Test
    void mine_severalProcesses_eachHasItsOwn() throws IOException {
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
    void mine_full_isFalseUntilTheDeadAreRemoved() throws IOException {
        Roll mine = roll(me);
        mine.format(3);
        for (int i = 0; i < 2; i++) {
            Household.Member doomed = household.member();
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

    private Roll roll(Household.Member member) throws IOException {
        return new Roll(member.domain(), member.view(block), 0);
    }
}
