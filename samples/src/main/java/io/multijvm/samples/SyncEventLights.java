package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import io.multijvm.sync.ProcessBarrier;
import io.multijvm.sync.ProcessEvent;
import io.multijvm.sync.ProcessSemaphore;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Traffic lights: an event is the green light that cars, each a process, wait for.
 *
 * <p>Expect: ten cars stop at red and go at green. Three police cars come at red, wait for a tenth of a second and go
 * all the same; two come at green and go at once. The lights turn green when all cars have stopped and the police has
 * gone, and red again when everybody is through.
 */
public final class SyncEventLights {
    private static final int CARS = 10;
    private static final int POLICE_AT_RED = 3;
    private static final int POLICE_AT_GREEN = 2;
    private static final Duration POLICE_PATIENCE = Duration.ofMillis(100);

    private SyncEventLights() {}

    public static void main(String[] args) throws Exception {
        var crossing = new Crossing(
                MultiJvm.event(), MultiJvm.barrier(CARS + POLICE_AT_RED), MultiJvm.semaphore(0), MultiJvm.semaphore(0));
        List<JvmProcess> all = new ArrayList<>();
        System.out.println("lights: red");
        all.add(started(() -> lights(crossing)));
        for (int i = 0; i < CARS; i++) {
            int n = i;
            all.add(started(() -> car(n, crossing)));
        }
        for (int i = 0; i < POLICE_AT_RED; i++) {
            all.add(started(() -> {
                crossing.sameTime.await();
                policeCar(crossing);
            }));
        }

        crossing.green.await();
        for (int i = 0; i < POLICE_AT_GREEN; i++) {
            all.add(started(() -> policeCar(crossing)));
        }
        for (var each : all) {
            each.join();
        }
    }

    private static JvmProcess started(Target target) {
        var process = MultiJvm.process(target);
        process.start();
        return process;
    }

    private static void lights(Crossing crossing) throws InterruptedException {
        for (int i = 0; i < CARS + POLICE_AT_RED; i++) {
            crossing.stoppedOrGone.acquire();
        }
        System.out.println("lights: green");
        crossing.green.set();
        for (int i = 0; i < CARS + POLICE_AT_RED + POLICE_AT_GREEN; i++) {
            crossing.through.acquire();
        }
        crossing.green.clear();
        System.out.println("lights: red again");
    }

    private static void car(int n, Crossing crossing) throws Exception {
        crossing.sameTime.await();
        System.out.println("car " + n + " stops at red: " + !crossing.green.isSet());
        crossing.stoppedOrGone.release();
        crossing.green.await();
        System.out.println("car " + n + " goes at green: " + crossing.green.isSet());
        crossing.through.release();
    }

    private static void policeCar(Crossing crossing) throws InterruptedException {
        long begin = System.nanoTime();
        boolean atGreen = crossing.green.await(POLICE_PATIENCE);
        long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
        System.out.println("police car goes at " + (atGreen ? "green" : "red") + " after " + millis + " ms");
        crossing.stoppedOrGone.release();
        crossing.through.release();
    }

    /**
     * What the processes share.
     *
     * @param green set while the lights are green
     * @param sameTime where those who come at red begin together
     * @param stoppedOrGone one permit for each car that has stopped and each police car that has gone
     * @param through one permit for each that has gone
     */
    private record Crossing(
            ProcessEvent green, ProcessBarrier sameTime, ProcessSemaphore stoppedOrGone, ProcessSemaphore through)
            implements Serializable {}
}
