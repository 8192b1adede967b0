package io.multijvm.ipc.memory;

import io.multijvm.ipc.os.MemoryFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where one process puts its small shared objects: blocks in files of its own, which other processes map when they meet
 * the first block of one.
 *
 * <p>A block that never got known to another process is given back when it is garbage. Of one that did, nobody can say
 * who still has it, in a message under way for instance, so it stays until the family ends: a cache line or two each.
 *
 * <p>Nothing in the files themselves says what is free: only the process that made a file hands out its blocks.
 */
public final class SharedHeap {
    /** Blocks begin and end at cache lines: neighbours do not slow each other down. */
    private static final int LINE = 64;

    private static final int SEGMENT = 64 * 1024;

    private final RunDirectory directory;
    private final int number;
    private final AtomicInteger files = new AtomicInteger();
    private final Map<String, ByteBuffer> mapped = new ConcurrentHashMap<>();
    private final Map<Integer, ArrayDeque<Block.Ref>> free =
            new HashMap<>(); // by size; guarded by this, as the two below
    private @Nullable String segment;
    private int used;

    /** The heap of process {@code number}. */
    public SharedHeap(RunDirectory directory, int number) {
        this.directory = directory;
        this.number = number;
    }

    /** A heap of a few blocks in no file, for a process that is to have done everything once when it is needed. */
    public static SharedHeap forPractice() throws IOException {
        var heap = new SharedHeap(RunDirectory.attach(Path.of("/")), RunDirectory.ROOT);
        try (MemoryFile memory = MemoryFile.of("multijvm-practice", new byte[SEGMENT], 0, SEGMENT)) {
            Path file = Path.of("/proc/self/fd/" + memory.descriptor().number());
            heap.mapped.put("practice", MappedFile.open(file).chunks().get(0));
            heap.segment = "practice";
        }
        return heap;
    }

    public RunDirectory directory() {
        return directory;
    }

    /** The number of this process. */
    public int number() {
        return number;
    }

    /** A block of at least {@code size} bytes, all zero. */
    public Block allocate(int size) throws IOException {
        int rounded = Math.addExact(size, LINE - 1) / LINE * LINE;
        Block.Ref ref = take(rounded);
        var known = new AtomicBoolean();
        var block = new Block(memory(ref.file()), ref, known);
        Garbage.whenCollected(block, new Recycling(this, ref, known));
        return block;
    }

    /**
     * The block that another process, or this one, knows by {@code ref}.
     *
     * @throws java.nio.file.NoSuchFileException when it is of another family, or of one that has ended
     */
    public Block attach(Block.Ref ref) throws IOException {
        ByteBuffer memory = memory(ref.file());
        if (ref.offset() < 0 || ref.size() <= 0 || ref.offset() > memory.capacity() - ref.size()) {
            throw new IOException("no such block: " + ref);
        }
        return new Block(memory, ref, new AtomicBoolean(true));
    }

    /** All of a file, which is there, as one block. */
    public Block whole(String file) throws IOException {
        ByteBuffer memory = memory(file);
        return new Block(memory, new Block.Ref(file, 0, memory.capacity()), new AtomicBoolean(true));
    }

    /** A file for an object too large for a block; its name is in no other process's use. */
    public String uniqueName(String prefix) {
        return prefix + "-" + number + "-" + files.incrementAndGet();
    }

    private synchronized Block.Ref take(int size) throws IOException {
        ArrayDeque<Block.Ref> given = free.get(size);
        if (given != null && !given.isEmpty()) {
            return given.removeFirst();
        }
        String file = segment;
        if (file == null || used > SEGMENT - size) {
            file = uniqueName("heap");
            mapped.put(
                    file,
                    MappedFile.create(directory.file(file), Math.max(SEGMENT, size))
                            .chunks()
                            .get(0));
            segment = file;
            used = 0;
        }
        var ref = new Block.Ref(file, used, size);
        used += size;
        return ref;
    }

    private void recycle(Block.Ref ref) {
        ByteBuffer memory = mapped.get(ref.file());
        if (memory != null) {
            memory.duplicate().position(ref.offset()).put(new byte[ref.size()]);
            synchronized (this) {
                free.computeIfAbsent(ref.size(), size -> new ArrayDeque<>()).add(ref);
            }
        }
    }

    private ByteBuffer memory(String file) throws IOException {
        ByteBuffer memory = mapped.get(file);
        if (memory == null) {
            synchronized (this) {
                memory = mapped.get(file);
                if (memory == null) {
                    memory = MappedFile.open(directory.file(file)).chunks().get(0);
                    mapped.put(file, memory);
                }
            }
        }
        return memory;
    }

    /** What becomes of a block that is garbage. No lambda, of which a cold child would link its first one here. */
    private record Recycling(SharedHeap heap, Block.Ref ref, AtomicBoolean known) implements Runnable {
        @Override
        public void run() {
            if (!known.get()) {
                heap.recycle(ref);
            }
        }
    }
}
