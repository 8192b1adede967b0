package io.multijvm.queue;

import io.multijvm.ipc.codec.Passable;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.queue.ItemQueue;
import io.multijvm.ipc.queue.ItemQueues;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A queue under way: where its memory is, or its directory. No record: rebuilding the first one costs a cold JVM 15 ms. */
final class Passed implements Passable {
    private static final long serialVersionUID = 1;

    private final Block.@Nullable Ref ref;
    private final @Nullable String directory; // of a durable queue
    private final boolean joinable;

    private Passed(Block.@Nullable Ref ref, @Nullable String directory, boolean joinable) {
        this.ref = ref;
        this.directory = directory;
        this.joinable = joinable;
    }

    static Passed of(ItemQueue queue) {
        Path durable = queue.durable();
        return new Passed(queue.ref(), durable == null ? null : durable.toString(), queue.isJoinable());
    }

    @Override
    public @Nullable Object[] parts() {
        return ref == null
                ? new @Nullable Object[] {joinable, directory}
                : new @Nullable Object[] {joinable, directory, ref.file(), ref.offset(), ref.size()};
    }

    /** The queue of which {@link #parts} has told. */
    static Object arrived(@Nullable Object[] parts) throws ObjectStreamException {
        Block.Ref ref = parts.length == 2 ? null : new Block.Ref((String) parts[2], (int) parts[3], (int) parts[4]);
        return new Passed(ref, (String) parts[1], (boolean) parts[0]).readResolve();
    }

    @Serial
    private Object readResolve() throws ObjectStreamException {
        try {
            ItemQueue queue = arrived();
            return joinable ? new JoinableQueue<>(queue) : new ProcessQueue<>(queue);
        } catch (IOException e) {
            var gone = new InvalidObjectException("the queue is gone, or of another program: " + e.getMessage());
            gone.initCause(e);
            throw gone;
        }
    }

    private ItemQueue arrived() throws IOException {
        if (directory != null) {
            int whatever = -1;
            return ItemQueues.open(Path.of(directory), whatever, joinable);
        }
        if (ref == null) {
            throw new InvalidObjectException("a queue of nowhere");
        }
        return ItemQueues.attach(ProcessContext.domain(), ref);
    }
}
