package io.multijvm.connection;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.Threads;
import io.multijvm.process.JvmProcess;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.Reference;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Waiting for many things at once. Python: {@code multiprocessing.connection.wait}. */
public final class Connections {
    private Connections() {}

    /**
     * Waits until one of {@code objects} is ready, or until {@code timeout}; returns all that are, in their order and each
     * once, and none when the time is up. A negative timeout acts as zero, null waits for ever.
     *
     * <p>Ready is
     * <ul>
     * <li>a {@link Connection} when a receive would not wait: for a message, or for end-of-file;
     * <li>a {@link Listener} when {@link Listener#accept} would not wait;
     * <li>a channel of the JDK ({@link java.nio.channels.SocketChannel}, {@link java.nio.channels.ServerSocketChannel},
     *     {@link java.nio.channels.DatagramChannel}), or a socket that has one, when it can be read from or accept;
     * <li>a {@link JvmProcess} that was started here when it has ended; Python takes its {@code sentinel}.
     * </ul>
     *
     * <p>The wait is one system call for all of them, and nothing is consumed: another thread may be the first to receive.
     *
     * @throws IllegalArgumentException for an object of another kind
     * @throws ClosedChannelException when one is closed, or is closed during the wait; the close of a channel of the JDK is
     *     noticed, and takes its full effect, only when the wait ends
     * @throws InterruptedIOException when interrupted while waiting, interrupt status set
     * @throws IOException when a connection is only for sending
     */
    public static <T> List<T> wait(Collection<? extends T> objects, @Nullable Duration timeout) throws IOException {
        List<T> distinct = distinct(objects);
        Deadline deadline = Deadline.after(timeout);
        return Threads.isVirtual() ? awaitElsewhere(distinct, deadline) : await(distinct, deadline);
    }

    private static <T> List<T> distinct(Collection<? extends T> objects) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        var distinct = new ArrayList<T>(objects.size());
        for (T object : objects) {
            if (seen.add(object)) {
                distinct.add(object);
            }
        }
        return distinct;
    }

    private static <T> List<T> await(List<T> objects, Deadline deadline) throws IOException {
        try (var watch = new ReadinessWatch()) {
            for (T object : objects) {
                watch.add(object);
            }
            List<Integer> ready = watch.ready();
            while (ready.isEmpty() && !deadline.isOver()) {
                watch.await(deadline);
                ready = watch.ready();
            }
            var answer = new ArrayList<T>(ready.size());
            for (int index : ready) {
                answer.add(objects.get(index));
            }
            return answer;
        } finally {
            Reference.reachabilityFence(objects); // as garbage, they would be closed meanwhile
        }
    }

    /** A virtual thread would keep its carrier from all others as long as it waits in the kernel. */
    private static <T> List<T> awaitElsewhere(List<T> objects, Deadline deadline) throws IOException {
        var waiting = new FutureTask<>(() -> await(objects, deadline));
        var thread = new Thread(waiting, "multijvm-wait");
        thread.setDaemon(true);
        thread.start();
        try {
            return waiting.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted while waiting").initCause(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ClosedChannelException) {
                throw (ClosedChannelException) new ClosedChannelException().initCause(e);
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }
}
