package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A queue in the server, in one of three orders. Of a joinable one, what a client has taken and not acknowledged when it ends
 * is in the queue again, before everything that nobody has had.
 */
final class QueueObject extends ServedObject {
    /** What can be asked of it. */
    enum Verb {
        /** Item, nanoseconds: puts it in time; whether it did. */
        PUT,
        /** Items: puts as many as there is space for; how many. */
        PUT_ALL,
        /** Thread, nanoseconds: takes the next item in time; it, or null. */
        TAKE,
        /** As {@link #TAKE}: its number, whether it is redelivered, and it; or null. */
        TAKE_DELIVERY,
        /** Thread, number: takes up to so many; a list of them. */
        DRAIN,
        PEEK,
        /** Numbers and items of all, in two arrays. */
        SNAPSHOT,
        /** Item: whether there is one that is equal. */
        CONTAINS,
        /** Item: removes one that is equal; whether there was one. */
        REMOVE,
        /** Numbers: removes these; how many there were. */
        REMOVE_NUMBERED,
        CLEAR,
        SIZE,
        MAXSIZE,
        /** Thread: acknowledges an item. */
        DONE,
        /** Number: acknowledges that item. */
        DONE_NUMBERED,
        /** Nanoseconds: waits until all is acknowledged; whether it is. */
        JOIN,
        UNFINISHED
    }

    private static final Verb[] VERBS = Verb.values();

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

    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition items = mutex.newCondition();
    private final Condition space = mutex.newCondition();
    private final Condition finished = mutex.newCondition();
    private final int maxsize; // 0: any number
    private final boolean joinable;
    private final TreeSet<Item> waiting;
    private final List<Item> taken = new ArrayList<>(); // not acknowledged, the oldest first; of a joinable queue
    private long puts;
    private int acknowledgedWaiting;

    QueueObject(int maxsize, boolean joinable, Order order) {
        this.maxsize = Math.max(0, maxsize);
        this.joinable = joinable;
        this.waiting = new TreeSet<>(order.comparator());
    }

    @Override
    @Nullable
    Object serve(Call call) throws Exception {
        return switch (call.verb(VERBS)) {
            case PUT -> put(call, call.argument(0), Caller.deadline(call, 1));
            case PUT_ALL -> putAll(call.<List<?>>argument(0));
            case TAKE -> {
                Item taken = take(call, Caller.of(call, 0), Caller.deadline(call, 1));
                yield taken == null ? null : taken.content;
            }
            case TAKE_DELIVERY -> {
                Item taken = take(call, Caller.of(call, 0), Caller.deadline(call, 1));
                yield taken == null ? null : new Object[] {taken.number, taken.redelivered, taken.content};
            }
            case DRAIN -> drain(Caller.of(call, 0), call.<Integer>argument(1));
            case PEEK -> peek();
            case SNAPSHOT -> {
                List<Item> all = snapshot();
                yield new Object[] {
                    all.stream().mapToLong(item -> item.number).toArray(),
                    all.stream().map(item -> item.content).toArray()
                };
            }
            case CONTAINS -> contains(call.argument(0));
            case REMOVE -> remove(call.argument(0));
            case REMOVE_NUMBERED -> removeNumbered(call.argument(0));
            case CLEAR -> removeIf(item -> true);
            case SIZE -> size();
            case MAXSIZE -> maxsize;
            case DONE -> acknowledge(Caller.of(call, 0));
            case DONE_NUMBERED -> acknowledge(call.<Long>argument(0));
            case JOIN -> {
                Deadline deadline = Caller.deadline(call, 0);
                yield unfinishedNow() == 0 || (!deadline.isOver() && call.waiting(() -> join(deadline)));
            }
            case UNFINISHED -> unfinishedNow();
        };
    }

    private boolean put(Call call, Object content, Deadline deadline) throws Exception {
        return tryPut(content) || (!deadline.isOver() && call.waiting(() -> put(content, deadline)));
    }

    private boolean tryPut(Object content) {
        mutex.lock();
        try {
            if (isFull()) {
                return false;
            }
            add(content);
            return true;
        } finally {
            mutex.unlock();
        }
    }

    private boolean put(Object content, Deadline deadline) throws InterruptedException {
        mutex.lockInterruptibly();
        try {
            while (isFull()) {
                if (!LockObject.sleep(space, deadline)) {
                    return false;
                }
            }
            add(content);
            return true;
        } finally {
            mutex.unlock();
        }
    }

    /** Puts as many as there is space for; returns how many. */
    private int putAll(List<?> all) {
        mutex.lock();
        try {
            int done = 0;
            for (Object content : all) {
                if (isFull()) {
                    break;
                }
                add(content);
                done++;
            }
            return done;
        } finally {
            mutex.unlock();
        }
    }

    private void add(Object content) {
        waiting.add(new Item(puts, content));
        puts++;
        items.signal();
    }

    private boolean isFull() {
        return maxsize > 0 && waiting.size() >= maxsize;
    }

    private @Nullable Item take(Call call, Caller caller, Deadline deadline) throws Exception {
        Item first = tryTake(caller);
        return first != null || deadline.isOver() ? first : call.waiting(() -> take(caller, deadline));
    }

