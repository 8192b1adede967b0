package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.sync.ProcessEvent;
import java.time.Duration;

/**
 * An event is a flag that processes wait for.
 *
 * <p>Expect: it is not set at first; the child that waits for it does not go on before it is set; then nobody waits
 * until it is cleared; and waiting with a timeout says whether it was set.
 */
public final class SyncEventBasic {
    private static final Duration TIMEOUT = Duration.ofMillis(100);

    private SyncEventBasic() {}

    public static void main(String[] args) throws Exception {
        var event = MultiJvm.event();
        var childWaits = MultiJvm.event();
        var childGoesOn = MultiJvm.event();
        System.out.println("at first it is set: " + event.isSet());

        var child = MultiJvm.process(() -> await(event, childWaits, childGoesOn));
        child.start();
        childWaits.await();
        System.out.println("the child goes on before it is set: " + childGoesOn.await(TIMEOUT));

        System.out.println("main sets it");
        event.set();
        child.join();
        System.out.println("now it is set: " + event.isSet() + ", waiting says " + event.await(TIMEOUT));

        event.clear();
        long begin = System.nanoTime();
        System.out.println("cleared it is set: " + event.isSet() + ", waiting says " + event.await(TIMEOUT));
        System.out.println(
                "waited for " + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
    }

    private static void await(ProcessEvent event, ProcessEvent childWaits, ProcessEvent childGoesOn)
            throws InterruptedException {
        System.out.println("child waits, it is set: " + event.isSet());
        childWaits.set();
        event.await();
        childGoesOn.set();
        System.out.println("child goes on, it is set: " + event.isSet());
    }
}
