package io.multijvm.samples;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.process.JvmProcess;
import io.multijvm.sync.ProcessBarrier;
import io.multijvm.sync.ProcessSemaphore;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.stream.IntStream;

/**
 * Looking and buying under one lock: ten clients come at once, and no ticket is sold twice.
 *
 * <p>Expect: with each start method, at an office with a lock and at one with a reentrant lock, three of three tickets are
 * sold and seven clients go away without. {@link SyncTicketsRace} shows what happens without a lock.
 */
public final class SyncTicketsLock {
    private static final int CLIENTS = 10;
    private static final int TICKETS = 3;

    private SyncTicketsLock() {}

    public static void main(String[] args) throws Exception {
        for (var method : StartMethod.values()) {
            try (Context context = MultiJvm.getContext(method)) {
                var offices = List.of(
                        Office.open(method + ", lock", context.lock(), context.semaphore(0)),
                        Office.open(method + ", reentrant lock", context.rlock(), context.semaphore(0)));
                sell(context, offices);
                for (var office : offices) {
                    office.close();
                }
            }
        }
    }

    private static void sell(Context context, List<Office> offices) throws InterruptedException {
        var allAreThere = context.barrier(CLIENTS);
        var clients = IntStream.range(0, CLIENTS)
                .mapToObj(n -> context.process(() -> goToEach(offices, n, allAreThere)))
                .toList();
        clients.forEach(JvmProcess::start);
        for (var client : clients) {
            client.join();
        }
    }

    private static void goToEach(List<Office> offices, int client, ProcessBarrier allAreThere) throws Exception {
        for (var office : offices) {
            allAreThere.await();
            office.queueUp(client);
        }
    }

    /**
     * A ticket office.
     *
     * @param file says how many tickets are left
     * @param sold one permit for each ticket sold
     */
    private record Office(String name, String file, Lock lock, ProcessSemaphore sold) implements Serializable {
        static Office open(String name, Lock lock, ProcessSemaphore sold) throws IOException {
            var file = Files.createTempFile("tickets", ".txt");
            Files.writeString(file, String.valueOf(TICKETS));
            return new Office(name, file.toString(), lock, sold);
        }

        void queueUp(int client) throws IOException {
            lock.lock();
            try {
                System.out.println(
                        name + ": client " + client + (buy() ? " has bought a ticket" : " goes away without"));
            } finally {
                lock.unlock();
            }
        }

        private boolean buy() throws IOException {
            int left = left();
            Work.pretend(Duration.ofMillis(10)); // the network is slow
            if (left == 0) {
                return false;
            }
            Files.writeString(Path.of(file), String.valueOf(left - 1));
            sold.release();
            return true;
        }

        void close() throws IOException {
            System.out.println(
                    name + ": " + sold.availablePermits() + " of " + TICKETS + " tickets sold, " + left() + " left");
            Files.delete(Path.of(file));
        }

        private int left() throws IOException {
            return Integer.parseInt(Files.readString(Path.of(file)));
        }
    }
}
