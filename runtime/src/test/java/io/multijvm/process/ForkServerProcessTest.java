package io.multijvm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.Answers;
import io.multijvm.contract.ProcessContract;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every test begins with spares at hand. */
@ForkTest
final class ForkServerProcessTest implements ProcessContract {
    private final Context context = MultiJvm.getContext(StartMethod.FORKSERVER);

    @Override
    public Context context() {
        return context;
    }

    @BeforeEach
    void awaitSpares() throws InterruptedException {
        assertThat(context.awaitWarm(2, Duration.ofSeconds(50))).isTrue();
    }

    @AfterEach
    void endWhatIsLeft() {
        context.close();
    }

    @Test
    void start_spareReady_isTheServersChild() throws IOException {
        JvmProcess process = Answers.waiting(context);

        assertThat(process.toHandle().parent().orElseThrow().pid())
                .isEqualTo(ProcessContext.forkServerPid().orElseThrow());
        process.kill();
    }
}
