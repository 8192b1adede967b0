package io.multijvm.manager;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The items of a {@link QueueObject}, which guards this: those that wait, in an order, and of a joinable queue those that were
 * taken and not acknowledged.
 */
final class QueueItems {
    /** Which item is next. */
    enum Order {
        FIFO,
        LIFO,
        PRIORITY;

        private Comparator<Item> comparator() {
            Comparator<Item> age = Comparator.comparingLong(item -> item.number);
            Comparator<Item> order = switch (this) {
                case FIFO -> age;
                case LIFO -> age.reversed();
                case PRIORITY ->
                    Comparator.comparing((Item item) -> comparable(item.content))
                            .thenComparing(age);
            };
            return Comparator.comparing((Item item) -> !item.redelivered).thenComparing(order);
        }

        @SuppressWarnings("unchecked") // an item that is not comparable is refused by the exception of this
        private static Comparable<Object> comparable(Object content) {
            return (Comparable<Object>) content;
        }
    }

    /** An item, with a number of its own. */
    static final class Item {
        final long number;
        final Object content;
        boolean redelivered;
        private boolean acknowledged; // in advance, while it is in the queue
        private @Nullable Caller taker;

        private Item(long number, Object content) {
            this.number = number;
            this.content = content;
        }
    }

    private final TreeSet<Item> waiting;
    private final @Nullable ServedObject
            watcher; // of those who have items that they have not acknowledged; null: nobody
    private final List<Item> taken = new ArrayList<>(); // not acknowledged, the oldest first
    private final Map<Session, Integer> takenBy = new HashMap<>();
    private long added;
    private int acknowledgedWaiting;

    QueueItems(Order order, @Nullable ServedObject watcher) {
        this.waiting = new TreeSet<>(order.comparator());
        this.watcher = watcher;
    }

    void add(Object content) {
        waiting.add(new Item(added, content));
        added++;
    }

    int size() {
        return waiting.size();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    @Nullable
    Object first() {
        return waiting.isEmpty() ? null : waiting.first().content;
    }

    List<Item> all() {
        return new ArrayList<>(waiting);
    }

    /** Takes the first; there is one. */
    Item takeFirst(Caller caller) {
        Item first = waiting.first();
        if (!first.acknowledged && watcher != null) {
            caller.client().watch(watcher); // what there may be no memory for comes first: the item waits still, then
            taken.add(first);
            boolean done = false;
            try {
                takenBy.merge(caller.client(), 1, Integer::sum);
                done = true;
            } finally {
                if (!done) {
                    taken.remove(first);
                }
            }
            first.taker = caller;
        }
        acknowledgedWaiting -= first.acknowledged ? 1 : 0;
        waiting.pollFirst();
        return first;
    }

    /** Removes those of which {@code which} says so, and they count as acknowledged; returns how many. */
    int removeIf(Predicate<Item> which) {
        int removed = 0;
        for (var all = waiting.iterator(); all.hasNext(); ) {
            Item item = all.next();
            if (which.test(item)) {
                all.remove();
                acknowledgedWaiting -= item.acknowledged ? 1 : 0;
                removed++;
            }
        }
        return removed;
    }

    /**
     * Acknowledges an item: the oldest that the caller has taken, or else its process, or else anybody; or else, in advance,
     * the first that nobody has taken. Returns whether there was one.
     */
    boolean acknowledge(Caller caller) {
        return acknowledgeFirst(item -> caller.equals(item.taker))
                || acknowledgeFirst(item -> item.taker != null && item.taker.client() == caller.client())
                || acknowledgeFirst(item -> true)
                || acknowledgeInAdvance();
    }

    /** Acknowledges the item of this number; returns whether it was not yet. */
    boolean acknowledge(long number) {
        return acknowledgeFirst(item -> item.number == number);
    }

    private boolean acknowledgeFirst(Predicate<Item> which) {
        for (var all = taken.iterator(); all.hasNext(); ) {
            Item item = all.next();
            if (which.test(item)) {
                all.remove();
                forget(item);
                return true;
            }
        }
        return false;
    }

    private void forget(Item item) {
        Caller taker = item.taker;
        if (taker != null && takenBy.merge(taker.client(), -1, Integer::sum) == 0) {
            takenBy.remove(taker.client());
            if (watcher != null) {
                taker.client().unwatch(watcher);
            }
        }
    }

    private boolean acknowledgeInAdvance() {
        for (Item item : waiting) {
            if (!item.acknowledged) {
                item.acknowledged = true;
                acknowledgedWaiting++;
                return true;
            }
        }
        return false;
    }

    /** How many are not acknowledged. */
    int unfinished() {
        return waiting.size() - acknowledgedWaiting + taken.size();
    }

    /** What {@code client}, which has ended, had taken and not acknowledged, waits again; returns how many these are. */
    int giveBack(Session client) {
        int back = 0;
        for (var all = taken.iterator(); all.hasNext(); ) {
            Item item = all.next();
            if (item.taker != null && item.taker.client() == client) {
                item.redelivered = true;
                waiting.add(item); // first, as there may be no memory for it
                all.remove();
                item.taker = null;
                back++;
            }
        }
        takenBy.remove(client);
        return back;
    }
}
