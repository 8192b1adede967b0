package io.multijvm;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.multijvm.connection.Connection;
import io.multijvm.connection.Connections;
import io.multijvm.connection.Pipe;
import io.multijvm.executor.Futures;
import io.multijvm.executor.Futures.ReturnWhen;
import io.multijvm.executor.MapOptions;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.ipc.Deadline;
import io.multijvm.manager.ManagedBarrier;
import io.multijvm.manager.ManagedCondition;
import io.multijvm.manager.ManagedEvent;
import io.multijvm.manager.ManagedJoinableQueue;
import io.multijvm.manager.ManagedPool;
import io.multijvm.manager.ManagedQueue;
import io.multijvm.manager.ManagedResult;
import io.multijvm.manager.ManagedSemaphore;
import io.multijvm.manager.Manager;
import io.multijvm.manager.ManagerOptions;
import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.Pool;
import io.multijvm.pool.PoolOptions;
import io.multijvm.pool.ResultIterator;
import io.multijvm.pool.Retry;
import io.multijvm.pool.TaskOptions;
import io.multijvm.pool.WorkerDiedException;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ParentProcess;
import io.multijvm.process.ProcessContext;
import io.multijvm.process.Target;
import io.multijvm.queue.JoinableQueue;
import io.multijvm.queue.ProcessQueue;
import io.multijvm.queue.QueueEmptyException;
import io.multijvm.queue.QueueFullException;
import io.multijvm.shared.SharedInt;
import io.multijvm.sync.ProcessBarrier;
import io.multijvm.sync.ProcessCondition;
import io.multijvm.sync.ProcessEvent;
import io.multijvm.sync.ProcessSemaphore;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.Rounds;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every public method that takes a {@link Duration}, or a time and its unit: times beyond 292 years, at which nanoseconds
 * end, are as good as for ever, and zero and less are as its Javadoc says.
 */
@ForkTest
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"
}) // a test that fails needs its lock no more; no wake-up is spurious
final class DurationsTest {
    private static final Path PUBLIC_TYPES = Path.of("src/test/resources/public-types.txt");

    /** Public for the executor alone. */
    private static final String ENGINE = "io.multijvm.pool.Workers";

    private static final List<Limit> FOR_EVER = firstOf(
            new Limit(ChronoUnit.FOREVER.getDuration(), Long.MAX_VALUE, TimeUnit.DAYS),
            new Limit(Duration.ofNanos(Long.MAX_VALUE), Long.MAX_VALUE, TimeUnit.NANOSECONDS),
            new Limit(Duration.ofSeconds(Long.MAX_VALUE), Long.MAX_VALUE, TimeUnit.MILLISECONDS),
            new Limit(Duration.ofNanos(Long.MAX_VALUE / 2), Long.MAX_VALUE / 2, TimeUnit.NANOSECONDS));
    private static final List<Limit> NONE = firstOf(
            new Limit(Duration.ZERO, 0, TimeUnit.SECONDS),
            new Limit(Duration.ofSeconds(Long.MIN_VALUE), Long.MIN_VALUE, TimeUnit.DAYS),
            new Limit(Duration.ofNanos(-1), -1, TimeUnit.NANOSECONDS));

    private static Manager manager;

    @BeforeAll
    static void start() {
        manager = Manager.start(ManagerOptions.defaults());
    }

    @AfterAll
    static void end() {
        manager.shutdown();
    }

    /** The first two, which differ most, or all of them in a full run. */
    private static List<Limit> firstOf(Limit... limits) {
        return List.of(limits).subList(0, Rounds.of(2, limits.length));
    }

    /** The same time, as methods take it. */
    private record Limit(Duration duration, long time, TimeUnit unit) {}

    /** A call of a method with a limit. */
    private interface Call {
        @Nullable
        Object with(Limit limit) throws Exception;
    }

    /** How a method is called: so that it returns whatever the limit is, and returns true; and so that it would have to wait. */
    private record Row(Call inTime, Call tooLate, @Nullable Object outcome) {}

    /** {@code outcome} is the value, or the class of the exception, that {@code tooLate} has where there is no time. */
    private static Row row(Call inTime, Call tooLate, @Nullable Object outcome) {
        return new Row(inTime, tooLate, outcome);
    }

    /** The outcome of {@code call}, which waits until {@code release} is run. */
    private static <T> T released(Callable<T> call, Target release) throws Exception {
        Background<T> waiting = Background.run(call).awaitWaiting();
        release.run();
        return waiting.get();
    }

    private static boolean done(Target call) throws Exception {
        call.run();
        return true;
    }

    // Locks, and what has permits.

    private interface TimedLock {
        boolean acquire(Lock lock, Limit limit) throws Exception;
    }

    private static Row lock(Callable<? extends Lock> source, TimedLock method) {
        return row(
                limit -> {
                    Lock lock = source.call();
                    var taken = new Object[1];
                    lock.lock();
                    var waiting = Background.run(() -> {
                        boolean had = method.acquire(lock, limit);
                        lock.unlock();
                        return had;
                    });
                    waiting.awaitWaiting();
                    lock.unlock();
                    taken[0] = waiting.get();
                    return taken[0];
                },
                limit -> {
                    Lock lock = source.call();
                    lock.lock();
                    boolean had =
                            Background.run(() -> method.acquire(lock, limit)).get();
                    lock.unlock();
                    return had;
                },
                false);
    }

    private static Row semaphore(TimedSemaphore method) {
        return row(
                limit -> {
                    ProcessSemaphore semaphore = MultiJvm.semaphore(0);
                    return released(() -> method.acquire(semaphore, limit), semaphore::release);
                },
                limit -> method.acquire(MultiJvm.semaphore(0), limit),
                false);
    }

    private interface TimedSemaphore {
        boolean acquire(ProcessSemaphore semaphore, Limit limit) throws Exception;
    }

