package io.multijvm.samples;

import java.util.List;
import java.util.Optional;

/** All samples, in the order in which they are best read. */
public final class Catalog {
    private static final String JOBS = "Jobs";
    private static final String MANAGER = "Manager";
    private static final String PIPES = "Pipes";
    private static final String POOLS = "Pools";
    private static final String PROCESSES = "Processes";
    private static final String QUEUES = "Queues";
    private static final String SCHEDULING = "Process scheduling";
    private static final String START_METHODS = "Start methods";
    private static final String SYNC = "Synchronisation between processes";
    private static final String THREADS = "Threads, coroutines and sockets of the JDK";
    private static final String VALUES = "Shared values";

    private static final List<Sample> SAMPLES = List.of(
            new Sample(
                    "wordcount",
                    JOBS,
                    "[--processes N] [PATH…]: count words in files with N child JVMs, and with one",
                    WordCount.class),
            new Sample("proc-hello", PROCESSES, "a child says hello while the parent goes on", ProcHello.class),
            new Sample(
                    "proc-join", PROCESSES, "join waits for the child; without it the parent runs on", ProcJoin.class),
            new Sample("proc-pids", PROCESSES, "five children, five pids, one parent", ProcPids.class),
            new Sample("proc-many", PROCESSES, "start all then join all, against one by one", ProcMany.class),
            new Sample("proc-kwargs", PROCESSES, "captured variables are the target's arguments", ProcKwargs.class),
            new Sample("proc-subclass", PROCESSES, "a process as a class with fields and run()", ProcSubclass.class),
            new Sample(
                    "proc-subclass-args",
                    PROCESSES,
                    "a process class reads the arguments it was built with",
                    ProcSubclassArgs.class),
            new Sample("proc-name", PROCESSES, "names, default names, identities of grandchildren", ProcName.class),
            new Sample(
                    "proc-active-children",
                    PROCESSES,
                    "the list of living children shrinks as they end",
                    ProcActiveChildren.class),
            new Sample("proc-isolation", PROCESSES, "static fields are not shared", ProcIsolation.class),
            new Sample("proc-pingpong", PROCESSES, "two children, each with its own counter", ProcPingpong.class),
            new Sample("proc-daemon", PROCESSES, "a daemon ends with the parent's main code", ProcDaemon.class),
            new Sample(
                    "proc-daemon-mixed",
                    PROCESSES,
                    "the daemon ends while the parent still waits for another child",
                    ProcDaemonMixed.class),
            new Sample(
                    "proc-daemon-no-children",
                    PROCESSES,
                    "a daemon may not start processes",
                    ProcDaemonNoChildren.class),
            new Sample("proc-terminate", PROCESSES, "terminate, isAlive and the exit code -15", ProcTerminate.class),
            new Sample("proc-exitcode", PROCESSES, "every kind of exit code", ProcExitcode.class),
            new Sample("proc-authkey", PROCESSES, "the family's key is inherited", ProcAuthkey.class),
            new Sample("proc-tenfiles", PROCESSES, "ten children write ten files at once", ProcTenfiles.class),
            new Sample("proc-socket-server", PROCESSES, "a child process per client", ProcSocketServer.class),
            new Sample("proc-sum", PROCESSES, "eight processes sum up numbers, results in a queue", ProcSum.class),
            new Sample("proc-script", PROCESSES, "run another program file by its path", ProcScript.class),
            new Sample("start-spawn", START_METHODS, "a fresh JVM gets its arguments only", StartSpawn.class),
            new Sample(
                    "start-fork-1",
                    START_METHODS,
                    "a forked child changes its own copy of the state",
                    StartFork1.class),
            new Sample("start-fork-2", START_METHODS, "a forked child sees what was there before", StartFork2.class),
            new Sample(
                    "start-fork-3", START_METHODS, "a forked child sees nothing of what comes later", StartFork3.class),
            new Sample("start-fork-file-1", START_METHODS, "a writer's unwritten text is forked", StartForkFile1.class),
            new Sample("start-fork-file-2", START_METHODS, "what is flushed is written once", StartForkFile2.class),
            new Sample("start-fork-lock", START_METHODS, "a held lock is forked as held", StartForkLock.class),
            new Sample("start-forkserver", START_METHODS, "children come from one server", StartForkserver.class),
            new Sample("start-default", START_METHODS, "choose a method once, or one per context", StartDefault.class),
            new Sample("sync-output", SYNC, "two lines of output belong together under a lock", SyncOutput.class),
            new Sample(
                    "sync-tickets-race",
                    SYNC,
                    "without a lock more tickets are sold than there are",
                    SyncTicketsRace.class),
            new Sample(
                    "sync-tickets-lock",
                    SYNC,
                    "with a lock as many tickets are sold as there are",
                    SyncTicketsLock.class),
            new Sample("sync-lock-args", SYNC, "a lock is an argument under every start method", SyncLockArgs.class),
            new Sample("sync-semaphore-ktv", SYNC, "thirteen guests in four rooms", SyncSemaphoreKtv.class),
            new Sample("sync-event-basic", SYNC, "set, clear and wait for an event", SyncEventBasic.class),
            new Sample(
                    "sync-event-lights", SYNC, "cars wait for green, police cars not for long", SyncEventLights.class),
            new Sample("sync-rlock", SYNC, "take a lock several times, release it as often", SyncRlock.class),
            new Sample("sync-deadlock", SYNC, "two locks in opposite order, and a way out", SyncDeadlock.class),
            new Sample(
                    "sync-condition",
                    SYNC,
                    "wake n waiters; putters and takers keep a count within bounds",
                    SyncCondition.class),
            new Sample("sync-barrier", SYNC, "leave together; abort and reset", SyncBarrier.class),
            new Sample("queue-api", QUEUES, "what fits into a queue of three places", QueueApi.class),
            new Sample("queue-parent-child", QUEUES, "a child puts, its parent gets", QueueParentChild.class),
            new Sample("queue-two-children", QUEUES, "a writer, and a reader that never ends", QueueTwoChildren.class),
            new Sample("queue-batch", QUEUES, "ten put and ten get on three places", QueueBatch.class),
            new Sample("queue-sentinel-1", QUEUES, "the producer says that this is the end", QueueSentinel1.class),
            new Sample(
                    "queue-sentinel-2", QUEUES, "the parent says so when the producer has ended", QueueSentinel2.class),
            new Sample(
                    "queue-sentinel-3", QUEUES, "a sentinel from the parent for each consumer", QueueSentinel3.class),
            new Sample(
                    "queue-sentinel-4", QUEUES, "a sentinel from each producer, bounded queue", QueueSentinel4.class),
            new Sample(
                    "queue-joinable-count",
                    QUEUES,
                    "as many taskDone as puts, and not one more",
                    QueueJoinableCount.class),
            new Sample("queue-joinable", QUEUES, "producers wait until all is eaten", QueueJoinable.class),
            new Sample("queue-close", QUEUES, "done with a queue, for one process", QueueClose.class),
            new Sample("queue-in-pool", QUEUES, "a queue is an argument of a pool's tasks", QueueInPool.class),
            new Sample("pipe-hello", PIPES, "what one process sends another receives", PipeHello.class),
            new Sample("pipe-duplex", PIPES, "both directions on one pipe", PipeDuplex.class),
            new Sample("pipe-eof", PIPES, "the end comes with the last copy of the other end", PipeEof.class),
            new Sample(
                    "pipe-producer-consumer",
                    PIPES,
                    "each side closes the end it does not use",
                    PipeProducerConsumer.class),
            new Sample("pipe-lock", PIPES, "two consumers at one end", PipeLock.class),
            new Sample("pipe-api", PIPES, "one-way pipes, poll, bytes, fileno", PipeApi.class),
            new Sample("value-types", VALUES, "what each typecode holds and what it refuses", ValueTypes.class),
            new Sample("array-basic", VALUES, "an array whose elements a child sets", ArrayBasic.class),
            new Sample("value-race", VALUES, "lost updates without the lock, none with it", ValueRace.class),
            new Sample("manager-dict-list", MANAGER, "a dict and a list that a child fills", ManagerDictList.class),
            new Sample("manager-names", MANAGER, "four named children write into one dict", ManagerNames.class),
            new Sample("manager-race", MANAGER, "lost updates, a lock, and merge in one call", ManagerRace.class),
            new Sample(
                    "manager-lifetime", MANAGER, "what a proxy says when its manager is gone", ManagerLifetime.class),
            new Sample("manager-types", MANAGER, "each type of a manager between two processes", ManagerTypes.class),
            new Sample("manager-pool-lock", MANAGER, "locks that the tasks of a pool are given", ManagerPoolLock.class),
            new Sample("manager-custom", MANAGER, "a class of your own in the server", ManagerCustom.class),
            new Sample("pool-apply", POOLS, "one task after the other, in workers", PoolApply.class),
            new Sample("pool-apply-async", POOLS, "ten tasks at once for three workers", PoolApplyAsync.class),
            new Sample("pool-async-get-loop", POOLS, "where get stands decides how fast it is", PoolAsyncGetLoop.class),
            new Sample("pool-no-join", POOLS, "nobody waits for a pool that is not joined", PoolNoJoin.class),
            new Sample("pool-map", POOLS, "one function, many arguments, results in order", PoolMap.class),
            new Sample("pool-initializer", POOLS, "what each worker does before its first task", PoolInitializer.class),
            new Sample("pool-callback", POOLS, "results and failures come to the parent", PoolCallback.class),
            new Sample(
                    "pool-slow-callback", POOLS, "a callback that blocks holds up no worker", PoolSlowCallback.class),
            new Sample("pool-asyncresult", POOLS, "ready, successful, wait and get", PoolAsyncResult.class),
            new Sample("pool-terminate", POOLS, "end a pool at once", PoolTerminate.class),
            new Sample("pool-crawl", POOLS, "workers fetch pages, the parent parses them", PoolCrawl.class),
            new Sample("pool-socket-server", POOLS, "accepted sockets go to four workers", PoolSocketServer.class),
            new Sample("executor-submit", POOLS, "futures, and as many workers as processors", ExecutorSubmit.class),
            new Sample("executor-callback", POOLS, "what follows a result runs in the parent", ExecutorCallback.class),
            new Sample("executor-map", POOLS, "six large numbers, are they prime?", ExecutorMap.class),
            new Sample("executor-with", POOLS, "a try block that waits for its work", ExecutorWith.class),
            new Sample("executor-cancel", POOLS, "cancel what waits; shut down without waiting", ExecutorCancel.class),
            new Sample(
                    "executor-manager-queue",
                    POOLS,
                    "tasks put into a manager's queue, callbacks take",
                    ExecutorManagerQueue.class),
            new Sample("executor-crash", POOLS, "a killed worker fails one future", ExecutorCrash.class),
            new Sample("ascompleted", POOLS, "results as they finish", AsCompleted.class),
            new Sample("thread-basics", THREADS, "start, join, names, daemons, one heap", ThreadBasics.class),
            new Sample("thread-race-lock", THREADS, "lost updates without a lock, none with one", ThreadRaceLock.class),
            new Sample("thread-deadlock-rlock", THREADS, "noodles and fork, and a way out", ThreadDeadlockRlock.class),
            new Sample(
                    "thread-semaphore-event-condition-timer",
                    THREADS,
                    "seats, lights, three tries, and later",
                    ThreadSemaphoreEventConditionTimer.class),
            new Sample(
                    "thread-queues", THREADS, "first, last, or by priority; wait till all is done", ThreadQueues.class),
            new Sample("thread-local", THREADS, "a total for each thread", ThreadLocalTotals.class),
            new Sample("thread-pool", THREADS, "submit, map, callbacks, 300 urls by ten threads", ThreadPool.class),
            new Sample("singleton", THREADS, "one instance for all threads, wrong and right", Singleton.class),
            new Sample("coroutine-generator", THREADS, "made when it is asked for, in turns", CoroutineGenerator.class),
            new Sample("coroutine-echo", THREADS, "500 clients at once, one process", CoroutineEcho.class),
            new Sample("net-tcp-udp", THREADS, "a word there and back, over TCP and UDP", NetTcpUdp.class),
            new Sample("net-framing", THREADS, "two sends are one read, unless there are frames", NetFraming.class),
            new Sample("net-select", THREADS, "one thread for twenty clients", NetSelect.class),
            new Sample("sched-fcfs", SCHEDULING, "first come, first served", SchedFcfs.class),
            new Sample("sched-sjf", SCHEDULING, "the shortest job first", SchedSjf.class),
            new Sample("sched-rr", SCHEDULING, "in turns: processes are paused and resumed", SchedRr.class),
            new Sample("sched-mlfq", SCHEDULING, "a multilevel feedback queue", SchedMlfq.class));

    private Catalog() {}

    /** A sample: what it is called, where it belongs, what it shows in one line, and its main class. */
    public record Sample(String id, String section, String line, Class<?> main) {}

    public static List<Sample> all() {
        return SAMPLES;
    }

    public static Optional<Sample> find(String id) {
        return SAMPLES.stream().filter(sample -> sample.id().equals(id)).findFirst();
    }
}
