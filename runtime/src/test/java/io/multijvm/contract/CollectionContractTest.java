package io.multijvm.contract;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Nested;

/** The contracts of lists and sets ask for nothing that the JDK's own do not keep. */
final class CollectionContractTest {
    @Nested
    final class OfArrayList implements ListContract {
        @Override
        public <E> List<E> newList() {
            return new ArrayList<>();
        }
    }

    @Nested
    @SuppressWarnings("JdkObsolete") // another list of the JDK
    final class OfLinkedList implements ListContract {
        @Override
        public <E> List<E> newList() {
            return new LinkedList<>();
        }
    }

    @Nested
    final class OfLinkedHashSet implements SetContract {
        @Override
        public <E> Set<E> newSet() {
            return new LinkedHashSet<>();
        }
    }

    @Nested
    final class OfConcurrentHashMap implements SetContract {
        @Override
        public <E> Set<E> newSet() {
            return ConcurrentHashMap.newKeySet();
        }
    }
}