    private static Row managedSemaphore(TimedManagedSemaphore method) {
        return row(
                limit -> {
                    ManagedSemaphore semaphore = manager.semaphore(0);
                    return released(() -> method.acquire(semaphore, limit), semaphore::release);
                },
                limit -> method.acquire(manager.semaphore(0), limit),
                false);
    }

    private interface TimedManagedSemaphore {
        boolean acquire(ManagedSemaphore semaphore, Limit limit) throws Exception;
    }

    // Conditions.

    private interface TimedCondition<C> {
        boolean await(C condition, Limit limit) throws Exception;
    }

    private static <C extends Condition> Row condition(Callable<C> source, LockOf<C> lockOf, TimedCondition<C> method) {
        return row(
                limit -> {
                    C condition = source.call();
                    Lock lock = lockOf.of(condition);
                    return signalled(() -> awaitWithin(condition, lock, method, limit), condition, lock);
                },
                limit -> {
                    C condition = source.call();
                    return awaitWithin(condition, lockOf.of(condition), method, limit);
                },
                false);
    }

    /** The outcome of {@code call}, which waits until the condition is signalled. */
    private static <T> T signalled(Callable<T> call, Condition condition, Lock lock) throws Exception {
        Background<T> waiting = Background.run(call);
        Eventually.holds(() -> {
            lock.lock();
            int sleepers = condition instanceof ProcessCondition ours
                    ? ours.waiting()
                    : ((ManagedCondition) condition).waiting();
            condition.signalAll();
            lock.unlock();
            return sleepers > 0;
        });
        return waiting.get();
    }

    private interface LockOf<C> {
        Lock of(C condition);
    }

    private static <C> boolean awaitWithin(C condition, Lock lock, TimedCondition<C> method, Limit limit)
            throws Exception {
        lock.lock();
        boolean told = method.await(condition, limit);
        lock.unlock();
        return told;
    }

    /** A predicate that is true when it is asked for the second time. */
    private static final class Second {
        private int asked;

        boolean isReached() {
            asked++;
            return asked > 1;
        }
    }

    // Barriers.

    private interface TimedBarrier<B> {
        int await(B barrier, Limit limit) throws Exception;
    }

    private static <B> Row barrier(Callable<B> source, TimedBarrier<B> await, TimedBarrier<B> other, Class<?> late) {
        return row(
                limit -> {
                    B barrier = source.call();
                    return released(() -> await.await(barrier, limit), () -> other.await(barrier, limit)) >= 0;
                },
                limit -> await.await(source.call(), limit),
                late);
    }

    // Queues.

    private interface Put<Q> {
        boolean put(Q queue, Limit limit) throws Exception;
    }

    private static <Q extends Collection<Integer>> Row put(
            Callable<Q> ofOne, Put<Q> method, Take<Q> take, Object outcome) {
        return row(
                limit -> {
                    Q queue = ofOne.call();
                    queue.add(1);
                    return released(() -> method.put(queue, limit), () -> take.take(queue, FOR_EVER.get(0)));
                },
                limit -> {
                    Q queue = ofOne.call();
                    queue.add(1);
                    return method.put(queue, limit);
                },
                outcome);
    }

    private interface Take<Q> {
        @Nullable
        Object take(Q queue, Limit limit) throws Exception;
    }

    private static <Q extends Collection<Integer>> Row take(
            Callable<Q> source, Take<Q> method, @Nullable Object outcome) {
        return row(
                limit -> {
                    Q queue = source.call();
                    return Objects.equals(
                            released(() -> Objects.requireNonNull(method.take(queue, limit)), () -> queue.add(7)), 7);
                },
                limit -> method.take(source.call(), limit),
                outcome);
    }

