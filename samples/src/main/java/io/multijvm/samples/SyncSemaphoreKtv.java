package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.sync.ProcessEvent;
import io.multijvm.sync.ProcessSemaphore;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * A semaphore lets a number of processes in: a karaoke bar has four rooms and thirteen guests.
 *
 * <p>Expect: four guests go in before the first comes out, since the first ones do not sing before all rooms are taken;
 * then one goes in for each that comes out, never more than four are inside, and all thirteen get in.
 */
public final class SyncSemaphoreKtv {
    private static final int ROOMS = 4;
    private static final int GUESTS = 13;

    private SyncSemaphoreKtv() {}

    public static void main(String[] args) throws Exception {
        var rooms = MultiJvm.semaphore(ROOMS);
        var allTaken = MultiJvm.event();

        var guests = IntStream.range(0, GUESTS)
                .mapToObj(n -> MultiJvm.process("guest " + n, () -> sing(rooms, allTaken)))
                .toList();
        guests.forEach(JvmProcess::start);
        for (var guest : guests) {
            guest.join();
        }
        System.out.println("free rooms in the end: " + rooms.availablePermits());
    }

    private static void sing(ProcessSemaphore rooms, ProcessEvent allTaken) throws InterruptedException {
        var name = MultiJvm.currentProcess().name();
        rooms.acquire();
        try {
            System.out.println(name + " goes in");
            if (rooms.locked()) {
                allTaken.set();
            }
            allTaken.await();
            Work.pretend(Duration.ofMillis(20));
            System.out.println(name + " comes out");
        } finally {
            rooms.release();
        }
    }
}
