package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.sync.Domain;
import io.multijvm.testkit.Background;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HatchTest {
    private static final byte[] CALL = {1, 2, 3};
    private static final byte[] ANSWER = {4, 5};

    private Hatch hatch;

    @BeforeEach
    void open() throws Exception {
        Domain domain = Domain.forPractice();
        hatch = new Hatch(domain, domain.allocate(Hatch.SIZE));
        hatch.open();
    }

    private boolean call(int length) {
        return hatch.call(Arrays.copyOf(CALL, length), length, 7);
    }

    private static Hatch.Client client(boolean serverGone) {
        return new Hatch.Client() {
            @Override
            public boolean isServerGone() {
                return serverGone;
            }

            @Override
            public boolean isInACrowd() {
                return serverGone;
            }
        };
    }

    @Test
    void call_isTakenOnce_andAnswered() throws Exception {
        assertThat(call(CALL.length)).isTrue();
        var client = Background.run(() -> {
            assertThat(hatch.awaitAnswer(client(false))).isTrue();
            assertThat(hatch.isElsewhere()).isFalse();
            return hatch.takeAnswer();
        });

        assertThat(hatch.isCalled()).isTrue();
        assertThat(hatch.take()).isTrue();
        assertThat(hatch.take()).isFalse();
        assertThat(hatch.number()).isEqualTo(7);
        assertThat(hatch.bytes()).isEqualTo(CALL);
        hatch.answer(ANSWER, ANSWER.length);

        assertThat(client.get()).isEqualTo(ANSWER);
        assertThat(call(Hatch.ROOM)).isTrue();
    }

    @Test
    void call_tooLarge_orClosed_isRefused() {
        assertThat(call(Hatch.ROOM + 1)).isFalse();
        assertThat(hatch.close()).isTrue();
        assertThat(call(1)).isFalse();
        hatch.open();
        assertThat(call(1)).isTrue();
        assertThat(hatch.close()).isFalse();
    }

    @Test
    void client_thatHasWaitedLong_expectsTheAnswerElsewhere() throws Exception {
        assertThat(call(1)).isTrue();
        assertThat(hatch.take()).isTrue();

        assertThat(hatch.awaitAnswer(client(false))).isTrue();

        assertThat(hatch.isElsewhere()).isTrue();
        assertThat(hatch.answer(ANSWER, ANSWER.length)).isFalse();
        hatch.free();
        assertThat(call(1)).isTrue();
    }

    @Test
    void answerElsewhere_orNone_isTold() throws Exception {
        assertThat(call(1)).isTrue();
        assertThat(hatch.take()).isTrue();
        hatch.answerElsewhere();
        assertThat(hatch.awaitAnswer(client(false))).isTrue();
        assertThat(hatch.isElsewhere()).isTrue();
        hatch.free();

        assertThat(call(1)).isTrue();
        hatch.abandon();
        assertThat(hatch.awaitAnswer(client(false))).isTrue();
        assertThat(hatch.isElsewhere()).isTrue();
        hatch.free();

        assertThat(call(1)).isTrue();
        assertThat(hatch.awaitAnswer(client(true))).isFalse();
    }
}
