package io.multijvm.manager;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Many clients of one server, each with a connection, that do nothing; in the manager's package to make them all in one process. */
public final class IdleClients implements AutoCloseable {
    private static final long A_WHILE = TimeUnit.SECONDS.toNanos(7); // until the server's idle threads are gone

    private final List<Line> lines = new ArrayList<>();

    private IdleClients() {}

    /** So many clients of {@code manager}. */
    public static IdleClients connect(Manager manager, int count) throws IOException {
        var clients = new IdleClients();
        for (int i = 0; i < count; i++) {
            clients.lines.add(Line.open(manager.address(), manager.authkey(), Servers.newId()));
        }
        return clients;
    }

    /** Waits until the server has noticed that they are idle. */
    public void awaitIdle() {
        long end = System.nanoTime() + A_WHILE;
        for (long left = A_WHILE; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        lines.forEach(Line::close);
    }
}
