package io.multijvm.pool;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The worker this code runs in, for tasks and initialisers to ask. */
public final class Worker {
    private static volatile @Nullable Worker current;

    private final String name;
    private final int number;
    private final ConcurrentMap<String, Object> state = new ConcurrentHashMap<>();
    private volatile long task;

    private Worker(String name, int number) {
        this.name = name;
        this.number = number;
    }

    /** Called once, where a worker begins. */
    static Worker become(String name, int number) {
        var worker = new Worker(name, number);
        current = worker;
        return worker;
    }

    /** The worker of this process; empty when this is none. */
    public static Optional<Worker> current() {
        return Optional.ofNullable(current);
    }

    /** The name of its process. */
    public String name() {
        return name;
    }

    /** Its number among all workers its pool has had, from 1 on. */
    public int number() {
        return number;
    }

    /** The number of the task it is running, among those of its pool, from 1 on; 0 between two tasks. */
    public long taskNumber() {
        return task;
    }

    void task(long runs) {
        task = runs;
    }

    /** For whatever is to be kept from one task to the next, a connection to a database, say; gone with the worker. */
    public ConcurrentMap<String, Object> state() {
        return state;
    }
}
