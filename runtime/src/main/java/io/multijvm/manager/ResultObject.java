package io.multijvm.manager;

import io.multijvm.pool.AsyncResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The result of a task of a pool in the server. */
final class ResultObject extends ServedObject {
    /** What can be asked of it. */
    enum Verb {
        /** Nanoseconds: the value in time. */
        GET,
        /** Nanoseconds: whether it has ended in time. */
        AWAIT,
        READY,
        SUCCESSFUL,
        RUNNING,
        CANCELLED,
        /** Whether a running task is ended, too: whether that will be. */
        CANCEL
    }

    private static final Verb[] VERBS = Verb.values();

    private final AsyncResult<?> result;

    ResultObject(AsyncResult<?> result) {
        this.result = result;
    }

    @Override
    @Nullable
    Object serve(Call call) throws Exception {
        return switch (call.verb(VERBS)) {
            case GET -> {
                Duration timeout = PoolObject.timeout(call, 0);
                yield result.isDone() ? result.get() : call.waiting(() -> result.get(timeout));
            }
            case AWAIT -> {
                Duration timeout = PoolObject.timeout(call, 0);
                yield result.isDone() || call.waiting(() -> result.await(timeout));
            }
            case READY -> result.ready();
            case SUCCESSFUL -> result.successful();
            case RUNNING -> result.running();
            case CANCELLED -> result.isCancelled();
            case CANCEL -> result.cancel(call.<Boolean>argument(0));
        };
    }
}
