package io.multijvm.pool;

import io.multijvm.ipc.codec.Codec;
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
    private final Job job;

    /** Whose chunk it is. */
    interface Job {
        /** A chunk has ended: of each call there is the result or the failure. */
        void ended(ChunkWork chunk, @Nullable Object[] results, @Nullable Throwable @Nullable [] failures);
    }

    ChunkWork(int kind, Routine.Call call, TaskOptions options, PoolOptions pool, Job job, int index, int size) {
        super(kind, call, options, pool);
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
        return new ChunkWork(
                kind,
                Routine.call(routine, parameters, null),
                TaskOptions.defaults(),
                workers.options(),
                job,
                index,
                items.length);
    }

    @Override
    void succeeded(int how, byte[] bytes, int length) throws Exception {
        if (how == Protocol.PARTLY) {
            partly(ByteBuffer.wrap(bytes, 0, length));
            return;
        }
        Object decoded = Routine.decode(bytes, length, true);
        LargeBuffers.giveBack(bytes);
        job.ended(
                this,
                kind == Protocol.CALL
                        ? new @Nullable Object[] {decoded}
                        : (@Nullable Object[]) Objects.requireNonNull(decoded),
                null);
    }

    private void partly(ByteBuffer bytes) throws IOException, ClassNotFoundException {
        var failures = new @Nullable Throwable[size];
        for (int count = bytes.getInt(); count > 0; count--) {
            int failed = bytes.getInt();
            byte[] failure = new byte[bytes.getInt()];
            bytes.get(failure);
            failures[failed] = RemoteFailure.of(failure).toThrowable(Codec.loader());
        }
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        Object decoded = Routine.decode(rest, rest.length, true);
        job.ended(this, (@Nullable Object[]) Objects.requireNonNull(decoded), failures);
    }

    @Override
    void failed(Throwable failure) {
        var failures = new @Nullable Throwable[size];
        Arrays.fill(failures, failure);
        job.ended(this, new @Nullable Object[size], failures);
    }
}
