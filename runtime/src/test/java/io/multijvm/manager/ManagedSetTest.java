package io.multijvm.manager;

import io.multijvm.contract.SetContract;
import io.multijvm.testkit.ForkTest;
import java.util.Set;

@ForkTest
final class ManagedSetTest extends WithManager implements SetContract {
    @Override
    public <E> Set<E> newSet() {
        return manager.set();
    }
}
