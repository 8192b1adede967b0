package io.multijvm.pool;

import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.codec.UserCodeNeededException;
import io.multijvm.ipc.memory.LargeBuffers;
import io.multijvm.process.RemoteFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Calls of one routine that are one task. */
final class ChunkWork extends Work {
    final int index; // among its job's chunks
    final int size; // calls
    private final Workers workers;
    private final Job job;

    /** The receiver of the results of its chunks. */
    interface Job {
        /** A chunk has ended: of each call there is the result or the failure. Called on any thread; runs no code of the program. */
        void ended(ChunkWork chunk, @Nullable Object[] results, @Nullable Throwable @Nullable [] failures);
    }

    ChunkWork(int kind, Routine.Call call, Workers workers, Job job, int index, int size) {
        super(kind, call, TaskOptions.defaults(), workers.options());
        this.workers = workers;
        this.job = job;
        this.index = index;
        this.size = size;
    }

    /** The chunk of {@code items}; a single one is a call like any other. */
    static ChunkWork of(
            Routine routine, @Nullable Object[] items, boolean spread, Workers workers, Job job, int index) {
        boolean single = items.length == 1;
        @Nullable Object[] parameters = single && spread ? WorkerMain.parametersOf(items[0]) : items;
        int kind = single ? Protocol.CALL : spread ? Protocol.SPREAD : Protocol.EACH;
        return new ChunkWork(kind, Routine.call(routine, parameters, null), workers, job, index, items.length);
    }

    @Override
    void returned(int how, byte[] bytes, int length, End end) {
        if (how == Protocol.DONE) {
            try {
                Object decoded = Routine.decodePlain(bytes, length);
                LargeBuffers.giveBack(bytes);
                finish(decoded, null, end);
                return;
            } catch (UserCodeNeededException e) {
                // by another thread
            } catch (IOException | ClassNotFoundException | RuntimeException e) {
                end.unreadable(e);
                return;
            }
        }
        workers.userCode().execute(() -> rebuild(how, bytes, length, end));
    }

    private void rebuild(int how, byte[] bytes, int length, End end) {
        try {
            FaultPoint.reach("pool.decode");
            if (how == Protocol.PARTLY) {
                partly(ByteBuffer.wrap(bytes, 0, length), end);
            } else {
                Object decoded = Routine.decode(bytes, length, true);
                LargeBuffers.giveBack(bytes);
                finish(decoded, null, end);
            }
        } catch (Exception | Error e) { // whatever the program's own code throws
            end.unreadable(e);
        }
    }

    private void finish(@Nullable Object decoded, @Nullable Throwable @Nullable [] failures, End end) {
        @Nullable
        Object[] results = kind == Protocol.CALL
                ? new @Nullable Object[] {decoded}
                : (@Nullable Object[]) Objects.requireNonNull(decoded);
        end.rebuilt(null);
        job.ended(this, results, failures);
    }

    private void partly(ByteBuffer bytes, End end) throws IOException, ClassNotFoundException {
        var failures = new @Nullable Throwable[size];
        for (int count = bytes.getInt(); count > 0; count--) {
            int failed = bytes.getInt();
            byte[] failure = new byte[bytes.getInt()];
            bytes.get(failure);
            failures[failed] = rebuild(RemoteFailure.of(failure));
        }
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        finish(Routine.decode(rest, rest.length, true), failures, end);
    }

    @Override
    void threw(RemoteFailure thrown, End end) {
        workers.userCode().execute(() -> failRebuilt(thrown, end));
    }

    @Override
    void failed(Throwable failure) {
        var failures = new @Nullable Throwable[size];
        Arrays.fill(failures, failure);
        job.ended(this, new @Nullable Object[size], failures);
    }
}
