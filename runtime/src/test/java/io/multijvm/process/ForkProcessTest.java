package io.multijvm.process;

import static io.multijvm.contract.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.ExitContract;
import io.multijvm.contract.FamilyContract;
import io.multijvm.contract.LifeCycleContract;
import io.multijvm.contract.OptionsContract;
import io.multijvm.contract.SignalContract;
import io.multijvm.testkit.EveryStartMethod;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.FullOnly;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A forked process is a process as any; what it is forked for is in {@link ForkStateTest}. */
@ForkTest
@FullOnly
final class ForkProcessTest
        implements LifeCycleContract, FamilyContract, ExitContract, SignalContract, OptionsContract {
    private final Context context = MultiJvm.getContext(StartMethod.FORK);

    @Override
    public Context context() {
        return context;
    }

    /** As there is nothing to be sent, it is refused where it is tried. */
    @Override
    @Test
    @EveryStartMethod
    public void start_inAnotherProcess_isRefused() throws IOException, InterruptedException {
        JvmProcess inner = context.process(() -> {});

        assertThat(answer(context, () -> {
                    try {
                        inner.start();
                        return "started";
                    } catch (IllegalStateException e) {
                        return e.getMessage();
                    }
                }))
                .isEqualTo("process '" + inner.name() + "' is not a child of this process");
    }

    @AfterEach
    void endWhatIsLeft() {
        context.close();
    }
}