    private static Map<String, Row> rowsOfSync() {
        Callable<ProcessCondition> condition = MultiJvm::condition;
        return Map.ofEntries(
                entry(
                        "sync.ProcessLock.acquire(Duration)",
                        lock(
                                MultiJvm::lock,
                                (lock, limit) -> ((io.multijvm.sync.ProcessLock) lock).acquire(limit.duration()))),
                entry(
                        "sync.ProcessLock.tryLock(long, TimeUnit)",
                        lock(MultiJvm::lock, (lock, limit) -> lock.tryLock(limit.time(), limit.unit()))),
                entry(
                        "sync.ReentrantProcessLock.acquire(Duration)",
                        lock(
                                MultiJvm::rlock,
                                (lock, limit) ->
                                        ((io.multijvm.sync.ReentrantProcessLock) lock).acquire(limit.duration()))),
                entry(
                        "sync.ReentrantProcessLock.tryLock(long, TimeUnit)",
                        lock(MultiJvm::rlock, (lock, limit) -> lock.tryLock(limit.time(), limit.unit()))),
                entry(
                        "sync.ProcessSemaphore.acquire(Duration)",
                        semaphore((semaphore, limit) -> semaphore.acquire(limit.duration()))),
                entry(
                        "sync.ProcessSemaphore.tryAcquire(Duration)",
                        semaphore((semaphore, limit) -> semaphore.tryAcquire(limit.duration()))),
                entry(
                        "sync.ProcessSemaphore.tryAcquire(long, TimeUnit)",
                        semaphore((semaphore, limit) -> semaphore.tryAcquire(limit.time(), limit.unit()))),
                entry(
                        "sync.ProcessEvent.await(Duration)",
                        row(
                                limit -> {
                                    ProcessEvent event = MultiJvm.event();
                                    return released(() -> event.await(limit.duration()), event::set);
                                },
                                limit -> MultiJvm.event().await(limit.duration()),
                                false)),
                entry(
                        "sync.ProcessEvent.await(long, TimeUnit)",
                        row(
                                limit -> {
                                    ProcessEvent event = MultiJvm.event();
                                    return released(() -> event.await(limit.time(), limit.unit()), event::set);
                                },
                                limit -> MultiJvm.event().await(limit.time(), limit.unit()),
                                false)),
                entry(
                        "sync.ProcessCondition.acquire(Duration)",
                        lock(
                                MultiJvm::rlock,
                                (lock, limit) -> MultiJvm.condition(lock).acquire(limit.duration()))),
                entry(
                        "sync.ProcessCondition.await(Duration)",
                        condition(
                                condition, ProcessCondition::lock, (waited, limit) -> waited.await(limit.duration()))),
                entry(
                        "sync.ProcessCondition.await(long, TimeUnit)",
                        condition(
                                condition,
                                ProcessCondition::lock,
                                (waited, limit) -> waited.await(limit.time(), limit.unit()))),
                entry(
                        "sync.ProcessCondition.waitFor(BooleanSupplier, Duration)",
                        condition(condition, ProcessCondition::lock, (waited, limit) -> {
                            var second = new Second();
                            return waited.waitFor(second::isReached, limit.duration()) && !NONE.contains(limit);
                        })),
                entry(
                        "sync.ProcessBarrier.await(Duration)",
                        barrier(
                                () -> MultiJvm.barrier(2),
                                (barrier, limit) -> barrier.await(limit.duration()),
                                (barrier, limit) -> barrier.await(),
                                BrokenBarrierException.class)),
                entry(
                        "sync.ProcessBarrier.await(long, TimeUnit)",
                        barrier(
                                () -> MultiJvm.barrier(2),
                                (barrier, limit) -> barrier.await(limit.time(), limit.unit()),
                                (barrier, limit) -> barrier.await(),
                                TimeoutException.class)),
                entry(
                        "sync.ProcessBarrier.create(int, Target, Duration)",
                        barrierWith(limit -> ProcessBarrier.create(2, null, limit.duration()))),
                entry(
                        "MultiJvm.barrier(int, Target, Duration)",
                        barrierWith(limit -> MultiJvm.barrier(2, null, limit.duration()))),
                entry(
                        "Context.barrier(int, Target, Duration)",
                        barrierWith(
                                limit -> MultiJvm.getContext(StartMethod.SPAWN).barrier(2, null, limit.duration()))));
    }

    private interface BarrierWith {
        ProcessBarrier of(Limit limit);
    }

    private static Row barrierWith(BarrierWith source) {
        return row(
                limit -> {
                    ProcessBarrier barrier = source.of(limit);
                    return released(barrier::await, () -> barrier.await()) >= 0;
                },
                limit -> source.of(limit).await(),
                BrokenBarrierException.class);
    }

    private static Map<String, Row> rowsOfQueues() {
        Callable<ProcessQueue<Integer>> queue = () -> MultiJvm.queue(1);
        Callable<JoinableQueue<Integer>> joinable = MultiJvm::joinableQueue;
        return Map.ofEntries(
                entry(
                        "queue.ProcessQueue.put(Object, Duration)",
                        put(
                                queue,
                                (full, limit) -> done(() -> full.put(2, limit.duration())),
                                (full, limit) -> full.take(),
                                QueueFullException.class)),
                entry(
                        "queue.ProcessQueue.offer(Object, long, TimeUnit)",
                        put(
                                queue,
                                (full, limit) -> full.offer(2, limit.time(), limit.unit()),
                                (full, limit) -> full.take(),
                                false)),
                entry(
                        "queue.ProcessQueue.get(Duration)",
                        take(queue, (empty, limit) -> empty.get(limit.duration()), QueueEmptyException.class)),
                entry(
                        "queue.ProcessQueue.poll(long, TimeUnit)",
                        take(queue, (empty, limit) -> empty.poll(limit.time(), limit.unit()), null)),
                entry(
                        "queue.JoinableQueue.getDelivery(Duration)",
                        take(
                                joinable,
                                (empty, limit) ->
                                        empty.getDelivery(limit.duration()).item(),
                                QueueEmptyException.class)),
                entry(
                        "queue.JoinableQueue.join(Duration)",
                        row(
                                limit -> {
                                    JoinableQueue<Integer> unfinished = MultiJvm.joinableQueue();
                                    unfinished.add(1);
                                    return released(() -> unfinished.join(limit.duration()), () -> {
                                        int ignored = unfinished.take();
                                        unfinished.taskDone();
                                    });
                                },
                                limit -> {
                                    JoinableQueue<Integer> unfinished = MultiJvm.joinableQueue();
                                    unfinished.add(1);
                                    return unfinished.join(limit.duration());
                                },
                                false)));
    }

    private static Map<String, Row> rowsOfConnections() {
        return Map.of(
                "connection.Connection.poll(Duration)",
                row(
                        limit -> {
                            try (Pipe pipe = MultiJvm.pipe()) {
                                Connection reader = pipe.reader();
                                return released(
                                        () -> reader.poll(limit.duration()),
                                        () -> pipe.writer().send(1));
                            }
                        },
                        limit -> {
                            try (Pipe pipe = MultiJvm.pipe()) {
                                return pipe.reader().poll(limit.duration());
                            }
                        },
                        false),
                "connection.Connections.wait(Collection, Duration)",
                row(
                        limit -> {
                            try (Pipe pipe = MultiJvm.pipe()) {
                                List<Connection> reader = List.of(pipe.reader());
                                return released(
                                                () -> Connections.wait(reader, limit.duration()),
                                                () -> pipe.writer().send(1))
                                        .equals(reader);
                            }
                        },
                        limit -> {
                            try (Pipe pipe = MultiJvm.pipe()) {
                                return Connections.wait(List.of(pipe.reader()), limit.duration());
                            }
                        },
                        List.of()));
    }

