package io.multijvm.sync;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.Flag;
import io.multijvm.process.ProcessContext;
import java.io.Serial;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A flag that threads of all processes set, clear, and wait for.
 *
 * <p>Who waits when it is set is released, even if it is cleared at once. It may be captured by a process's target or sent
 * in any way, and stays one.
 *
 * <p>Python: {@code multiprocessing.Event}.
 */
public final class ProcessEvent implements Handle {
    private static final long serialVersionUID = 1;

    private final transient Block block;
    private final transient Flag flag;

    ProcessEvent(Block block) {
        this.block = block;
        this.flag = new Flag(ProcessContext.domain(), block);
    }

    /** A new event, not set. */
    public static ProcessEvent create() {
        return new ProcessEvent(Flag.allocate(ProcessContext.domain()));
    }

    /** Sets the flag, and releases everybody who waits. */
    public void set() {
        flag.set();
    }

    /** Has those who come from now on wait. */
    public void clear() {
        flag.clear();
    }

    /** Whether who comes now does not wait. */
    public boolean isSet() {
        return flag.isSet();
    }

    /**
     * Waits until the flag is set.
     *
     * @throws InterruptedException when the thread is interrupted before or while waiting
     */
    public void await() throws InterruptedException {
        flag.await(Deadline.never());
    }

    /** Waits up to {@code timeout}, null for ever; returns whether the flag was set. */
    public boolean await(@Nullable Duration timeout) throws InterruptedException {
        return flag.await(Deadline.after(timeout));
    }

    /** As {@link #await(Duration)}. */
    public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        return await(Duration.ofNanos(unit.toNanos(timeout)));
    }

    /** Two of these are equal when they are the same event, in whichever process each was received. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProcessEvent event && event.block.equals(block);
    }

    @Override
    public int hashCode() {
        return block.hashCode();
    }

    @Override
    public String toString() {
        return "ProcessEvent[" + (isSet() ? "set" : "unset") + "]";
    }

    @Serial
    private Object writeReplace() {
        return Passed.of(Passed.Kind.EVENT, block);
    }
}
