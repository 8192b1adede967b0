package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.manager.QueueItems.Item;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition more = mutex.newCondition();
    private final Condition space = mutex.newCondition();
    private final Condition finished = mutex.newCondition();
    private final int maxsize; // 0: any number
    private final QueueItems items;

    QueueObject(int maxsize, boolean joinable, QueueItems.Order order) {
        this.maxsize = Math.max(0, maxsize);
        this.items = new QueueItems(order, joinable ? this : null);
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
                yield unfinished() == 0 || (!deadline.isOver() && call.waiting(() -> join(deadline)));
            }
            case UNFINISHED -> unfinished();
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
        items.add(content);
        more.signal();
    }

    private boolean isFull() {
        return maxsize > 0 && items.size() >= maxsize;
    }

    private @Nullable Item take(Call call, Caller caller, Deadline deadline) throws Exception {
        Item first = tryTake(caller);
        return first != null || deadline.isOver() ? first : call.waiting(() -> take(caller, deadline));
    }

    private @Nullable Item tryTake(Caller caller) {
        mutex.lock();
        try {
            return items.isEmpty() ? null : takeFirst(caller);
        } finally {
            mutex.unlock();
        }
    }

    private @Nullable Item take(Caller caller, Deadline deadline) throws InterruptedException {
        mutex.lockInterruptibly();
        try {
            while (items.isEmpty()) {
                if (!LockObject.sleep(more, deadline)) {
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
            while (drained.size() < most && !items.isEmpty()) {
                drained.add(takeFirst(caller).content);
            }
            return drained;
        } finally {
            mutex.unlock();
        }
    }

    private Item takeFirst(Caller caller) {
        Item first = items.takeFirst(caller);
        space.signal();
        return first;
    }

    /** What is there, in the order in which it would be taken. */
    private List<Item> snapshot() {
        mutex.lock();
        try {
            return items.all();
        } finally {
            mutex.unlock();
        }
    }

    private @Nullable Object peek() {
        mutex.lock();
        try {
            return items.first();
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
            int removed = items.removeIf(which);
            for (int i = 0; i < removed; i++) {
                space.signal();
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
            return items.size();
        } finally {
            mutex.unlock();
        }
    }

    /** See {@link QueueItems#acknowledge(Caller)}. */
    private boolean acknowledge(Caller caller) {
        mutex.lock();
        try {
            boolean done = items.acknowledge(caller);
            tellWhenFinished();
            return done;
        } finally {
            mutex.unlock();
        }
    }

    /** See {@link QueueItems#acknowledge(long)}. */
    private boolean acknowledge(long number) {
        mutex.lock();
        try {
            boolean done = items.acknowledge(number);
            tellWhenFinished();
            return done;
        } finally {
            mutex.unlock();
        }
    }

    /** Waits until everything is acknowledged, in time; returns whether it is. */
    private boolean join(Deadline deadline) throws InterruptedException {
        mutex.lockInterruptibly();
        try {
            while (items.unfinished() > 0) {
                if (!LockObject.sleep(finished, deadline)) {
                    return false;
                }
            }
            return true;
        } finally {
            mutex.unlock();
        }
    }

    private int unfinished() {
        mutex.lock();
        try {
            return items.unfinished();
        } finally {
            mutex.unlock();
        }
    }

    private void tellWhenFinished() {
        if (items.unfinished() == 0) {
            finished.signalAll();
        }
    }

    @Override
    void clientGone(Session client, boolean inOrder) {
        mutex.lock();
        try {
            for (int back = items.giveBack(client); back > 0; back--) {
                more.signal();
            }
        } finally {
            mutex.unlock();
        }
    }
}
