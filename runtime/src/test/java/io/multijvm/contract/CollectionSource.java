package io.multijvm.contract;

import java.util.Collection;

/** Where the collections of a contract come from. */
public interface CollectionSource {
    /** A new collection of {@code items}, of which no two are equal. */
    @SuppressWarnings("unchecked")
    <E> Collection<E> collectionOf(E... items);
}
