package io.multijvm.queue;

import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.queue.ItemQueue;
import io.multijvm.ipc.queue.ItemQueues;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A queue under way: where its memory is, or its directory. No record: rebuilding the first one costs a cold JVM 15 ms. */
final class Passed implements Serializable {
    private static final long serialVersionUID = 1;

    private final Block.@Nullable Ref ref;
    private final @Nullable String directory; // of a durable queue
    private final boolean joinable;

    Passed(ItemQueue queue) {
        this.ref = queue.ref();
        Path durable = queue.durable();
        this.directory = durable == null ? null : durable.toString();
        this.joinable = queue.isJoinable();
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
