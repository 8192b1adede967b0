package io.multijvm.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.launcher.Output;
import io.multijvm.pool.AsyncResult;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tasks and children that end while this JVM has no memory for a second. */
final class PressureScenario implements Scenario {
    private static final long LENGTH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int TASKS = 40;

    private final ProcessPoolExecutor executor = MultiJvm.executor(2);
    private final List<byte[]> eaten = new ArrayList<>(1 << 20);
    private int rounds;
    private long lacks;

    @Override
    public void round() throws Exception {
        rounds++;
        var gate = MultiJvm.pipe();
        var end = gate.second();
        var children = new ArrayList<JvmProcess>();
        for (int i = 0; i < 3; i++) {
            JvmProcess child = MultiJvm.process(() -> {
                        boolean unused = end.poll(null);
                        System.err.println(".".repeat(10_000));
                        throw new IllegalStateException("expected");
                    })
                    .options(JvmOptions.defaults().stderr(Output.discard()));
            child.start();
            children.add(child);
        }
        List<AsyncResult<Integer>> results = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            int number = i;
            results.add(executor.submit(() -> slowly(number)));
        }
        var full = new CountDownLatch(1);
        var hungry = new Thread(() -> eat(full), "hungry");
        hungry.start();
        full.await();
        closeWhateverItTakes(gate);
        hungry.join();
        end.close();
        for (JvmProcess child : children) {
            assertThat(child.join(PATIENCE)).as("%s", child).isTrue();
            assertThat(child.exitCode()).isEqualTo(1);
        }
        for (int i = 0; i < TASKS; i++) {
            assertThat(results.get(i).get(PATIENCE)).isEqualTo(i);
        }
    }

    private static int slowly(int number) throws InterruptedException {
        new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS); // some of them then end while there is no memory
        return number;
    }

    private void eat(CountDownLatch full) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < LENGTH_NANOS) {
            eaten.clear();
            int size = 1 << 20;
            while (size > 0) {
                try {
                    eaten.add(new byte[size]);
                } catch (OutOfMemoryError e) {
                    lacks++;
                    size /= 2;
                }
            }
            full.countDown();
        }
        eaten.clear();
    }

    private static void closeWhateverItTakes(AutoCloseable gate) throws Exception {
        while (true) {
            try {
                gate.close();
                return;
            } catch (OutOfMemoryError e) {
                Thread.onSpinWait(); // there is memory again in a second
            }
        }
    }

    @Override
    public String report() {
        return "memory " + rounds + " seconds without, " + lacks + " refusals";
    }

    @Override
    public void close() {
        executor.close();
    }
}
