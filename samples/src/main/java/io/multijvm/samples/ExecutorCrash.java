package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.WorkerDiedException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/**
 * A worker is killed in the middle of a task.
 *
 * <p>Expect: its future fails at once and says who died and how; the task of the other worker is not disturbed, and the executor
 * goes on with a new worker.
 */
public final class ExecutorCrash {
    private ExecutorCrash() {}

    public static void main(String[] args) throws Exception {
        var pid = MultiJvm.simpleQueue();
        var mayEnd = MultiJvm.event();
        try (pid;
                var executor = MultiJvm.executor(2)) {
            var neighbour = executor.submit(() -> {
                mayEnd.await();
                return "not disturbed";
            });
            var victim = executor.submit(() -> {
                System.err.println("last words");
                pid.put(ProcessHandle.current().pid());
                Work.pretend(Duration.ofMinutes(1));
                return "never";
            });

            long worker = (Long) pid.get();
            System.out.println("worker " + worker + " is killed");
            ProcessHandle.of(worker).orElseThrow().destroyForcibly();
            try {
                System.out.println(victim.get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof WorkerDiedException death) {
                    show(death);
                }
            }
            mayEnd.set();
            System.out.println("the neighbour: " + neighbour.get());
            System.out.println("a new task: " + executor.submit(() -> 6 * 7).get());
            System.out.println("workers that died: " + executor.stats().workersDied());
        }
    }

    private static void show(WorkerDiedException death) {
        System.out.println("its future fails: " + death.getMessage());
        System.out.println("pid " + death.pid() + ", exit code " + death.exitCode() + ", last words \""
                + death.stderrTail() + "\"");
    }
}
