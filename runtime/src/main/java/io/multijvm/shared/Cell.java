package io.multijvm.shared;

import io.multijvm.ipc.memory.Block;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** The eight bytes that a shared value is kept in, at offset {@link #VALUE} of a block of its own, and its lock. */
record Cell(Block block, @Nullable Lock lock) {
    static final int VALUE = 0;

    /** One whose bytes are zero; without a lock when that is null. */
    static Cell create(@Nullable Lock lock) {
        try {
            return new Cell(ProcessContext.memory().allocate(Long.BYTES), lock);
        } catch (IOException e) {
            throw new UncheckedIOException("no room for a shared value", e);
        }
    }
}
