package io.multijvm.pool;

import io.multijvm.ipc.snapshot.ForkedByField;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.ProcessContext;
import io.multijvm.process.Target;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a pool is made; immutable, each method returns a changed copy. */
@ForkedByField
public final class PoolOptions {
    private static final PoolOptions DEFAULTS = new PoolOptions();

    /** What becomes of a task when as many as are allowed wait already. */
    public enum WhenFull {
        /** Who submits it waits. */
        BLOCK,
        /** It is refused with a {@link java.util.concurrent.RejectedExecutionException}. */
        REJECT,
        /** Who submits it runs it, in this process. */
        CALLER_RUNS
    }

    // No more than a bag of values, copied before it is changed.
    private ProcessContext context = ProcessContext.ofDefault();
    private int workers = Runtime.getRuntime().availableProcessors();
    private int minWorkers;
    private @Nullable Target initializer;
    private @Nullable Target atWorkerEnd;
    private int maxTasksPerChild;
    private @Nullable Duration taskTimeout;
    private Duration grace = Duration.ofSeconds(1);
    private Retry retry = Retry.none();
    private JvmOptions jvm = JvmOptions.defaults();
    private @Nullable Duration idleTimeout;
    private long maxWorkerMemory;
    private int capacity = Integer.MAX_VALUE;
    private WhenFull whenFull = WhenFull.BLOCK;
    private int restarts = Integer.MAX_VALUE;
    private Duration restartPeriod = Duration.ofSeconds(10);
    private @Nullable String name;
    private @Nullable PoolListener listener;
    private @Nullable String outputTo;
    private @Nullable String logsTo;

    private PoolOptions() {}

    private PoolOptions copy() {
        var copy = new PoolOptions();
        copy.context = context;
        copy.workers = workers;
        copy.minWorkers = minWorkers;
        copy.initializer = initializer;
        copy.atWorkerEnd = atWorkerEnd;
        copy.maxTasksPerChild = maxTasksPerChild;
        copy.taskTimeout = taskTimeout;
        copy.grace = grace;
        copy.retry = retry;
        copy.jvm = jvm;
        copy.idleTimeout = idleTimeout;
        copy.maxWorkerMemory = maxWorkerMemory;
        copy.capacity = capacity;
        copy.whenFull = whenFull;
        copy.restarts = restarts;
        copy.restartPeriod = restartPeriod;
        copy.name = name;
        copy.listener = listener;
        copy.outputTo = outputTo;
        copy.logsTo = logsTo;
        return copy;
    }

    /** As many workers as there are processors, in the default context. */
    public static PoolOptions defaults() {
        return DEFAULTS;
    }

    private static int atLeast(int least, String what, int value) {
        if (value < least) {
            throw new IllegalArgumentException(what + ": " + value + ", at least " + least + " expected");
        }
        return value;
    }

