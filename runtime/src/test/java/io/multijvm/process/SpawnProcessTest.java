package io.multijvm.process;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.ProcessContract;
import io.multijvm.testkit.ForkTest;
import org.junit.jupiter.api.AfterEach;

@ForkTest
final class SpawnProcessTest implements ProcessContract {
    private final Context context = MultiJvm.getContext(StartMethod.SPAWN);

    @Override
    public Context context() {
        return context;
    }

    @AfterEach
    void endWhatIsLeft() {
        context.close();
    }
}
