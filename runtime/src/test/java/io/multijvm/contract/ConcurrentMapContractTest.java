package io.multijvm.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.Nested;

/** The contracts of maps ask for nothing that the JDK's own maps do not keep. */
final class ConcurrentMapContractTest {
    @Nested
    final class OfConcurrentHashMap implements ConcurrentMapContract {
        @Override
        public <K, V> ConcurrentMap<K, V> newMap() {
            return new ConcurrentHashMap<>();
        }
    }

    @Nested
    final class OfLinkedHashMap
            implements MapContract, MapFunctionsContract, MapViewsContract, OrderedMapContract, NullValuesContract {
        @Override
        public <K, V> Map<K, V> newMap() {
            return new LinkedHashMap<>();
        }
    }
}
