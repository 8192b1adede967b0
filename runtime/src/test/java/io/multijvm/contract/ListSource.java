package io.multijvm.contract;

import java.util.Arrays;
import java.util.List;

/** Where the lists of a contract come from. */
public interface ListSource {
    /** A new, empty list. */
    <E> List<E> newList();

    /** A new list of {@code items}. */
    @SuppressWarnings("unchecked")
    default <E> List<E> listOf(E... items) {
        List<E> list = newList();
        list.addAll(Arrays.asList(items));
        return list;
    }
}
