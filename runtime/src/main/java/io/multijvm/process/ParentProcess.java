package io.multijvm.process;

import io.multijvm.ipc.Deadline;
import io.multijvm.launcher.Family;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The process that started this one. When it dies this process is ended, too; whoever waits for its end at that moment
 * gets about 150 ms to say so. Python: {@code multiprocessing.parent_process()}.
 */
public final class ParentProcess {
    private final long pid;
    private final String name;
    private final CompletableFuture<Void> gone;

    ParentProcess(long pid, String name) {
        this.pid = pid;
        this.name = name;
        this.gone = Family.parentGone();
    }

    /** Its process id. */
    public long pid() {
        return pid;
    }

    /** Its name, as it was when it started this process. */
    public String name() {
        return name;
    }

    /** Whether it lives, as its end of a private channel says: no matter what has become of its pid. */
    public boolean isAlive() {
        return !gone.isDone();
    }

    /** Waits for its end. */
    public void join() throws InterruptedException {
        try {
            gone.get();
        } catch (ExecutionException e) {
            throw new AssertionError("completed only with a value", e);
        }
    }

    /** Waits for its end up to {@code timeout}, a negative one acting as zero; returns whether it has ended. */
    public boolean join(Duration timeout) throws InterruptedException {
        try {
            gone.get(Deadline.after(timeout).remainingNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("completed only with a value", e);
        }
    }
}
