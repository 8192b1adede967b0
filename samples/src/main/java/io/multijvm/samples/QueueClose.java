package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.queue.ProcessQueue;
import io.multijvm.queue.QueueClosedException;

/**
 * To close a queue is to say that this process has done with it; the others go on.
 *
 * <p>Expect: after its close the child can neither put nor get, but what it has put reaches the parent, which can put on.
 * joinThread and cancelJoinThread are there for programs that come from Python: put returns when the item is in the
 * queue, so that there is no thread to wait for, and none that an end could cut off.
 */
public final class QueueClose {
    private QueueClose() {}

    public static void main(String[] args) throws InterruptedException {
        ProcessQueue<String> queue = MultiJvm.queue();
        var child = MultiJvm.process(() -> putAndClose(queue));
        child.start();
        child.join();

        System.out.println("parent has got: " + queue.get());
        System.out.println("parent has got: " + queue.get());
        System.out.println("closed for the parent: " + queue.isClosed());
        queue.put("third");
        System.out.println("parent has put and got: " + queue.get());
    }

    private static void putAndClose(ProcessQueue<String> queue) throws InterruptedException {
        queue.put("first");
        queue.put("second");
        attempt("joinThread before close", queue::joinThread);
        queue.close();
        System.out.println("closed for the child: " + queue.isClosed());
        attempt("put", () -> queue.putNowait("third"));
        attempt("get", queue::getNowait);
        attempt("joinThread", queue::joinThread);
        attempt("cancelJoinThread", queue::cancelJoinThread);
        attempt("close, once more", queue::close);
    }

    private static void attempt(String what, Runnable call) {
        try {
            call.run();
            System.out.println(what + " works");
        } catch (QueueClosedException e) {
            System.out.println(what + " is refused, the queue is closed");
        } catch (IllegalStateException e) {
            System.out.println(what + " is refused");
        }
    }
}
