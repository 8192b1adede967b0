package io.multijvm.process;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.ExitContract;
import io.multijvm.contract.FamilyContract;
import io.multijvm.contract.LifeCycleContract;
import io.multijvm.contract.OptionsContract;
import io.multijvm.contract.SignalContract;
import io.multijvm.testkit.ForkTest;
import org.junit.jupiter.api.AfterEach;

/** A forked process is a process as any; what it is forked for is in {@link ForkStateTest}. */
@ForkTest
final class ForkProcessTest
        implements LifeCycleContract, FamilyContract, ExitContract, SignalContract, OptionsContract {
    private final Context context = MultiJvm.getContext(StartMethod.FORK);

    @Override
    public Context context() {
        return context;
    }

    @AfterEach
    void endWhatIsLeft() {
        context.close();
    }
}