    private static Map<String, Row> rowsOfManagedSync() {
        Callable<ManagedCondition> condition = () -> manager.condition();
        return Map.ofEntries(
                entry(
                        "manager.ManagedLock.acquire(Duration)",
                        lock(
                                () -> manager.lock(),
                                (lock, limit) -> ((io.multijvm.manager.ManagedLock) lock).acquire(limit.duration()))),
                entry(
                        "manager.ManagedLock.tryLock(long, TimeUnit)",
                        lock(() -> manager.lock(), (lock, limit) -> lock.tryLock(limit.time(), limit.unit()))),
                entry(
                        "manager.ManagedReentrantLock.acquire(Duration)",
                        lock(
                                () -> manager.rlock(),
                                (lock, limit) ->
                                        ((io.multijvm.manager.ManagedReentrantLock) lock).acquire(limit.duration()))),
                entry(
                        "manager.ManagedReentrantLock.tryLock(long, TimeUnit)",
                        lock(() -> manager.rlock(), (lock, limit) -> lock.tryLock(limit.time(), limit.unit()))),
                entry(
                        "manager.ManagedSemaphore.acquire(Duration)",
                        managedSemaphore((semaphore, limit) -> semaphore.acquire(limit.duration()))),
                entry(
                        "manager.ManagedSemaphore.tryAcquire(Duration)",
                        managedSemaphore((semaphore, limit) -> semaphore.tryAcquire(limit.duration()))),
                entry(
                        "manager.ManagedSemaphore.tryAcquire(long, TimeUnit)",
                        managedSemaphore((semaphore, limit) -> semaphore.tryAcquire(limit.time(), limit.unit()))),
                entry(
                        "manager.ManagedEvent.await(Duration)",
                        row(
                                limit -> {
                                    ManagedEvent event = manager.event();
                                    return released(() -> event.await(limit.duration()), event::set);
                                },
                                limit -> manager.event().await(limit.duration()),
                                false)),
                entry(
                        "manager.ManagedEvent.await(long, TimeUnit)",
                        row(
                                limit -> {
                                    ManagedEvent event = manager.event();
                                    return released(() -> event.await(limit.time(), limit.unit()), event::set);
                                },
                                limit -> manager.event().await(limit.time(), limit.unit()),
                                false)),
                entry(
                        "manager.ManagedCondition.acquire(Duration)",
                        lock(
                                () -> manager.rlock(),
                                (lock, limit) -> manager.condition(lock).acquire(limit.duration()))),
                entry(
                        "manager.ManagedCondition.await(Duration)",
                        condition(
                                condition, ManagedCondition::lock, (waited, limit) -> waited.await(limit.duration()))),
                entry(
                        "manager.ManagedCondition.await(long, TimeUnit)",
                        condition(
                                condition,
                                ManagedCondition::lock,
                                (waited, limit) -> waited.await(limit.time(), limit.unit()))),
                entry(
                        "manager.ManagedCondition.waitFor(BooleanSupplier, Duration)",
                        condition(condition, ManagedCondition::lock, (waited, limit) -> {
                            var second = new Second();
                            return waited.waitFor(second::isReached, limit.duration()) && !NONE.contains(limit);
                        })),
                entry(
                        "manager.ManagedBarrier.await(Duration)",
                        barrier(
                                () -> manager.barrier(2),
                                (barrier, limit) -> barrier.await(limit.duration()),
                                (barrier, limit) -> barrier.await(),
                                BrokenBarrierException.class)),
                entry(
                        "manager.ManagedBarrier.await(long, TimeUnit)",
                        barrier(
                                () -> manager.barrier(2),
                                (barrier, limit) -> barrier.await(limit.time(), limit.unit()),
                                (barrier, limit) -> barrier.await(),
                                TimeoutException.class)),
                entry(
                        "manager.Manager.barrier(int, Target, Duration)",
                        row(
                                limit -> {
                                    ManagedBarrier barrier = manager.barrier(2, null, limit.duration());
                                    return released(barrier::await, () -> barrier.await()) >= 0;
                                },
                                limit -> manager.barrier(2, null, limit.duration())
                                        .await(),
                                BrokenBarrierException.class)));
    }

