package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.queue.JoinableQueue;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Producers wait until everything they have put is done; so consumers may be daemons, and need no sentinel.
 *
 * <p>Expect: each cook ends after its dishes, and all others put meanwhile, are eaten. The parent joins the cooks only;
 * when it ends, and the eaters with it, nothing is left.
 */
public final class QueueJoinable {
    private static final int PORTIONS = 4;

    private QueueJoinable() {}

    public static void main(String[] args) throws InterruptedException {
        JoinableQueue<String> queue = MultiJvm.joinableQueue(20);
        var cooks = List.of(
                MultiJvm.process("cook 1", () -> produce("bun", queue)),
                MultiJvm.process("cook 2", () -> produce("bone", queue)),
                MultiJvm.process("cook 3", () -> produce("soup", queue)));
        var eaters = Stream.of("eater 1", "eater 2")
                .map(name -> MultiJvm.process(name, () -> consumeForEver(queue)).daemon(true))
                .toList();
        cooks.forEach(JvmProcess::start);
        eaters.forEach(JvmProcess::start);

        for (var cook : cooks) {
            cook.join();
        }
        System.out.println("unfinished: " + queue.unfinished() + ", eaters still wait: "
                + eaters.stream().allMatch(JvmProcess::isAlive));
    }

    private static void produce(String dish, JoinableQueue<String> queue) throws InterruptedException {
        for (int i = 0; i < PORTIONS; i++) {
            queue.put(dish + " " + i);
        }
        queue.join();
        System.out.println(MultiJvm.currentProcess().name() + " goes home");
    }

    private static void consumeForEver(JoinableQueue<String> queue) throws InterruptedException {
        while (true) {
            var dish = queue.get();
            Work.pretend(Duration.ofMillis(5));
            System.out.println(MultiJvm.currentProcess().name() + " has eaten " + dish);
            queue.taskDone();
        }
    }
}
