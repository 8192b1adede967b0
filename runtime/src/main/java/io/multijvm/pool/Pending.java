package io.multijvm.pool;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tasks that wait for a worker: by priority, and in order within one. */
final class Pending {
    private final TreeMap<Integer, ArrayDeque<Work>> byPriority = new TreeMap<>(Comparator.reverseOrder());
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Work work) {
        lane(work).addLast(work);
        work.waiting = true;
        size++;
    }

    /** Puts back what was taken before all that have come since. */
    void putBack(Work work) {
        lane(work).addFirst(work);
        work.waiting = true;
        size++;
    }

    private ArrayDeque<Work> lane(Work work) {
        return byPriority.computeIfAbsent(work.priority, priority -> new ArrayDeque<>());
    }

    @Nullable
    Work poll() {
        for (Iterator<Map.Entry<Integer, ArrayDeque<Work>>> each =
                        byPriority.entrySet().iterator();
                each.hasNext(); ) {
            Map.Entry<Integer, ArrayDeque<Work>> lane = each.next();
            for (Work first = lane.getValue().pollFirst();
                    first != null;
                    first = lane.getValue().pollFirst()) {
                if (first.waiting) {
                    first.waiting = false;
                    size--;
                    return first;
                }
            }
            if (lane.getKey() != 0) {
                each.remove();
            }
        }
        return null;
    }

    /** Forgets it, if it waits here; where it lies is cleared when its turn comes. */
    boolean remove(Work work) {
        if (!work.waiting) {
            return false;
        }
        work.waiting = false;
        size--;
        return true;
    }
}
