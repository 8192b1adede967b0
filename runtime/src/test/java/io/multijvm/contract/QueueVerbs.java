package io.multijvm.contract;

import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** A queue with Python's verbs, of whichever class. */
public interface QueueVerbs<E> extends BlockingQueue<E>, Serializable {
    void put(E item, @Nullable Duration timeout) throws InterruptedException;

    void putNowait(E item);

    E get() throws InterruptedException;

    E get(@Nullable Duration timeout) throws InterruptedException;

    E getNowait();

    int qsize();

    boolean empty();

    boolean full();

    int maxsize();

    /** One that a process may be done with. */
    interface Closable<E> extends QueueVerbs<E> {
        void close();

        boolean isClosed();

        void joinThread();

        void cancelJoinThread();
    }

    /** One whose items are acknowledged. */
    interface Joinable<E> extends QueueVerbs<E> {
        void taskDone();

        void join() throws InterruptedException;

        boolean join(@Nullable Duration timeout) throws InterruptedException;

        int unfinished();

        Delivery<E> getDelivery(@Nullable Duration timeout) throws InterruptedException;
    }

    /** An item to be acknowledged. */
    interface Delivery<E> {
        E item();

        boolean isRedelivered();

        void done();
    }
}
