package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.manager.Manager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;

/**
 * Tickets in a file, sold by the tasks of an executor, under a lock. In Python it has to be one of a manager.
 *
 * <p>Expect: with a reentrant lock of a manager no ticket is sold twice, and with a plain lock between processes neither.
 */
public final class ManagerPoolLock {
    private static final int TICKETS = 10;

    private ManagerPoolLock() {}

    public static void main(String[] args) throws Exception {
        try (Manager manager = MultiJvm.manager()) {
            sell("lock of a manager", manager.rlock());
        }
        sell("lock between processes", MultiJvm.rlock());
    }

    private static void sell(String name, Lock lock) throws Exception {
        Path file = Files.createTempFile("tickets", ".txt");
        Files.writeString(file, String.valueOf(TICKETS));
        String path = file.toString();
        try (var executor = MultiJvm.executor(3)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < TICKETS; i++) {
                futures.add(executor.submit(() -> sellOne(name, path, lock)));
            }
            for (var future : futures) {
                future.get();
            }
        }
        System.out.println(name + ": left " + Files.readString(file));
        Files.delete(file);
    }

    private static int sellOne(String name, String path, Lock lock) throws IOException {
        lock.lock();
        try {
            int left = Integer.parseInt(Files.readString(Path.of(path)));
            Work.pretend(Duration.ofMillis(5));
            Files.writeString(Path.of(path), String.valueOf(left - 1));
            System.out.println(name + ": ticket " + left + " sold by "
                    + ProcessHandle.current().pid());
            return left;
        } finally {
            lock.unlock();
        }
    }
}
