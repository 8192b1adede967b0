package io.multijvm.manager;

import io.multijvm.contract.ListContract;
import io.multijvm.testkit.ForkTest;
import java.util.List;

@ForkTest
final class ManagedListTest extends WithManager implements ListContract {
    @Override
    public <E> List<E> newList() {
        return manager.list();
    }
}
