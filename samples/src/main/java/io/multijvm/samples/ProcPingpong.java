package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.sync.ProcessBarrier;
import java.time.Duration;

/**
 * Two children count to five, each with a counter of its own: there are five Pings and five Pongs, not five in all.
 *
 * <p>Expect: first both at the same time, so that Ping and Pong alternate in no fixed order; then with a join between
 * them, so that all Pings come before all Pongs.
 */
public final class ProcPingpong {
    private static int counter = 0;

    private ProcPingpong() {}

    public static void main(String[] args) throws Exception {
        System.out.println("at the same time:");
        var bothCount = MultiJvm.barrier(2);
        var ping = started("Ping", bothCount);
        var pong = started("Pong", bothCount);
        ping.join();
        pong.join();

        System.out.println("one after the other:");
        started("Ping", MultiJvm.barrier(1)).join();
        started("Pong", MultiJvm.barrier(1)).join();
        System.out.println("the parent's counter is " + counter);
    }

    private static JvmProcess started(String word, ProcessBarrier others) {
        var child = MultiJvm.process(() -> count(word, others));
        child.start();
        return child;
    }

    private static void count(String word, ProcessBarrier others) throws Exception {
        while (counter < 5) {
            System.out.println(word);
            counter++;
            if (counter == 1) {
                others.await(); // a slow start of one must not let the other come to its end
            }
            Work.pretend(Duration.ofMillis(100));
        }
    }
}
