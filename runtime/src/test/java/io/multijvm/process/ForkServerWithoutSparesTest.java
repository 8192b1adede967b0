package io.multijvm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.Answers;
import io.multijvm.contract.ProcessContract;
import io.multijvm.launcher.WarmPolicy;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The server runs and never has a spare: a start boots a JVM, as with {@link SpawnProcessTest}. */
@ForkTest
@JdkTest
final class ForkServerWithoutSparesTest {
    private final Context context = MultiJvm.getContext(StartMethod.FORKSERVER);
    private final ProcessContract contract = () -> context;

    @BeforeAll
    static void keepNoSpares() throws InterruptedException {
        assertThat(MultiJvm.getContext(StartMethod.FORKSERVER).awaitWarm(1, Duration.ofSeconds(50)))
                .isTrue();
        MultiJvm.setWarmPolicy(new WarmPolicy(0, Duration.ofMinutes(1), List.of()));
    }

    @AfterAll
    static void keepSpares() {
        MultiJvm.setWarmPolicy(WarmPolicy.defaults());
    }

    @AfterEach
    void endWhatIsLeft() {
        context.close();
    }

    @Test
    void start_noSpareReady_isOurOwnChild() throws IOException, InterruptedException {
        assertThat(context.awaitWarm(1, Duration.ofMillis(500))).isFalse();

        JvmProcess process = Answers.waiting(context);

        assertThat(process.toHandle().parent()).contains(ProcessHandle.current());
        process.kill();
    }

    @Test
    void start_noSpareReady_isAProcessAsAny() throws IOException, InterruptedException {
        contract.start_newProcess_isAliveUntilItEnds();
        contract.parentProcess_inAGrandchild_isTheChild();
        contract.in_ofTheChild_isEmpty();
    }

    @Test
    void exitCode_noSpareReady_isExact() throws IOException, InterruptedException {
        contract.exitCode_systemExit_isItsStatusModulo256();
        contract.terminate_rightAfterStart_isMinus15EveryTime();
        contract.joinOrThrow_uncaughtException_isTheCauseWithItsRemoteStack();
    }

    @Test
    void options_noSpareReady_areTheChilds() throws IOException, InterruptedException {
        contract.heap_given_isTheLimit();
        contract.environment_setAndRemoved_isTheChilds();
        contract.start_wrongJvmOption_saysWhatTheJvmSays();
    }
}
