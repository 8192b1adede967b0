package io.multijvm.pool;

import io.multijvm.ipc.memory.LargeBuffers;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One call, and its result. */
final class CallWork<R extends @Nullable Object> extends Work implements AsyncResult.Cancelling {
    private final Workers workers;
    private final Object task;
    private final AsyncResult<R> result;

    CallWork(Workers workers, Object task, Routine.Call call, TaskOptions options, AsyncResult<R> result) {
        super(Protocol.CALL, call, options, workers.options());
        this.workers = workers;
        this.task = task;
        this.result = result;
        result.cancelling(this);
    }

    @Override
    void succeeded(int how, byte[] bytes, int length) throws Exception {
        Object value = Routine.decode(bytes, length, true);
        LargeBuffers.giveBack(bytes);
        result.end(value, null);
    }

    @Override
    void failed(Throwable failure) {
        result.end(null, failure);
    }

    @Override
    public boolean cancel(boolean running) {
        return workers.cancel(this, running);
    }

    @Override
    public boolean isRunning() {
        return workers.isRunning(this);
    }

    /** What was submitted, for who runs it elsewhere. */
    @Override
    Runnable task() {
        return task instanceof Runnable runnable ? runnable : () -> here(task);
    }

    /** Runs a task in this process. */
    static @Nullable Object here(Object task) {
        try {
            return Routine.callee(task).call();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new CompletionException(e);
        }
    }
}
