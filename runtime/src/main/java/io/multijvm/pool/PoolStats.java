package io.multijvm.pool;

import java.time.Duration;
import java.util.List;

/**
 * What a pool has done and is doing, at one moment.
 *
 * @param queued tasks that no worker has begun
 * @param running tasks that workers have begun
 * @param done tasks that have returned
 * @param failed tasks that have thrown, were cancelled, or died with their worker
 * @param retried further attempts that were made
 * @param workers the workers there are
 * @param workersStarted how many there ever were
 * @param workersDied how many have ended without the pool having wanted it
 */
public record PoolStats(
        long queued,
        long running,
        long done,
        long failed,
        long retried,
        List<WorkerStats> workers,
        long workersStarted,
        long workersDied) {

    /**
     * One worker.
     *
     * @param name its name
     * @param pid its process id; 0 while it is being started
     * @param tasks how many tasks it has ended
     * @param startUp from its start until it was ready
     * @param working how long it has run tasks
     * @param waiting how long it has been ready and has not
     * @param memory bytes of memory it has in use, as the operating system sees it; 0 when that is not known
     */
    public record WorkerStats(
            String name, long pid, long tasks, Duration startUp, Duration working, Duration waiting, long memory) {
        WorkerStats withMemory() {
            return new WorkerStats(name, pid, tasks, startUp, working, waiting, Memory.of(pid));
        }
    }

    /** The same, with what the operating system says of the workers' memory now. */
    PoolStats withMemory() {
        return new PoolStats(
                queued,
                running,
                done,
                failed,
                retried,
                workers.stream().map(WorkerStats::withMemory).toList(),
                workersStarted,
                workersDied);
    }
}
