package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.sync.Guard;
import io.multijvm.sync.ProcessBarrier;
import io.multijvm.sync.ProcessLock;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A lock makes two lines of output belong together: processes take turns with it.
 *
 * <p>Expect: without a lock, three processes are running before the first is done; with one, each "is running" is
 * followed by the "is done" of the same process.
 */
public final class SyncOutput {
    private static final int CHILDREN = 3;

    private SyncOutput() {}

    public static void main(String[] args) throws Exception {
        var allRunning = MultiJvm.barrier(CHILDREN);
        System.out.println("without a lock:");
        runAll(n -> MultiJvm.process(() -> work(n, allRunning)));

        var lock = MultiJvm.lock();
        System.out.println("with a lock:");
        runAll(n -> MultiJvm.process(() -> workInTurn(n, lock, allRunning)));
    }

    private static void runAll(IntFunction<JvmProcess> child) throws InterruptedException {
        var children = IntStream.range(0, CHILDREN).mapToObj(child).toList();
        children.forEach(JvmProcess::start);
        for (var each : children) {
            each.join();
        }
    }

    private static void work(int n, ProcessBarrier allRunning) throws Exception {
        say(n, "is running");
        allRunning.await(); // stands for work that takes long enough for the others to begin
        say(n, "is done");
    }

    @SuppressWarnings("try") // the guard is there to be closed, not to be used
    private static void workInTurn(int n, ProcessLock lock, ProcessBarrier allThere) throws Exception {
        allThere.await(); // all want the lock at the same time
        try (Guard held = lock.guard()) {
            say(n, "is running");
            Work.pretend(Duration.ofMillis(100));
            say(n, "is done");
        }
    }

    private static void say(int n, String what) {
        System.out.println(n + ": " + ProcessHandle.current().pid() + " " + what);
    }
}
