package io.multijvm.contract;

import java.util.Map;

/** Where the maps of a contract come from. */
public interface MapSource {
    /** A new, empty map. */
    <K, V> Map<K, V> newMap();

    /** A new map of each of {@code keys}, in this order, to its number, from 1. */
    default Map<String, Integer> numbered(String... keys) {
        Map<String, Integer> map = newMap();
        for (String key : keys) {
            map.put(key, map.size() + 1);
        }
        return map;
    }
}
