package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.process.JvmProcess;
import io.multijvm.shared.SharedInt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One processor for four jobs, each a JVM process. All that have arrived but one are paused, so that the others get
 * nothing of the processor's time.
 *
 * <p>Time is handed out in ticks: whichever job is not paused takes the tick and works for it. So it is the pausing that
 * decides who gets on, and a busy machine changes how long a tick takes, but not who gets it.
 */
final class Processor implements AutoCloseable {
    /** What a scheduler is told of a job: when it arrives and how many ticks it needs. */
    record Job(String name, int arrives, int needs) {}

    static final List<Job> JOBS =
            List.of(new Job("A", 0, 7), new Job("B", 2, 4), new Job("C", 4, 1), new Job("D", 5, 4));

    private static final Duration TICK = Duration.ofMillis(5);
    private static final String ROW = "%-4s %7s %6s %5s %11s %8s | %18s %8s%n";

    private final Map<Job, JvmProcess> processes = new LinkedHashMap<>();
    private final Map<Job, SharedInt> worked = new LinkedHashMap<>(); // for how many ticks, as the job says itself
    private final Map<Job, Integer> ends = new LinkedHashMap<>();
    private final StringBuilder chart = new StringBuilder();
    private final SharedInt tick = SharedInt.of(0); // 1 while there is one to be had
    private @Nullable Job running;
    private int time;

    boolean hasWork() {
        return ends.size() < JOBS.size();
    }

    /** Starts the processes of the jobs that have arrived meanwhile, and pauses them. */
    List<Job> arrivals() {
        List<Job> arrived = new ArrayList<>();
        for (var job : JOBS) {
            if (job.arrives <= time && !processes.containsKey(job)) {
                int needs = job.needs;
                var forAll = tick;
                var counter = SharedInt.of(0);
                var process = MultiJvm.process("job " + job.name, () -> work(needs, forAll, counter));
                process.start();
                process.pause();
                processes.put(job, process);
                worked.put(job, counter);
                arrived.add(job);
            }
        }
        return arrived;
    }

    /** Gives the processor to {@code job} for a tick, taking it from whoever has it; returns whether the job has ended. */
    boolean run(Job job) throws InterruptedException {
        if (!job.equals(running)) {
            if (running != null) {
                of(processes, running).pause();
            }
            of(processes, job).resume();
            running = job;
        }
        chart.append(giveTick().name);
        if (of(worked, job).get() < job.needs) {
            return false;
        }
        of(processes, job).join();
        System.out.println("tick " + time + ": " + job.name + " ends, exit code "
                + of(processes, job).exitCode());
        ends.put(job, time);
        running = null;
        return true;
    }

    /** Offers a tick to whoever is not paused; returns which job has worked for it. */
    private Job giveTick() {
        var before = new LinkedHashMap<Job, Integer>();
        worked.forEach((job, ticks) -> before.put(job, ticks.get()));
        tick.set(1);
        time++;
        while (true) {
            boolean lives = running == null || of(processes, running).isAlive();
            for (var job : worked.keySet()) {
                if (of(worked, job).get() > of(before, job)) {
                    return job;
                }
            }
            if (!lives) {
                throw new IllegalStateException("has died in the midst of its work: " + running);
            }
            Work.pretend(Duration.ofMillis(1));
        }
    }

    private static <V> V of(Map<Job, V> values, Job job) {
        var value = values.get(job);
        if (value == null) {
            throw new IllegalStateException("has not arrived: " + job);
        }
        return value;
    }

    /** The job itself. */
    private static void work(int needs, SharedInt tick, SharedInt worked) {
        for (int done = 0; done < needs; ) {
            if (tick.compareAndSet(1, 0)) {
                Work.pretend(TICK);
                done++;
                worked.incrementAndGet();
            } else {
                Work.pretend(Duration.ofMillis(1));
            }
        }
    }

    /** Prints who had the processor when, and what came of it beside what should: the tick at which each job ends. */
    void report(Map<String, Integer> theory) {
        System.out.println("processor: " + chart);
        System.out.printf(
                ROW, "job", "arrives", "needs", "ends", "turnaround", "waiting", "theory: turnaround", "waiting");
        int turnarounds = 0;
        int waitings = 0;
        int expectedTurnarounds = 0;
        int expectedWaitings = 0;
        for (var job : JOBS) {
            int turnaround = ends.getOrDefault(job, time) - job.arrives;
            int expected = theory.getOrDefault(job.name, 0) - job.arrives;
            turnarounds += turnaround;
            waitings += turnaround - job.needs;
            expectedTurnarounds += expected;
            expectedWaitings += expected - job.needs;
            System.out.printf(
                    ROW,
                    job.name,
                    job.arrives,
                    job.needs,
                    ends.get(job),
                    turnaround,
                    turnaround - job.needs,
                    expected,
                    expected - job.needs);
        }
        System.out.printf(
                ROW,
                "mean",
                "",
                "",
                "",
                mean(turnarounds),
                mean(waitings),
                mean(expectedTurnarounds),
                mean(expectedWaitings));
    }

    private static String mean(int sum) {
        return String.valueOf((double) sum / JOBS.size());
    }

    /** Ends the jobs that have not: a paused one does not hear what it is asked. */
    @Override
    public void close() {
        processes.values().stream().filter(JvmProcess::isAlive).forEach(JvmProcess::kill);
    }
}
