package io.multijvm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.Answers;
import io.multijvm.contract.ProcessContract;
import io.multijvm.launcher.Output;
import io.multijvm.testkit.EveryStartMethod;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.FullOnly;
import io.multijvm.testkit.Rounds;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@ForkTest
@FullOnly
final class SpawnProcessTest implements ProcessContract {
    private final Context context = MultiJvm.getContext(StartMethod.SPAWN);

    @Override
    public Context context() {
        return context;
    }

    @Test
    @EveryStartMethod
    void terminate_atAnyMomentOfTheBoot_isMinus15AndPrintsNothing() throws InterruptedException {
        List<String> lines = new CopyOnWriteArrayList<>();
        JvmOptions heard =
                JvmOptions.defaults().stdout(Output.toLines(lines::add)).stderr(Output.toLines(lines::add));

        for (int moment = 0; moment < 80; moment += Rounds.of(10, 1)) {
            JvmProcess process = context.process(Answers::waitForEver).options(heard);
            process.start();
            long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(moment);
            while (System.nanoTime() < due) {
                Thread.onSpinWait();
            }
            process.terminate();
            process.join();
            assertThat(process.exitCode()).isEqualTo(-15);
        }
        assertThat(lines).isEmpty();
    }

    @AfterEach
    void endWhatIsLeft() {
        context.close();
    }
}
