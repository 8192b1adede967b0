package io.multijvm.manager;

import io.multijvm.pool.AsyncResult;
import io.multijvm.pool.Pool;
import io.multijvm.pool.PoolOptions;
import io.multijvm.pool.Task;
import io.multijvm.pool.TaskBiFunction;
import io.multijvm.pool.TaskFunction;
import io.multijvm.process.Target;
import java.time.Duration;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A pool in the server, whose workers are the server's children. */
final class PoolObject extends ServedObject {
    /** What can be asked of it. */
    enum Verb {
        /** Task: its value. */
        APPLY,
        /** Task, what is called with its value, or with its failure: the result to come. */
        APPLY_ASYNC,
        /** Function, arguments, chunk size: the values. */
        MAP,
        /** As {@link #MAP}, what is called with the values, or with the failure: the result to come. */
        MAP_ASYNC,
        /** Function of two, pairs, chunk size: the values. */
        STARMAP,
        /** As {@link #STARMAP}, what is called with the values, or with the failure: the result to come. */
        STARMAP_ASYNC,
        /** Function, arguments, chunk size: an iterator over the values. */
        IMAP,
        /** As {@link #IMAP}, in any order. */
        IMAP_UNORDERED,
        SHUTDOWN,
        TERMINATE,
        /** Nanoseconds: whether it has ended in time. */
        JOIN,
        PIDS
    }

    private static final Verb[] VERBS = Verb.values();

    private final LocalServer server;
    private final Pool pool;

    PoolObject(LocalServer server, Pool pool) {
        this.server = server;
        this.pool = pool;
    }

    /** A time in nanoseconds; null for ever. */
    static @Nullable Duration timeout(Call call, int index) {
        Long nanos = call.argument(index);
        return nanos == null ? null : Duration.ofNanos(nanos);
    }

    @Override
    @Nullable
    Object serve(Call call) throws Exception {
        return switch (call.verb(VERBS)) {
            case APPLY -> {
                Task<?> task = call.argument(0);
                yield call.waiting((Callable<@Nullable Object>) () -> pool.apply(task));
            }
            case APPLY_ASYNC ->
                result(pool.applyAsync(call.<Task<?>>argument(0), consumer(call, 1), failures(call, 2)));
            case MAP -> {
                TaskFunction<@Nullable Object, ?> function = call.argument(0);
                List<?> arguments = call.argument(1);
                int chunk = call.<Integer>argument(2);
                yield call.waiting(() -> pool.map(function, arguments, chunk));
            }
            case MAP_ASYNC ->
                result(pool.mapAsync(
                        call.<TaskFunction<@Nullable Object, ?>>argument(0),
                        call.<List<?>>argument(1),
                        call.<Integer>argument(2),
                        consumer(call, 3),
                        failures(call, 4)));
            case STARMAP -> {
                TaskBiFunction<@Nullable Object, @Nullable Object, ?> function = call.argument(0);
                List<Map.Entry<?, ?>> pairs = pairs(call.argument(1));
                int chunk = call.<Integer>argument(2);
                yield call.waiting(() -> pool.starmap(function, pairs, chunk));
            }
            case STARMAP_ASYNC ->
                result(pool.starmapAsync(
                        call.<TaskBiFunction<@Nullable Object, @Nullable Object, ?>>argument(0),
                        pairs(call.argument(1)),
                        call.<Integer>argument(2),
                        consumer(call, 3),
                        failures(call, 4)));
            case IMAP ->
                iterator(new IteratorObject(pool.imap(
                        call.<TaskFunction<@Nullable Object, ?>>argument(0),
                        call.<List<?>>argument(1),
                        call.<Integer>argument(2))));
            case IMAP_UNORDERED ->
                iterator(new IteratorObject(pool.imapUnordered(
                        call.<TaskFunction<@Nullable Object, ?>>argument(0),
                        call.<List<?>>argument(1),
                        call.<Integer>argument(2))));
            case SHUTDOWN -> {
                pool.shutdown();
                yield null;
            }
            case TERMINATE -> {
                pool.terminate();
                yield null;
            }
            case JOIN -> {
                Duration timeout = timeout(call, 0);
                yield call.waiting(() -> pool.join(timeout));
            }
            case PIDS -> pool.pids();
        };
    }

    private Object result(AsyncResult<?> result) {
        return server.add(Kind.RESULT, "", new ResultObject(result)).proxy();
    }

    private Object iterator(IteratorObject iterator) {
        return server.add(Kind.ITERATOR, "", iterator).proxy();
    }

    private static @Nullable Consumer<@Nullable Object> consumer(Call call, int index) {
        return call.argument(index);
    }

    private static @Nullable Consumer<Throwable> failures(Call call, int index) {
        return call.argument(index);
    }

    /** As they are sent: lists of two. */
    private static List<Map.Entry<?, ?>> pairs(List<List<?>> sent) {
        return sent.stream()
                .<Map.Entry<?, ?>>map(pair -> new SimpleImmutableEntry<>(pair.get(0), pair.get(1)))
                .toList();
    }

    /** A pool of so many workers, each of which runs {@code initializer} first. */
    static Pool create(int workers, @Nullable Target initializer) {
        return Pool.create(PoolOptions.defaults().workers(workers).initializer(initializer));
    }

    @Override
    void serverEnds() {
        pool.close();
    }
}
