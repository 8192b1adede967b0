package io.multijvm.sync;

import io.multijvm.ipc.codec.Passable;
import io.multijvm.ipc.memory.Block;
import io.multijvm.process.ProcessContext;
import io.multijvm.process.Target;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A synchroniser under way: where its memory is, and what it is made of beside. On arrival it becomes the synchroniser
 * again.
 *
 * <p>One class for all, and no record: rebuilding the first record costs a cold JVM 15 ms.
 */
final class Passed implements Passable {
    private static final long serialVersionUID = 1;

    enum Kind {
        LOCK,
        REENTRANT_LOCK,
        SEMAPHORE,
        BOUNDED_SEMAPHORE,
        EVENT,
        CONDITION,
        BARRIER
    }

    private final Kind kind;
    private final Block.Ref ref;
    private final @Nullable AbstractProcessLock lock; // of a condition
    private final @Nullable Target action; // of a barrier, as is the next
    private final @Nullable Duration timeout;

    private Passed(
            Kind kind,
            Block.Ref ref,
            @Nullable AbstractProcessLock lock,
            @Nullable Target action,
            @Nullable Duration timeout) {
        this.kind = kind;
        this.ref = ref;
        this.lock = lock;
        this.action = action;
        this.timeout = timeout;
    }

    static Passed of(Kind kind, Block block) {
        return new Passed(kind, block.ref(), null, null, null);
    }

    static Passed condition(Block block, AbstractProcessLock lock) {
        return new Passed(Kind.CONDITION, block.ref(), lock, null, null);
    }

    static Passed barrier(Block block, @Nullable Target action, @Nullable Duration timeout) {
        return new Passed(Kind.BARRIER, block.ref(), null, action, timeout);
    }

    @Override
    public @Nullable Object[] parts() {
        return new @Nullable Object[] {kind.ordinal(), ref.file(), ref.offset(), ref.size(), lock, action, timeout};
    }

    /** The synchroniser of which {@link #parts} has told. */
    static Object arrived(@Nullable Object[] parts) throws ObjectStreamException {
        var ref = new Block.Ref((String) parts[1], (int) parts[2], (int) parts[3]);
        return new Passed(
                        Kind.values()[(int) parts[0]],
                        ref,
                        (AbstractProcessLock) parts[4],
                        (Target) parts[5],
                        (Duration) parts[6])
                .readResolve();
    }

    @Serial
    private Object readResolve() throws ObjectStreamException {
        Block block = arrived();
        return switch (kind) {
            case LOCK -> new ProcessLock(block);
            case REENTRANT_LOCK -> new ReentrantProcessLock(block);
            case SEMAPHORE -> new ProcessSemaphore(block);
            case BOUNDED_SEMAPHORE -> new BoundedProcessSemaphore(block);
            case EVENT -> new ProcessEvent(block);
            case CONDITION -> new ProcessCondition(block, lock());
            case BARRIER -> ProcessBarrier.received(block, action, timeout);
        };
    }

    private AbstractProcessLock lock() throws InvalidObjectException {
        if (lock == null) {
            throw new InvalidObjectException("a condition without its lock");
        }
        return lock;
    }

    private Block arrived() throws ObjectStreamException {
        try {
            return ProcessContext.domain().attach(ref);
        } catch (IOException e) {
            var gone =
                    new InvalidObjectException("the shared object is gone, or of another program: " + e.getMessage());
            gone.initCause(e);
            throw gone;
        }
    }
}
