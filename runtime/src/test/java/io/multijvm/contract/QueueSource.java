package io.multijvm.contract;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Where the queues of a contract come from, and the ways to put into them and take from them. */
public interface QueueSource {
    /** A new, empty queue with room for {@code capacity}. */
    <E> BlockingQueue<E> newQueue(int capacity);

    /** A new, empty queue with room for as many as there may be. */
    <E> BlockingQueue<E> newQueue();

    /** A new, unbounded queue with {@code items} in it. */
    @SuppressWarnings("unchecked")
    default <E> BlockingQueue<E> queueOf(E... items) {
        BlockingQueue<E> queue = newQueue();
        for (E item : items) {
            queue.add(item);
        }
        return queue;
    }

    /** How to put an item. */
    @FunctionalInterface
    interface Putting {
        /** Whether it was put. */
        <E> boolean put(BlockingQueue<E> queue, E item) throws InterruptedException;
    }

    /** How to take an item. */
    @FunctionalInterface
    interface Taking {
        /** The item, or null when there is none. */
        <E> E take(BlockingQueue<E> queue) throws InterruptedException;
    }

    /** Those that wait for room. */
    static List<Putting> waysOfPutting() {
        return List.of(QueueSource::put, QueueSource::offerForAnHour, QueueSource::offerForEver);
    }

    /** Those that only try. */
    static List<Putting> waysOfTryingToPut() {
        return List.of(QueueSource::offer, QueueSource::offerWithNoTime, QueueSource::offerWithLessThanNoTime);
    }

    /** Those that wait for an item. */
    static List<Taking> waysOfTaking() {
        return List.of(QueueSource::take, QueueSource::pollForAnHour, QueueSource::pollForEver);
    }

    /** Those that only try. */
    static List<Taking> waysOfTryingToTake() {
        return List.of(QueueSource::poll, QueueSource::pollWithNoTime, QueueSource::pollWithLessThanNoTime);
    }

    private static <E> boolean put(BlockingQueue<E> queue, E item) throws InterruptedException {
        queue.put(item);
        return true;
    }

    private static <E> boolean offer(BlockingQueue<E> queue, E item) {
        return queue.offer(item);
    }

    private static <E> boolean offerForAnHour(BlockingQueue<E> queue, E item) throws InterruptedException {
        return queue.offer(item, 1, TimeUnit.HOURS);
    }

    private static <E> boolean offerForEver(BlockingQueue<E> queue, E item) throws InterruptedException {
        return queue.offer(item, Long.MAX_VALUE, TimeUnit.DAYS);
    }

    private static <E> boolean offerWithNoTime(BlockingQueue<E> queue, E item) throws InterruptedException {
        return queue.offer(item, 0, TimeUnit.SECONDS);
    }

    private static <E> boolean offerWithLessThanNoTime(BlockingQueue<E> queue, E item) throws InterruptedException {
        return queue.offer(item, Long.MIN_VALUE, TimeUnit.SECONDS);
    }

    private static <E> E take(BlockingQueue<E> queue) throws InterruptedException {
        return queue.take();
    }

    private static <E> E poll(BlockingQueue<E> queue) {
        return queue.poll();
    }

    private static <E> E pollForAnHour(BlockingQueue<E> queue) throws InterruptedException {
        return queue.poll(1, TimeUnit.HOURS);
    }

    private static <E> E pollForEver(BlockingQueue<E> queue) throws InterruptedException {
        return queue.poll(Long.MAX_VALUE, TimeUnit.DAYS);
    }

    private static <E> E pollWithNoTime(BlockingQueue<E> queue) throws InterruptedException {
        return queue.poll(0, TimeUnit.SECONDS);
    }

    private static <E> E pollWithLessThanNoTime(BlockingQueue<E> queue) throws InterruptedException {
        return queue.poll(Long.MIN_VALUE, TimeUnit.SECONDS);
    }
}