    private @Nullable Item tryTake(Caller caller) {
        mutex.lock();
        try {
            return waiting.isEmpty() ? null : takeFirst(caller);
        } finally {
            mutex.unlock();
        }
    }

    private @Nullable Item take(Caller caller, Deadline deadline) throws InterruptedException {
        mutex.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                if (!LockObject.sleep(items, deadline)) {
                    return null;
                }
            }
            return takeFirst(caller);
        } finally {
            mutex.unlock();
        }
    }

    /** Takes up to {@code most}. */
    private List<Object> drain(Caller caller, int most) {
        mutex.lock();
        try {
            var drained = new ArrayList<>();
            while (drained.size() < most && !waiting.isEmpty()) {
                drained.add(takeFirst(caller).content);
            }
            return drained;
        } finally {
            mutex.unlock();
        }
    }

    private Item takeFirst(Caller caller) {
        Item first = waiting.first();
        waiting.remove(first);
        if (first.acknowledged) {
            acknowledgedWaiting--;
        } else if (joinable) {
            first.taker = caller;
            taken.add(first);
            caller.client().watch(this);
        }
        space.signal();
        return first;
    }

    /** What is there, in the order in which it would be taken. */
    private List<Item> snapshot() {
        mutex.lock();
        try {
            return new ArrayList<>(waiting);
        } finally {
            mutex.unlock();
        }
    }

    private @Nullable Object peek() {
        mutex.lock();
        try {
            return waiting.isEmpty() ? null : waiting.first().content;
        } finally {
            mutex.unlock();
        }
    }

    private boolean contains(@Nullable Object wanted) {
        return snapshot().stream().anyMatch(item -> item.content.equals(wanted));
    }

    /** Removes the first that is equal; returns whether there was one, and nobody took it first. */
    private boolean remove(@Nullable Object wanted) {
        for (Item each : snapshot()) {
            if (each.content.equals(wanted) && removeIf(item -> item == each) == 1) {
                return true;
            }
        }
        return false;
    }

    /** Removes those that are there still; returns how many were. */
    private int removeIf(Predicate<Item> which) {
        mutex.lock();
        try {
            int removed = 0;
            for (var all = waiting.iterator(); all.hasNext(); ) {
                Item item = all.next();
                if (which.test(item)) {
                    all.remove();
                    acknowledgedWaiting -= item.acknowledged ? 1 : 0;
                    space.signal();
                    removed++;
                }
            }
            tellWhenFinished();
            return removed;
        } finally {
            mutex.unlock();
        }
    }

    private int removeNumbered(long[] numbers) {
        long[] sorted = numbers.clone();
        Arrays.sort(sorted);
        return removeIf(item -> Arrays.binarySearch(sorted, item.number) >= 0);
    }

    private int size() {
        mutex.lock();
        try {
            return waiting.size();
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Acknowledges an item: the oldest that the caller has taken, or else its process, or else anybody; or else, in advance,
     * the first that nobody has taken. Returns whether there was one.
     */
    private boolean acknowledge(Caller caller) {
        mutex.lock();
        try {
            Item done = oldest(item -> caller.equals(item.taker));
            if (done == null) {
                done = oldest(item -> item.taker != null && item.taker.client() == caller.client());
            }
            if (done == null) {
                done = oldest(item -> true);
            }
            if (done == null) {
                return acknowledgeInAdvance();
            }
            taken.remove(done);
            tellWhenFinished();
            return true;
        } finally {
            mutex.unlock();
        }
    }

    private @Nullable Item oldest(Predicate<Item> which) {
        for (Item item : taken) {
            if (which.test(item)) {
                return item;
            }
        }
        return null;
    }

    private boolean acknowledgeInAdvance() {
        for (Item item : waiting) {
            if (!item.acknowledged) {
                item.acknowledged = true;
                acknowledgedWaiting++;
                tellWhenFinished();
                return true;
            }
        }
        return false;
    }

    /** Acknowledges the item of this number; returns whether it was not yet. */
    private boolean acknowledge(long number) {
        mutex.lock();
        try {
            boolean had = taken.removeIf(item -> item.number == number);
            tellWhenFinished();
            return had;
        } finally {
            mutex.unlock();
        }
    }

    /** Waits until everything is acknowledged, in time; returns whether it is. */
    private boolean join(Deadline deadline) throws InterruptedException {
        mutex.lockInterruptibly();
        try {
            while (unfinished() > 0) {
                if (!LockObject.sleep(finished, deadline)) {
                    return false;
                }
            }
            return true;
        } finally {
            mutex.unlock();
        }
    }

    private int unfinishedNow() {
        mutex.lock();
        try {
            return unfinished();
        } finally {
            mutex.unlock();
        }
    }

    private int unfinished() {
        return waiting.size() - acknowledgedWaiting + taken.size();
    }

    private void tellWhenFinished() {
        if (unfinished() == 0) {
            finished.signalAll();
        }
    }

    @Override
    void clientGone(Session client, boolean inOrder) {
        mutex.lock();
        try {
            for (var all = taken.iterator(); all.hasNext(); ) {
                Item item = all.next();
                if (item.taker != null && item.taker.client() == client) {
                    all.remove();
                    item.taker = null;
                    item.redelivered = true;
                    waiting.add(item);
                    items.signal();
                }
            }
        } finally {
            mutex.unlock();
        }
    }
}