    private static Map<String, Row> rowsOfManagers() {
        Callable<ManagedQueue<Integer>> queue = () -> manager.queue(1);
        Callable<ManagedJoinableQueue<Integer>> joinable = () -> manager.joinableQueue();
        return Map.ofEntries(
                entry(
                        "manager.ManagedQueue.put(Object, Duration)",
                        put(
                                queue,
                                (full, limit) -> done(() -> full.put(2, limit.duration())),
                                (full, limit) -> full.take(),
                                QueueFullException.class)),
                entry(
                        "manager.ManagedQueue.offer(Object, long, TimeUnit)",
                        put(
                                queue,
                                (full, limit) -> full.offer(2, limit.time(), limit.unit()),
                                (full, limit) -> full.take(),
                                false)),
                entry(
                        "manager.ManagedQueue.get(Duration)",
                        take(queue, (empty, limit) -> empty.get(limit.duration()), QueueEmptyException.class)),
                entry(
                        "manager.ManagedQueue.poll(long, TimeUnit)",
                        take(queue, (empty, limit) -> empty.poll(limit.time(), limit.unit()), null)),
                entry(
                        "manager.ManagedJoinableQueue.getDelivery(Duration)",
                        take(
                                joinable,
                                (empty, limit) ->
                                        empty.getDelivery(limit.duration()).item(),
                                QueueEmptyException.class)),
                entry(
                        "manager.ManagedJoinableQueue.join(Duration)",
                        row(
                                limit -> {
                                    ManagedJoinableQueue<Integer> unfinished = manager.joinableQueue();
                                    unfinished.add(1);
                                    return released(() -> unfinished.join(limit.duration()), unfinished::taskDone);
                                },
                                limit -> {
                                    ManagedJoinableQueue<Integer> unfinished = manager.joinableQueue();
                                    unfinished.add(1);
                                    return unfinished.join(limit.duration());
                                },
                                false)),
                entry(
                        "manager.Manager.shutdown(Duration)",
                        row(DurationsTest::shutDown, DurationsTest::shutDown, true)),
                entry(
                        "manager.Manager.join(Duration)",
                        row(
                                limit -> {
                                    try (Manager ending = Manager.start(ManagerOptions.defaults())) {
                                        Manager connected = Manager.connect(ending.address(), ending.authkey());
                                        return released(() -> connected.join(limit.duration()), ending::shutdown)
                                                && ending.join(limit.duration());
                                    }
                                },
                                limit -> manager.join(limit.duration())
                                        || Manager.connect(manager.address(), manager.authkey())
                                                .join(limit.duration()),
                                false)),
                entry(
                        "manager.ManagedPool.join(Duration)",
                        row(
                                limit -> withPool(pool -> {
                                    pool.shutdown();
                                    return pool.join(limit.duration());
                                }),
                                limit -> withPool(pool -> {
                                    ManagedEvent event = manager.event();
                                    ManagedResult<?> result = pool.applyAsync(() -> {
                                        event.await();
                                        return 0;
                                    });
                                    pool.shutdown();
                                    boolean ended = pool.join(limit.duration());
                                    event.set();
                                    Object ignored = result.get();
                                    return ended;
                                }),
                                false)),
                entry(
                        "manager.ManagedResult.get(Duration)",
                        result(
                                (result, limit) -> Objects.equals(result.get(limit.duration()), 7),
                                TimeoutException.class)),
                entry(
                        "manager.ManagedResult.get(long, TimeUnit)",
                        result(
                                (result, limit) -> Objects.equals(result.get(limit.time(), limit.unit()), 7),
                                TimeoutException.class)),
                entry(
                        "manager.ManagedResult.await(Duration)",
                        result((result, limit) -> result.await(limit.duration()), false)));
    }

    private static boolean shutDown(Limit limit) throws InterruptedException {
        Manager ending = Manager.start(ManagerOptions.defaults());
        ending.shutdown(limit.duration());
        return ending.join(Duration.ofSeconds(30));
    }

    private interface PoolCall {
        @Nullable
        Object of(ManagedPool pool) throws Exception;
    }

    private static @Nullable Object withPool(PoolCall call) throws Exception {
        try (Manager own = Manager.start(ManagerOptions.defaults());
                ManagedPool pool = own.pool(1)) {
            return call.of(pool);
        }
    }

    private interface ResultCall {
        boolean of(ManagedResult<Integer> result, Limit limit) throws Exception;
    }

    private static Row result(ResultCall call, Object outcome) {
        return row(
                limit -> withPool(pool -> {
                    ManagedEvent event = manager.event();
                    ManagedResult<Integer> result = pool.applyAsync(() -> {
                        event.await();
                        return 7;
                    });
                    return released(() -> call.of(result, limit), event::set);
                }),
                limit -> withPool(pool -> {
                    ManagedEvent event = manager.event();
                    ManagedResult<Integer> result = pool.applyAsync(() -> {
                        event.await();
                        return 7;
                    });
                    try {
                        return call.of(result, limit);
                    } finally {
                        event.set();
                        int ignored = result.get();
                    }
                }),
                outcome);
    }

    private static Map<String, Row> rowsOfStarts() {
        var pending = new CompletableFuture<Integer>();
        return Map.of(
                "MultiJvm.wait(Collection, Duration, ReturnWhen)",
                row(
                        limit -> {
                            var future = new CompletableFuture<Integer>();
                            return released(
                                            () -> MultiJvm.wait(
                                                    List.of(future), limit.duration(), ReturnWhen.ALL_COMPLETED),
                                            () -> future.complete(7))
                                    .notDone()
                                    .isEmpty();
                        },
                        limit -> MultiJvm.wait(List.of(pending), limit.duration(), ReturnWhen.ALL_COMPLETED)
                                .done()
                                .isEmpty(),
                        true),
                "MultiJvm.asCompleted(Collection, Duration)",
                row(
                        limit -> {
                            var future = new CompletableFuture<Integer>();
                            return released(
                                            () -> MultiJvm.asCompleted(List.of(future), limit.duration())
                                                    .next(),
                                            () -> future.complete(7))
                                    .isDone();
                        },
                        limit -> MultiJvm.asCompleted(List.of(pending), limit.duration())
                                .next(),
                        CompletionException.class),
                "Context.awaitWarm(int, Duration)",
                row(
                        limit -> MultiJvm.getContext(StartMethod.FORKSERVER).awaitWarm(0, limit.duration()),
                        limit -> MultiJvm.getContext(StartMethod.FORKSERVER).awaitWarm(1000, limit.duration()),
                        false),
                "MultiJvm.awaitWarm(int, Duration)",
                row(
                        limit -> MultiJvm.awaitWarm(0, limit.duration()),
                        limit -> MultiJvm.awaitWarm(1000, limit.duration()),
                        false));
    }

    private static Map<String, Row> rowsOfFutures() {
        var pending = new CompletableFuture<Integer>();
        return Map.of(
                "executor.Futures.await(Collection, Duration, ReturnWhen)",
                row(
                        limit -> {
                            var future = new CompletableFuture<Integer>();
                            return racing(
                                            () -> Futures.await(
                                                    List.of(future), limit.duration(), ReturnWhen.ALL_COMPLETED),
                                            () -> future.complete(7))
                                    .notDone()
                                    .isEmpty();
                        },
                        limit -> Futures.await(List.of(pending), limit.duration(), ReturnWhen.ALL_COMPLETED)
                                .done()
                                .isEmpty(),
                        true),
                "executor.Futures.asCompleted(Collection, Duration)",
                row(
                        limit -> {
                            var future = new CompletableFuture<Integer>();
                            return racing(
                                            () -> Futures.asCompleted(List.of(future), limit.duration())
                                                    .next(),
                                            () -> future.complete(7))
                                    .isDone();
                        },
                        limit -> Futures.asCompleted(List.of(pending), limit.duration())
                                .next(),
                        CompletionException.class));
    }