    private static Duration positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + ": " + value + ", more than zero expected");
        }
        return value;
    }

    /** Which start method the workers have. */
    public PoolOptions context(ProcessContext wanted) {
        PoolOptions copy = copy();
        copy.context = Objects.requireNonNull(wanted);
        return copy;
    }

    /** How many workers there are at most. A {@code Pool} starts them at once, an executor when they are needed. */
    public PoolOptions workers(int most) {
        PoolOptions copy = copy();
        copy.workers = atLeast(1, "workers", most);
        return copy;
    }

    /** How many workers are kept although they are idle for long, and started before they are needed. */
    public PoolOptions minWorkers(int least) {
        PoolOptions copy = copy();
        copy.minWorkers = atLeast(0, "minWorkers", least);
        return copy;
    }

    /** Run in each worker before its first task. One that throws breaks the pool. */
    public PoolOptions initializer(@Nullable Target wanted) {
        PoolOptions copy = copy();
        copy.initializer = wanted;
        return copy;
    }

    /** Run in each worker after its last task, unless it is killed. */
    public PoolOptions atWorkerEnd(@Nullable Target wanted) {
        PoolOptions copy = copy();
        copy.atWorkerEnd = wanted;
        return copy;
    }

    /** After so many tasks a worker is replaced by a fresh one. */
    public PoolOptions maxTasksPerChild(int most) {
        PoolOptions copy = copy();
        copy.maxTasksPerChild = atLeast(1, "maxTasksPerChild", most);
        return copy;
    }

    /** How long each task may run: see {@link TaskOptions#timeout}. */
    public PoolOptions taskTimeout(@Nullable Duration limit) {
        PoolOptions copy = copy();
        copy.taskTimeout = limit == null ? null : positive("taskTimeout", limit);
        return copy;
    }

    /** How long a task or worker that is to end may take over it, before something harder is done; by default 1 s. */
    public PoolOptions grace(Duration wanted) {
        PoolOptions copy = copy();
        copy.grace = positive("grace", wanted);
        return copy;
    }

    /** What is done when a task fails. */
    public PoolOptions retry(Retry wanted) {
        PoolOptions copy = copy();
        copy.retry = Objects.requireNonNull(wanted);
        return copy;
    }

    /** How the workers' JVMs are started. */
    public PoolOptions jvm(JvmOptions wanted) {
        PoolOptions copy = copy();
        copy.jvm = Objects.requireNonNull(wanted);
        return copy;
    }

    /** The largest heap of a worker, as {@code -Xmx} takes it. */
    public PoolOptions heap(String size) {
        return jvm(jvm.heap(size));
    }

    /** After so long without a task a worker ends, down to {@link #minWorkers}; null for never. */
    public PoolOptions idleTimeout(@Nullable Duration limit) {
        PoolOptions copy = copy();
        copy.idleTimeout = limit == null ? null : positive("idleTimeout", limit);
        return copy;
    }

    /** A worker that has more memory in use than so many bytes, as the operating system sees it, is replaced after its task. */
    public PoolOptions maxWorkerMemory(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("maxWorkerMemory: " + bytes + ", at least 1 expected");
        }
        PoolOptions copy = copy();
        copy.maxWorkerMemory = bytes;
        return copy;
    }

    /** How many tasks may wait for a worker, and what becomes of one more. */
    public PoolOptions capacity(int most, WhenFull then) {
        PoolOptions copy = copy();
        copy.capacity = atLeast(1, "capacity", most);
        copy.whenFull = Objects.requireNonNull(then);
        return copy;
    }

    /** The pool breaks when more than {@code restarts} workers have died unasked within {@code period}. */
    public PoolOptions restartBudget(int restarts, Duration period) {
        PoolOptions copy = copy();
        copy.restarts = atLeast(0, "restarts", restarts);
        copy.restartPeriod = positive("period", period);
        return copy;
    }

    /** What workers and threads are named after. */
    public PoolOptions name(String wanted) {
        PoolOptions copy = copy();
        copy.name = Objects.requireNonNull(wanted);
        return copy;
    }

    /** Told of what happens, on the thread of the callbacks. */
    public PoolOptions listener(@Nullable PoolListener wanted) {
        PoolOptions copy = copy();
        copy.listener = wanted;
        return copy;
    }

    /**
     * What workers print goes to the logger of that name ({@link System#getLogger}), line by line, each with
     * {@code "[name of the worker] "} before it: standard output at level INFO, standard error at WARNING. Instead of what
     * {@link #jvm} says about them.
     */
    public PoolOptions outputTo(@Nullable String loggerName) {
        PoolOptions copy = copy();
        copy.outputTo = loggerName;
        return copy;
    }

    /**
     * What workers log goes to the logger of that name in this process, each record with the worker's name and pid, the number
     * of the task it was running ({@link Worker#taskNumber}), the name of the logger there, the message, and the stack trace of
     * what was thrown. The records of a worker come in order, also the last ones of one that is killed; they come on the thread
     * of the callbacks, so they may come after the task's result, and have come when the pool has ended.
     *
     * <p>A worker sends what reaches the root logger of {@code java.util.logging} there, which is where {@link System.Logger}
     * goes unless the class path says otherwise, from the level on that this process's logger has when the worker is started;
     * it prints it no more. With SLF4J, let it end there in workers too: with {@code slf4j-jdk14} on the class path, and,
     * where that is not the only provider, {@code jvm(JvmOptions.defaults().jvmArguments(
     * "-Dslf4j.provider=org.slf4j.jul.JULServiceProvider"))}. In this process any provider will do: that of
     * {@code slf4j-jdk-platform-logging} takes what goes to {@link System.Logger} to SLF4J.
     */
    public PoolOptions logsTo(@Nullable String loggerName) {
        PoolOptions copy = copy();
        copy.logsTo = loggerName;
        return copy;
    }

    ProcessContext context() {
        return context;
    }

    int workers() {
        return workers;
    }

    int minWorkers() {
        return Math.min(minWorkers, workers);
    }

    @Nullable
    Target initializer() {
        return initializer;
    }

    @Nullable
    Target atWorkerEnd() {
        return atWorkerEnd;
    }

    int maxTasksPerChild() {
        return maxTasksPerChild;
    }

    @Nullable
    Duration taskTimeout() {
        return taskTimeout;
    }

    Duration grace() {
        return grace;
    }

    Retry retry() {
        return retry;
    }

    JvmOptions jvm() {
        return jvm;
    }

    @Nullable
    Duration idleTimeout() {
        return idleTimeout;
    }

    long maxWorkerMemory() {
        return maxWorkerMemory;
    }

    int capacity() {
        return capacity;
    }

    WhenFull whenFull() {
        return whenFull;
    }

    int restarts() {
        return restarts;
    }

    Duration restartPeriod() {
        return restartPeriod;
    }

    String nameOr(String otherwise) {
        return name == null ? otherwise : name;
    }

    @Nullable
    PoolListener listener() {
        return listener;
    }

    @Nullable
    String outputTo() {
        return outputTo;
    }

    @Nullable
    String logsTo() {
        return logsTo;
    }
}
