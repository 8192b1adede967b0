package io.multijvm.ipc.codec;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The JDK's immutable collections, whose classes have no names of their own to be called by. */
final class Immutable {
    private static final Class<?> LIST_FEW = List.of(1).getClass();
    private static final Class<?> LIST_MANY = List.of().getClass();
    private static final Class<?> SET_FEW = Set.of(1).getClass();
    private static final Class<?> SET_MANY = Set.of().getClass();
    private static final Class<?> MAP_ONE = Map.of(1, 1).getClass();
    private static final Class<?> MAP_MANY = Map.of().getClass();

    private Immutable() {}

    static boolean isList(Class<?> type) {
        return type == LIST_FEW || type == LIST_MANY;
    }

    static boolean isSet(Class<?> type) {
        return type == SET_FEW || type == SET_MANY;
    }

    static boolean isMap(Class<?> type) {
        return type == MAP_ONE || type == MAP_MANY;
    }
}