    /** The outcome of {@code call}, which may wait until {@code release} is run. */
    private static <T> T racing(Callable<T> call, Target release) throws Exception {
        Background<T> waiting = Background.run(call);
        release.run();
        return waiting.get();
    }

    private interface LocalPoolCall {
        @Nullable
        Object of(Pool pool, ProcessEvent event) throws Exception;
    }

    /** A pool of one worker, whose tasks may wait for the event; it is set at last. */
    private static @Nullable Object withLocalPool(PoolOptions options, LocalPoolCall call) throws Exception {
        ProcessEvent event = MultiJvm.event();
        try (Pool pool = MultiJvm.pool(options.workers(1))) {
            Object outcome = call.of(pool, event);
            event.set();
            return outcome;
        }
    }

    private static int seven(ProcessEvent event) throws InterruptedException {
        event.await();
        return 7;
    }

    private interface AsyncCall {
        boolean of(AsyncResult<Integer> result, Limit limit) throws Exception;
    }

    private static Row asyncResult(AsyncCall call, Object outcome) {
        PoolOptions options = PoolOptions.defaults();
        return row(
                limit -> withLocalPool(options, (pool, event) -> {
                    AsyncResult<Integer> result = pool.applyAsync(() -> seven(event));
                    return racing(() -> call.of(result, limit), event::set);
                }),
                limit -> withLocalPool(options, (pool, event) -> call.of(pool.applyAsync(() -> seven(event)), limit)),
                outcome);
    }

    private static Map<String, Row> rowsOfPools() {
        PoolOptions options = PoolOptions.defaults();
        return Map.of(
                "pool.AsyncResult.await(Duration)",
                asyncResult((result, limit) -> result.await(limit.duration()), false),
                "pool.AsyncResult.get(Duration)",
                asyncResult((result, limit) -> result.get(limit.duration()) == 7, TimeoutException.class),
                "pool.AsyncResult.get(long, TimeUnit)",
                asyncResult((result, limit) -> result.get(limit.time(), limit.unit()) == 7, TimeoutException.class),
                "pool.ResultIterator.next(Duration)",
                row(
                        limit -> withLocalPool(options, (pool, event) -> {
                            ResultIterator<Integer> results = pool.imap(ignored -> seven(event), List.of(1));
                            return racing(() -> results.next(limit.duration()) == 7, event::set);
                        }),
                        limit -> withLocalPool(
                                options,
                                (pool, event) -> pool.imap(ignored -> seven(event), List.of(1))
                                        .next(limit.duration())),
                        TimeoutException.class),
                "pool.Pool.join(Duration)",
                row(
                        limit -> withLocalPool(options, (pool, event) -> {
                            AsyncResult<Integer> ignored = pool.applyAsync(() -> seven(event));
                            pool.shutdown();
                            return racing(() -> pool.join(limit.duration()), event::set);
                        }),
                        limit -> withLocalPool(options, (pool, event) -> {
                            AsyncResult<Integer> ignored = pool.applyAsync(() -> seven(event));
                            pool.shutdown();
                            return pool.join(limit.duration());
                        }),
                        false));
    }

    private interface OptionsOf {
        PoolOptions of(Limit limit);
    }

