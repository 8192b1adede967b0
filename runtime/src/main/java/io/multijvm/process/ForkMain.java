package io.multijvm.process;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.launcher.EntryPoint;
import io.multijvm.launcher.ParentChannel;
import io.multijvm.launcher.Start;
import java.util.List;

/** Where a forked process begins: as others do, but that its spares practise on a snapshot as well. */
public final class ForkMain implements EntryPoint {
    private final ProcessMain main = new ProcessMain();

    /** Made by name in the child. */
    public ForkMain() {}

    @Override
    public void run(Start start, List<Descriptor> descriptors, ParentChannel parent) throws Throwable {
        main.run(start, descriptors, parent);
    }

    @Override
    public void warmUp(List<String> expected) throws Exception {
        main.warmUp(expected);
        Forking.warmUp(expected);
    }
}
