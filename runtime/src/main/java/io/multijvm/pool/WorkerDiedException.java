package io.multijvm.pool;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The worker that ran a task has ended without having said how the task went. */
public final class WorkerDiedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String worker;
    private final long pid;
    private final int exitCode;
    private final @Nullable String reason;
    private final String task;
    private final String stderrTail;
    private final @Nullable String errorFile;

    WorkerDiedException(
            String worker,
            long pid,
            int exitCode,
            @Nullable String reason,
            String task,
            String stderrTail,
            @Nullable Path errorFile) {
        super(message(worker, pid, exitCode, reason, task, stderrTail, errorFile));
        this.worker = worker;
        this.pid = pid;
        this.exitCode = exitCode;
        this.reason = reason;
        this.task = task;
        this.stderrTail = stderrTail;
        this.errorFile = errorFile == null ? null : errorFile.toString();
    }

    private static String message(
            String worker,
            long pid,
            int exitCode,
            @Nullable String reason,
            String task,
            String stderrTail,
            @Nullable Path errorFile) {
        var message = new StringBuilder("worker '" + worker + "', pid " + pid);
        message.append(exitCode < 0 ? ", was killed by signal " + -exitCode : ", ended with exit code " + exitCode);
        message.append(" while it ran ").append(task);
        message.append(reason == null ? "" : "; by this pool: " + reason);
        message.append(errorFile == null ? "" : "; its JVM's report: " + errorFile);
        message.append(stderrTail.isEmpty() ? "" : "; stderr \"" + stderrTail + '"');
        return message.toString();
    }

    /** The name of the worker. */
    public String worker() {
        return worker;
    }

    /** Its process id. */
    public long pid() {
        return pid;
    }

    /** How it ended: the n of {@code System.exit(n)} modulo 256, or -N if signal N ended it. */
    public int exitCode() {
        return exitCode;
    }

    /** Why the pool itself has ended it; empty when it was somebody else, or its own doing. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** What it was running: the task's name, or number. */
    public String task() {
        return task;
    }

    /** The last lines of its standard error. */
    public String stderrTail() {
        return stderrTail;
    }

    /** The report that its JVM has written when it crashed. */
    public Optional<Path> errorFile() {
        return Optional.ofNullable(errorFile).map(Path::of);
    }
}
