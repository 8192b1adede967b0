package io.multijvm.ipc.queue;

import static io.multijvm.ipc.queue.QueueLayout.PUT;
import static io.multijvm.ipc.queue.QueueLayout.TAIL_BASE;

import io.multijvm.ipc.memory.Block;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** The segments this process has open for taking; used under the lock of those who take. */
final class Segments {
    private static final int KEPT = 4;

    private final Storage storage;
    private final Block block;
    private final Map<Long, Segment> open = new HashMap<>(); // by first item
    private @Nullable Segment last;

    Segments(Storage storage, Block block) {
        this.storage = storage;
        this.block = block;
    }

    Storage storage() {
        return storage;
    }

    /** The segment that holds item {@code sequence}, which is published. */
    Segment of(long sequence) throws IOException {
        Segment segment = last;
        if (segment != null && holds(segment, sequence)) {
            return segment;
        }
        for (Segment each : open.values()) {
            if (holds(each, sequence)) {
                last = each;
                return each;
            }
        }
        return find(sequence);
    }

    /**
     * Whether the segment holds that published item. Asks those who put, whose cache line that is, only when it comes to items
     * that were not there when it was asked before.
     */
    private boolean holds(Segment segment, long sequence) throws IOException {
        if (sequence < segment.base) {
            return false;
        }
        if (segment.end() < 0 && sequence >= segment.sure()) {
            long published = block.getLongVolatile(PUT); // before: later items may be in a later segment
            long tail = block.getLongVolatile(TAIL_BASE);
            if (tail == segment.base) {
                segment.sure(published);
                return true;
            }
            Long next = storage.segments().higherKey(segment.base);
            segment.end(next == null ? tail : next);
        }
        return segment.end() < 0 || sequence < segment.end();
    }

    private Segment find(long sequence) throws IOException {
        NavigableMap<Long, Path> all = storage.segments();
        Map.Entry<Long, Path> entry = all.floorEntry(sequence);
        if (entry == null) {
            throw new NoSuchFileException("segment of item " + sequence + " of a queue; its program has ended?");
        }
        if (open.size() >= KEPT) {
            open.clear();
        }
        Segment segment = Segment.open(entry.getKey(), entry.getValue());
        Long next = all.higherKey(entry.getKey());
        if (next != null && block.getLongVolatile(TAIL_BASE) != entry.getKey()) {
            segment.end(next);
        }
        open.put(segment.base, segment);
        last = segment;
        return segment;
    }

    /** The first item of the oldest segment. */
    long first() throws IOException {
        NavigableMap<Long, Path> all = storage.segments();
        return all.isEmpty() ? 0 : all.firstKey();
    }

    /** Nothing before {@code sequence} is wanted any more. */
    void forgetBefore(long sequence) throws IOException {
        long base = of(sequence).base;
        open.keySet().removeIf(each -> each < base);
        storage.removeSegmentsBefore(base);
    }
}
