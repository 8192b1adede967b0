package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import io.multijvm.ipc.os.Poller;
import io.multijvm.ipc.os.PosixException;
import io.multijvm.ipc.socket.AuthenticationException;
import io.multijvm.ipc.socket.Gatekeeper;
import io.multijvm.ipc.socket.ListeningSocket;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where clients of a server connect, and the threads that serve them: one for every client that is calling. A client that
 * is silent has none; one thread watches all of those.
 */
final class Reception {
    private static final String LOGGER = "io.multijvm";
    private static final int IDLE_SECONDS = 5;
    private static final long SHORTAGE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final LocalServer server;
    private final ListeningSocket socket;
    private final Gatekeeper gatekeeper;
    private final Poller<ServedConnection> watched;
    private final ExecutorService threads;
    private final Set<ServedConnection> connections = new HashSet<>(); // guarded by this, as are the next two
    private boolean closed;
    private @Nullable Desk desk;
    private final CountDownLatch ended = new CountDownLatch(1);

    private Reception(LocalServer server, ListeningSocket socket, byte[] key) throws IOException {
        this.server = server;
        this.socket = socket;
        this.watched = new Poller<>();
        this.threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), new Named());
        this.gatekeeper = Gatekeeper.start(socket, key);
    }

    private static final class Named implements ThreadFactory {
        @Override
        public Thread newThread(Runnable task) {
            var thread = new Thread(task, "multijvm-manager");
            thread.setDaemon(true);
            return thread;
        }
    }

    /** Serves whoever comes to {@code socket} with the right key, from now on. */
    static Reception open(LocalServer server, ListeningSocket socket, byte[] key) throws IOException {
        var reception = new Reception(server, socket, key);
        start("multijvm-manager-accept", reception::accept);
        start("multijvm-manager-watch", reception::watch);
        return reception;
    }

    private static void start(String name, Runnable action) {
        var thread = new Thread(action, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!isClosed()) {
            try {
                FaultPoint.reach("manager-accept");
                add(new ServedConnection(server, this, gatekeeper.take().channel()));
            } catch (AuthenticationException e) {
                System.getLogger(LOGGER).log(Level.WARNING, "somebody tried to use a manager: " + e.getMessage());
            } catch (InterruptedIOException e) {
                boolean ignored = Thread.interrupted(); // nobody's that is known
            } catch (PosixException e) {
                if (!e.isShortage()) {
                    log(Level.ERROR, "a manager accepts nobody any more", e);
                    return;
                }
                LockSupport.parkNanos(SHORTAGE_NANOS);
            } catch (IOException e) {
                if (!isClosed()) {
                    log(Level.ERROR, "a manager accepts nobody any more", e);
                }
                return;
            } catch (RuntimeException | Error e) {
                Survival.of(e);
            }
        }
    }

    /** Serves the client behind {@code connection}, or, when this has been shut down meanwhile, lets it know. */
    void add(ServedConnection connection) throws IOException {
        if (!isAdded(connection)) {
            connection.shutDown();
            return;
        }
        boolean done = false;
        try {
            watch(connection);
            done = true;
        } finally {
            if (!done) {
                connection.end(); // or its client would wait for ever
            }
        }
    }

    private synchronized boolean isAdded(ServedConnection connection) {
        return !closed && connections.add(connection);
    }

    private void watch() {
        try {
            while (!isClosed()) {
                watchSome();
            }
        } catch (IOException e) {
            if (!isClosed()) {
                log(Level.ERROR, "a manager serves nobody any more", e);
                shutDown();
            }
        } finally {
            watched.close();
        }
    }

    private void watchSome() throws IOException {
        try {
            FaultPoint.reach("manager-watch");
            for (ServedConnection each : watched.await(Deadline.never())) {
                if (each.arrived()) {
                    hand(each);
                }
            }
        } catch (RuntimeException | Error e) {
            if (!isClosed()) {
                Survival.of(e); // what has come is there still
            }
        }
    }

    private void hand(ServedConnection connection) {
        boolean done = false;
        try {
            unwatch(connection);
            threads.execute(connection);
            done = true;
        } finally {
            if (!done) {
                connection.notServed(); // no thread is to be had now
            }
        }
    }

    /** Has {@link ServedConnection#arrived} called when something comes, until {@link #unwatch}. */
    void watch(ServedConnection connection) throws IOException {
        watched.add(connection.descriptor(), connection);
    }

    void unwatch(ServedConnection connection) {
        watched.remove(connection.descriptor());
    }

    /** Returns whether it had not ended before. */
    synchronized boolean ended(ServedConnection connection) {
        return connections.remove(connection);
    }

    /** Where those are served that share memory with this process; made for the first of them. */
    synchronized Desk desk() {
        if (desk == null) {
            desk = new Desk(ProcessContext.domain(), threads, this::shutDown);
            if (closed) {
                desk.close();
            }
        }
        return desk;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Lets nobody in, and ends all calls; idempotent. */
    void shutDown() {
        List<ServedConnection> left;
        Desk served;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            left = new ArrayList<>(connections);
            connections.clear();
            served = desk;
        }
        try {
            end(left, served);
        } finally {
            ended.countDown();
        }
    }

    /** Each step is done, whatever becomes of the others. */
    private void end(List<ServedConnection> left, @Nullable Desk served) {
        quietly(gatekeeper::close);
        quietly(socket::close);
        if (served != null) {
            quietly(served::close);
        }
        left.forEach(connection -> quietly(connection::shutDown));
        quietly(watched::wakeUp);
        quietly(threads::shutdown);
        quietly(server::end);
    }

    static void quietly(Runnable step) {
        try {
            FaultPoint.reach("manager-end");
        } catch (RuntimeException | Error e) {
            Survival.of(e);
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            Survival.of(e);
        }
    }

    /** Waits until {@link #shutDown} is done. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    private static void log(Level level, String message, Throwable cause) {
        System.getLogger(LOGGER).log(level, message, cause);
    }
}
