package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.queue.ProcessQueue;
import io.multijvm.queue.QueueEmptyException;
import io.multijvm.queue.QueueFullException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A queue of three places: what fits, what does not, and how long to wait for it.
 *
 * <p>Expect: three puts fit, and the queue is full; a fourth is refused at once, or after the time it may wait. Three gets
 * give the items in order, and the queue is empty; a fourth is refused likewise. Sizes are exact at every moment.
 */
public final class QueueApi {
    private static final Duration A_WHILE = Duration.ofMillis(100);

    private QueueApi() {}

    public static void main(String[] args) throws InterruptedException {
        ProcessQueue<String> queue = MultiJvm.queue(3);
        show("new", queue);
        queue.put("a");
        queue.put("b", A_WHILE);
        queue.putNowait("c");
        show("after three puts", queue);

        attempt("putNowait", () -> queue.putNowait("d"));
        attempt("put with a timeout", () -> queue.put("d", A_WHILE));

        System.out.println("get: " + queue.get());
        System.out.println("get with a timeout: " + queue.get(A_WHILE));
        System.out.println("getNowait: " + queue.getNowait());
        show("after three gets", queue);

        attempt("getNowait", queue::getNowait);
        attempt("get with a timeout", () -> queue.get(A_WHILE));
    }

    private static void show(String when, ProcessQueue<String> queue) {
        System.out.println(when + ": size " + queue.qsize() + " of " + queue.maxsize() + ", empty " + queue.empty()
                + ", full " + queue.full());
    }

    /** What may have to wait. */
    private interface Call {
        void run() throws InterruptedException;
    }

    private static void attempt(String what, Call call) throws InterruptedException {
        long start = System.nanoTime();
        try {
            call.run();
            System.out.println(what + " works");
        } catch (QueueFullException e) {
            System.out.println(what + ": the queue is full, known after " + millisSince(start) + " ms");
        } catch (QueueEmptyException e) {
            System.out.println(what + ": the queue is empty, known after " + millisSince(start) + " ms");
        }
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
