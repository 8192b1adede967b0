package io.multijvm.manager;

import io.multijvm.contract.ConcurrentMapContract;
import io.multijvm.contract.NullValuesContract;
import io.multijvm.contract.OrderedMapContract;
import io.multijvm.testkit.ForkTest;
import java.util.concurrent.ConcurrentMap;

@ForkTest
final class ManagedMapTest extends WithManager
        implements ConcurrentMapContract, OrderedMapContract, NullValuesContract {
    @Override
    public <K, V> ConcurrentMap<K, V> newMap() {
        return manager.dict();
    }
}