    /** A pool with the options does its tasks, the second in the same worker as the first. */
    private static Row options(OptionsOf source) {
        return row(
                limit -> withLocalPool(source.of(limit), (pool, event) -> {
                    long worker = pool.apply(DurationsTest::pid);
                    int seven = racing(() -> pool.apply(() -> seven(event)), event::set);
                    return seven == 7 && pool.apply(DurationsTest::pid) == worker;
                }),
                source::of,
                IllegalArgumentException.class);
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    /** A task that ends its worker the first time, and returns the second time. */
    private static int secondTime(SharedInt times) {
        if (times.incrementAndGet() == 1) {
            Runtime.getRuntime().halt(1);
        }
        return 7;
    }

    private static Map<String, Row> rowsOfPoolOptions() {
        PoolOptions options = PoolOptions.defaults();
        return Map.of(
                "pool.PoolOptions.taskTimeout(Duration)",
                options(limit -> options.taskTimeout(limit.duration())),
                "pool.PoolOptions.grace(Duration)",
                options(limit -> options.grace(limit.duration())),
                "pool.PoolOptions.idleTimeout(Duration)",
                options(limit -> options.minWorkers(0).idleTimeout(limit.duration())),
                "pool.PoolOptions.restartBudget(int, Duration)",
                row(
                        limit -> withLocalPool(options.restartBudget(1, limit.duration()), (pool, event) -> {
                            SharedInt times = SharedInt.of(0);
                            assertThat(catchThrowable(() -> pool.apply(() -> secondTime(times))))
                                    .hasCauseInstanceOf(WorkerDiedException.class);
                            return pool.apply(() -> secondTime(times)) == 7;
                        }),
                        limit -> options.restartBudget(1, limit.duration()),
                        IllegalArgumentException.class),
                "pool.TaskOptions.timeout(Duration)",
                row(
                        limit -> withLocalPool(options, (pool, event) -> {
                            TaskOptions timed = TaskOptions.defaults().timeout(limit.duration());
                            AsyncResult<Integer> result = pool.applyAsync(() -> seven(event), timed);
                            event.set();
                            return result.get() == 7;
                        }),
                        limit -> TaskOptions.defaults().timeout(limit.duration()),
                        IllegalArgumentException.class),
                "pool.Retry.backOff(Duration, Duration)",
                row(
                        limit -> {
                            Retry retry = Retry.attempts(2).backOff(Duration.ofMillis(1), limit.duration());
                            return withLocalPool(options.retry(retry), (pool, event) -> {
                                SharedInt times = SharedInt.of(0);
                                return pool.apply(() -> secondTime(times)) == 7;
                            });
                        },
                        limit -> Retry.attempts(2).backOff(Duration.ofMillis(1), limit.duration()),
                        IllegalArgumentException.class));
    }

    private interface ExecutorCall {
        @Nullable
        Object of(ProcessPoolExecutor executor, ProcessEvent event) throws Exception;
    }

    private static @Nullable Object withExecutor(ExecutorCall call) throws Exception {
        ProcessEvent event = MultiJvm.event();
        try (ProcessPoolExecutor executor = MultiJvm.executor(1)) {
            Object outcome = call.of(executor, event);
            event.set();
            return outcome;
        }
    }

    private static Map<String, Row> rowsOfExecutors() {
        return Map.of(
                "executor.MapOptions.timeout(Duration)",
                row(
                        limit -> withExecutor((executor, event) -> {
                            var results = executor.map(
                                    ignored -> seven(event),
                                    List.of(1),
                                    MapOptions.defaults().timeout(limit.duration()));
                            return racing(() -> results.next() == 7, event::set);
                        }),
                        limit -> withExecutor((executor, event) -> executor.map(
                                        ignored -> seven(event),
                                        List.of(1),
                                        MapOptions.defaults().timeout(limit.duration()))
                                .next()),
                        CompletionException.class),
                "executor.ProcessPoolExecutor.invokeAll(Collection, long, TimeUnit)",
                row(
                        limit -> withExecutor((executor, event) -> {
                            List<Callable<Integer>> tasks =
                                    List.of((Callable<Integer> & Serializable) () -> seven(event));
                            return racing(
                                    () -> executor.invokeAll(tasks, limit.time(), limit.unit())
                                                    .get(0)
                                                    .get()
                                            == 7,
                                    event::set);
                        }),
                        limit -> withExecutor((executor, event) -> {
                            List<Callable<Integer>> tasks =
                                    List.of((Callable<Integer> & Serializable) () -> seven(event));
                            return executor.invokeAll(tasks, limit.time(), limit.unit())
                                    .get(0)
                                    .isCancelled();
                        }),
                        true),
                "executor.ProcessPoolExecutor.invokeAny(Collection, long, TimeUnit)",
                row(
                        limit -> withExecutor((executor, event) -> {
                            List<Callable<Integer>> tasks =
                                    List.of((Callable<Integer> & Serializable) () -> seven(event));
                            return racing(() -> executor.invokeAny(tasks, limit.time(), limit.unit()) == 7, event::set);
                        }),
                        limit -> withExecutor((executor, event) -> {
                            List<Callable<Integer>> tasks =
                                    List.of((Callable<Integer> & Serializable) () -> seven(event));
                            return executor.invokeAny(tasks, limit.time(), limit.unit());
                        }),
                        TimeoutException.class),
                "executor.ProcessPoolExecutor.awaitTermination(long, TimeUnit)",
                row(
                        limit -> withExecutor((executor, event) -> {
                            CompletableFuture<Integer> ignored = executor.submit(() -> seven(event));
                            executor.shutdown();
                            return racing(() -> executor.awaitTermination(limit.time(), limit.unit()), event::set);
                        }),
                        limit -> withExecutor((executor, event) -> {
                            CompletableFuture<Integer> ignored = executor.submit(() -> seven(event));
                            executor.shutdown();
                            return executor.awaitTermination(limit.time(), limit.unit());
                        }),
                        false));
    }

    private static Map<String, Row> rowsOfProcesses() {
        return Map.of(
                "process.JvmProcess.join(Duration)",
                row(
                        limit -> withProcess(
                                (process, event) -> racing(() -> process.join(limit.duration()), event::set)),
                        limit -> withProcess((process, event) -> process.join(limit.duration())),
                        false),
                "process.ParentProcess.join(Duration)",
                row(
                        limit -> {
                            Duration duration = limit.duration();
                            return exitCodeOf(() -> waitForParent(duration)) == 0;
                        },
                        limit -> {
                            Duration duration = limit.duration();
                            return exitCodeOf(
                                    () -> assertThat(parent().join(duration)).isFalse());
                        },
                        0),
                "process.ProcessContext.awaitWarm(int, Duration)",
                row(
                        limit -> ProcessContext.ofDefault().awaitWarm(0, limit.duration()),
                        limit -> ProcessContext.ofDefault().awaitWarm(1000, limit.duration()),
                        false));
    }

    private interface ProcessCall {
        boolean of(JvmProcess process, ProcessEvent event) throws Exception;
    }

    private static boolean withProcess(ProcessCall call) throws Exception {
        ProcessEvent event = MultiJvm.event();
        JvmProcess process = MultiJvm.process(event::await);
        process.start();
        boolean outcome = call.of(process, event);
        event.set();
        process.joinOrThrow();
        return outcome;
    }

    private static int exitCodeOf(Target target) throws InterruptedException {
        JvmProcess process = MultiJvm.process(target);
        process.start();
        process.join();
        return Objects.requireNonNull(process.exitCode());
    }

    private static ParentProcess parent() {
        return JvmProcess.parentProcess().orElseThrow();
    }

    /** Waits for the parent, until it is interrupted: a parent that ends would end this process. */
    private static void waitForParent(Duration limit) throws Exception {
        Thread waiter = Thread.currentThread();
        Background<Boolean> interrupts = Background.run(() -> {
            Eventually.holds(
                    () -> waiter.getState() == Thread.State.TIMED_WAITING || waiter.getState() == Thread.State.WAITING);
            waiter.interrupt();
            return true;
        });
        assertThat(catchThrowable(() -> parent().join(limit))).isInstanceOf(InterruptedException.class);
        assertThat(interrupts.get()).isTrue();
    }

    private static Map<String, Row> rowsOfDeadlines() {
        return Map.of(
                "ipc.Deadline.after(Duration)",
                row(
                        limit -> !Deadline.after(limit.duration()).isOver(),
                        limit -> Deadline.after(limit.duration()).isOver(),
                        true),
                "ipc.Deadline.after(long, TimeUnit)",
                row(
                        limit -> !Deadline.after(limit.time(), limit.unit()).isOver(),
                        limit -> Deadline.after(limit.time(), limit.unit()).isOver(),
                        true),
                "ipc.Deadline.nanos(Duration)",
                row(
                        limit -> Deadline.nanos(limit.duration()) >= Long.MAX_VALUE / 2,
                        limit -> Deadline.nanos(limit.duration()) <= 0,
                        true),
                "ipc.Deadline.plus(Duration)",
                row(
                        limit -> !Deadline.after(Duration.ZERO)
                                .plus(Duration.ofDays(1))
                                .plus(limit.duration())
                                .isOver(),
                        limit -> Deadline.after(Duration.ZERO)
                                .plus(limit.duration())
                                .isOver(),
                        true));
    }

    private static Map<String, Row> rows() {
        return Stream.of(
                        rowsOfSync(),
                        rowsOfQueues(),
                        rowsOfConnections(),
                        rowsOfManagedSync(),
                        rowsOfManagers(),
                        rowsOfStarts(),
                        rowsOfFutures(),
                        rowsOfPools(),
                        rowsOfPoolOptions(),
                        rowsOfExecutors(),
                        rowsOfProcesses(),
                        rowsOfDeadlines())
                .flatMap(some -> some.entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    static Set<String> methods() {
        return rows().keySet();
    }

    @Test
    void publicMethods_thatTakeATime_areAllHere() throws Exception {
        assertThat(methods()).isEqualTo(publicMethodsWithTimes());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void method_beyondMeasure_waitsAsForEver(String method) throws Exception {
        for (Limit limit : FOR_EVER) {
            assertThat(rows().get(method).inTime().with(limit))
                    .as("%s, %s", method, limit)
                    .isEqualTo(true);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void method_zeroOrLess_onlyTries(String method) {
        Row row = rows().get(method);
        for (Limit limit : NONE) {
            var value = new Object[1];
            Throwable thrown = catchThrowable(() -> value[0] = row.tooLate().with(limit));
            if (row.outcome() instanceof Class<?> type) {
                assertThat(thrown).as("%s, %s", method, limit).isInstanceOf(type);
            } else {
                assertThat(thrown).as("%s, %s", method, limit).isNull();
                assertThat(value[0]).as("%s, %s", method, limit).isEqualTo(row.outcome());
            }
        }
    }

    @Test
    void awaitNanosAndUntil_beyondMeasure_saturate() throws Exception {
        for (Condition condition : List.of(MultiJvm.condition(), manager.condition())) {
            Lock lock =
                    condition instanceof ProcessCondition ours ? ours.lock() : ((ManagedCondition) condition).lock();
            assertThat(signalled(() -> nanosLeft(condition, lock, Long.MAX_VALUE), condition, lock))
                    .isPositive();
            assertThat(nanosLeft(condition, lock, Long.MIN_VALUE)).isNegative();
            assertThat(nanosLeft(condition, lock, 0)).isNotPositive();
            assertThat(signalled(() -> awaitUntil(condition, lock, Long.MAX_VALUE), condition, lock))
                    .isTrue();
            assertThat(awaitUntil(condition, lock, Long.MIN_VALUE)).isFalse();
            assertThat(awaitUntil(condition, lock, 0)).isFalse();
        }
    }

    private static long nanosLeft(Condition condition, Lock lock, long nanos) throws InterruptedException {
        lock.lock();
        long left = condition.awaitNanos(nanos);
        lock.unlock();
        return left;
    }

    @SuppressWarnings("JavaUtilDate") // the interface has one
    private static boolean awaitUntil(Condition condition, Lock lock, long millis) throws InterruptedException {
        lock.lock();
        boolean told = condition.awaitUntil(new Date(millis));
        lock.unlock();
        return told;
    }

    private static Set<String> publicMethodsWithTimes() throws IOException, ClassNotFoundException {
        var found = new TreeSet<String>();
        for (String name : Files.readAllLines(PUBLIC_TYPES)) {
            Class<?> type = typeOf(name);
            for (Method method : type.getMethods()) {
                if (takesATime(method)
                        && !type.getName().equals(ENGINE)
                        && method.getDeclaringClass().getName().startsWith("io.multijvm.")) {
                    found.add(nameOf(type, method));
                }
            }
        }
        return found;
    }

    private static Class<?> typeOf(String sourceName) throws ClassNotFoundException {
        String name = sourceName;
        while (true) {
            try {
                return Class.forName(name, false, DurationsTest.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                int dot = name.lastIndexOf('.');
                if (dot < 0) {
                    throw e;
                }
                name = name.substring(0, dot) + '$' + name.substring(dot + 1);
            }
        }
    }

    private static boolean takesATime(Method method) {
        List<Class<?>> types = Arrays.asList(method.getParameterTypes());
        return types.contains(Duration.class) || types.contains(TimeUnit.class);
    }

    private static String nameOf(Class<?> type, Method method) {
        Class<?> declaring = method.getDeclaringClass();
        Class<?> named = Modifier.isPublic(declaring.getModifiers()) ? declaring : type;
        String parameters = Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", "(", ")"));
        return named.getName().substring("io.multijvm.".length()).replace('$', '.') + "." + method.getName()
                + parameters;
    }
}
