package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.sync.ProcessBarrier;
import io.multijvm.sync.ProcessSemaphore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * What happens without a lock: ten clients buy from one file that says how many tickets are left.
 *
 * <p>Expect: all ten see three tickets and all ten buy one, so that ten of three tickets are sold and the file says that
 * two are left. {@link SyncTicketsLock} does it right.
 */
public final class SyncTicketsRace {
    private static final int CLIENTS = 10;
    private static final int TICKETS = 3;

    private SyncTicketsRace() {}

    public static void main(String[] args) throws Exception {
        var file = Files.createTempFile("tickets", ".txt");
        try {
            sell(file);
        } finally {
            Files.delete(file);
        }
    }

    private static void sell(Path file) throws IOException, InterruptedException {
        Files.writeString(file, String.valueOf(TICKETS));
        var office = file.toString();
        var sold = MultiJvm.semaphore(0); // as a counter: each client that buys adds one
        var allHaveLooked = MultiJvm.barrier(CLIENTS);

        var clients = IntStream.range(0, CLIENTS)
                .mapToObj(n -> MultiJvm.process(() -> buy(n, Path.of(office), sold, allHaveLooked)))
                .toList();
        clients.forEach(JvmProcess::start);
        for (var client : clients) {
            client.join();
        }
        System.out.println(
                sold.availablePermits() + " of " + TICKETS + " tickets sold, " + Files.readString(file) + " left");
    }

    private static void buy(int client, Path file, ProcessSemaphore sold, ProcessBarrier allHaveLooked)
            throws Exception {
        int left = Integer.parseInt(Files.readString(file));
        System.out.println("client " + client + " sees " + left + " tickets");
        allHaveLooked.await(); // stands for a slow network: the others look before this client has bought
        if (left > 0) {
            Files.writeString(file, String.valueOf(left - 1));
            sold.release();
            System.out.println("client " + client + " has bought a ticket");
        }
    }
}
