package io.multijvm.contract;

import static io.multijvm.contract.Sendable.biFn;
import static io.multijvm.contract.Sendable.fn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.testkit.Background;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What holds for every {@link ConcurrentMap}, as threads of one JVM see it. */
public interface ConcurrentMapContract extends MapContract, MapFunctionsContract, MapViewsContract {
    @Override
    <K, V> ConcurrentMap<K, V> newMap();

    /** How many threads do the same here. */
    int THREADS = 4;

    /** How often each of them does it. */
    int ROUNDS = 300;

    private static <T> List<T> all(IntFunction<Callable<T>> calls) throws Exception {
        var threads = new ArrayList<Background<T>>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(Background.run(calls.apply(i)));
        }
        var results = new ArrayList<T>();
        for (var thread : threads) {
            results.add(thread.get());
        }
        return results;
    }

    @Test
    default void everyWayOfCounting_manyThreads_losesNothing() throws Exception {
        ConcurrentMap<String, Integer> map = newMap();
        map.put("replaced", 0);
        map.put("present", 0);
        all(thread -> () -> {
            for (int i = 0; i < ROUNDS; i++) {
                map.merge("merged", 1, biFn(Integer::sum));
                map.compute("computed", biFn((key, value) -> value == null ? 1 : value + 1));
                map.computeIfPresent("present", biFn((key, value) -> value + 1));
                int old;
                do {
                    old = map.get("replaced");
                } while (!map.replace("replaced", old, old + 1));
            }
            return "done";
        });

        for (String key : List.of("merged", "computed", "present", "replaced")) {
            assertThat(map.get(key)).as(key).isEqualTo(THREADS * ROUNDS);
        }
    }

    @Test
    default void putIfAbsent_manyThreads_oneOfThemPuts() throws Exception {
        ConcurrentMap<Integer, Integer> map = newMap();
        var puts = all(thread -> () -> {
            int mine = 0;
            for (int i = 0; i < ROUNDS; i++) {
                Integer before = map.putIfAbsent(i, thread);
                mine += before == null ? 1 : 0;
            }
            return mine;
        });

        assertThat(puts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(ROUNDS);
        assertThat(map).hasSize(ROUNDS);
    }

    @Test
    default void computeIfAbsent_manyThreads_allGetTheSame() throws Exception {
        ConcurrentMap<Integer, Integer> map = newMap();
        var seen = all(thread -> () -> {
            var mine = new ArrayList<Integer>();
            for (int i = 0; i < ROUNDS; i++) {
                mine.add(map.computeIfAbsent(i, fn(key -> key * THREADS + thread)));
            }
            return mine;
        });

        assertThat(seen).allSatisfy(each -> assertThat(each).isEqualTo(seen.get(0)));
    }

    @Test
    default void removals_manyThreads_eachEntryIsRemovedOnce() throws Exception {
        ConcurrentMap<Integer, Integer> map = newMap();
        for (int i = 0; i < 3 * ROUNDS; i++) {
            map.put(i, i);
        }
        var removed = all(thread -> () -> {
            int mine = 0;
            for (int i = 0; i < ROUNDS; i++) {
                mine += map.remove(i) != null ? 1 : 0;
                mine += map.remove(ROUNDS + i, ROUNDS + i) ? 1 : 0;
                mine += map.keySet().remove(2 * ROUNDS + i) ? 1 : 0;
            }
            return mine;
        });

        assertThat(removed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(3 * ROUNDS);
        assertThat(map).isEmpty();
    }

    @Test
    default void iterators_mapChangesMeanwhile_goOn() {
        var keys = new ArrayList<String>();
        for (int i = 0; i < 50; i++) {
            keys.add("key " + i);
        }
        var map = numbered(keys.toArray(String[]::new));
        var iterator = map.entrySet().iterator();
        var seen = new HashMap<String, Integer>();
        for (int i = 0; iterator.hasNext(); i++) {
            var entry = iterator.next();
            assertThat(seen.put(entry.getKey(), entry.getValue()))
                    .as("nothing twice")
                    .isNull();
            if (i < 10) {
                map.remove("key " + (i + 20));
                map.put("late " + i, i);
            }
        }

        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
        for (int i = 0; i < 50; i++) {
            if (i < 20 || i >= 30) {
                assertThat(seen).as("was there all the time").containsKey("key " + i);
            }
        }
        assertThat(map).hasSize(50);
    }

    @Test
    default void iteratorRemove_alreadyRemoved_removesNothingElse() {
        var map = numbered("a", "b");
        var iterator = map.keySet().iterator();
        String first = iterator.next();
        map.remove(first);

        iterator.remove();

        assertThat(map).hasSize(1).doesNotContainKey(first);
    }
}
