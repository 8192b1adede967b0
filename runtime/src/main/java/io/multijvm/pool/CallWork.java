package io.multijvm.pool;

import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.codec.UserCodeNeededException;
import io.multijvm.ipc.memory.LargeBuffers;
import io.multijvm.process.RemoteFailure;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One call, and its result. */
final class CallWork<R extends @Nullable Object> extends Work implements AsyncResult.Cancelling {
    private final Workers workers;
    private final Submission submission;
    private final AsyncResult<R> result;

    /**
     * A task as it was submitted.
     *
     * @param verb the method by which it is called
     * @param hasValue whether {@code value} is its result in place of what it returns
     */
    record Submission(
            Object task,
            Routine.Verb verb,
            TaskOptions options,
            boolean hasValue,
            @Nullable Object value) {
        static Submission of(Object task, Routine.Verb verb, TaskOptions options) {
            return new Submission(task, verb, options, false, null);
        }

        /**
         * The task as a worker gets it.
         *
         * @throws io.multijvm.ipc.codec.NotSendableException when it, or what it has captured, cannot be sent
         */
        Routine.Call encoded() {
            return Routine.callOf(task, verb);
        }

        /** Runs the task in this process. */
        @Nullable
        Object here() throws Throwable {
            Object returned = Routine.callee(task, verb).call();
            return hasValue ? value : returned;
        }
    }

    CallWork(Workers workers, Submission submission, Routine.Call call, AsyncResult<R> result) {
        super(Protocol.CALL, call, submission.options, workers.options());
        this.workers = workers;
        this.submission = submission;
        this.result = result;
        result.cancelling(this);
    }

    @Override
    void returned(int how, byte[] bytes, int length, End end) {
        if (submission.hasValue) {
            finish(submission.value, end);
            return;
        }
        try {
            Object value = Routine.decodePlain(bytes, length);
            LargeBuffers.giveBack(bytes);
            finish(value, end);
        } catch (UserCodeNeededException e) {
            result.arrive(() -> rebuild(bytes, length, end));
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            end.unreadable(e);
        }
    }

    private void rebuild(byte[] bytes, int length, End end) {
        try {
            FaultPoint.reach("pool.decode");
            Object value = Routine.decode(bytes, length, true);
            LargeBuffers.giveBack(bytes);
            finish(value, end);
        } catch (Exception | Error e) { // whatever the program's own code throws
            end.unreadable(e);
        }
    }

    private void finish(@Nullable Object value, End end) {
        end.rebuilt(null);
        boolean unused = result.end(value, null);
    }

    @Override
    void threw(RemoteFailure thrown, End end) {
        result.arrive(() -> failRebuilt(thrown, end));
    }

    @Override
    void failed(Throwable failure) {
        boolean unused = result.end(null, failure);
    }

    @Override
    public boolean cancel(boolean running) {
        return workers.cancel(this, running);
    }

    @Override
    public boolean isRunning() {
        return workers.isRunning(this);
    }

    @Override
    Runnable task() {
        return submission.task instanceof Runnable runnable ? runnable : this::runHere;
    }

    private void runHere() {
        try {
            Object unused = submission.here();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new CompletionException(e);
        }
    }
}
