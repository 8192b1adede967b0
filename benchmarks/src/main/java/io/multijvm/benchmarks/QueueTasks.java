package io.multijvm.benchmarks;

import io.multijvm.queue.ProcessQueue;

/** What the processes at a queue do. Who puts returns when it began, who gets when it was done. */
final class QueueTasks {
    private static final int LARGE = 1024 * 1024;

    private QueueTasks() {}

    static Partner.Task put(ProcessQueue<Object> queue) {
        return count -> {
            long begin = System.nanoTime();
            for (int i = 0; i < count; i++) {
                queue.put(i);
            }
            return begin;
        };
    }

    static Partner.Task putLarge(ProcessQueue<Object> queue) {
        return count -> {
            var large = new byte[LARGE];
            long begin = System.nanoTime();
            for (int i = 0; i < count; i++) {
                queue.put(large);
            }
            return begin;
        };
    }

    static Partner.Task get(ProcessQueue<Object> queue) {
        return count -> {
            for (int i = 0; i < count; i++) {
                queue.take();
            }
            return System.nanoTime();
        };
    }

    static Partner.Task echo(ProcessQueue<Integer> there, ProcessQueue<Integer> back) {
        return count -> {
            for (int i = 0; i < count; i++) {
                back.put(there.take());
            }
            return count;
        };
    }
}
