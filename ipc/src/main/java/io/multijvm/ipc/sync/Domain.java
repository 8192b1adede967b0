package io.multijvm.ipc.sync;

import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.memory.SharedHeap;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What the synchronisers of this process stand on: its memory, its number, and how it sleeps and learns of deaths. */
public final class Domain {
    /**
     * System property: {@code futex}, the default, or {@code filelock}, which needs nothing but a JDK, and polls. All
     * processes of a family must have the same.
     */
    public static final String BACKEND = "multijvm.sync.backend";

    private final SharedHeap heap;
    private final Backend backend;

    private Domain(SharedHeap heap, Backend backend) {
        this.heap = heap;
        this.backend = backend;
    }

    /** The domain of the process whose heap this is. */
    public static Domain of(SharedHeap heap) {
        String wanted = System.getProperty(BACKEND, "futex");
        return switch (wanted) {
            case "futex" -> new Domain(heap, new FutexBackend(heap.directory()));
            case "filelock" -> new Domain(heap, new FileLockBackend(heap.directory(), heap.number()));
            default ->
                throw new IllegalArgumentException(BACKEND + ": '" + wanted + "', 'futex' or 'filelock' expected");
        };
    }

    /** A domain that nobody shares, with memory for a few objects. */
    public static Domain forPractice() throws IOException {
        SharedHeap heap = SharedHeap.forPractice();
        return new Domain(heap, new FutexBackend(heap.directory())); // the other one has files of its own
    }

    /** Does everything once, on what nobody shares, so that it need not be loaded when it counts. */
    public static void warmUp() throws IOException {
        Domain practice = forPractice();
        var lock = new OwnedLock(practice, OwnedLock.allocate(practice));
        lock.acquire();
        lock.thread(lock.thread());
        lock.depth(lock.depth());
        lock.release();
        var permits = new Permits(practice, Permits.allocate(practice, 1, 1));
        permits.acquire();
        permits.release(1);
        var flag = new Flag(practice, Flag.allocate(practice));
        flag.set();
        FutexBackend.load();
        var word = new Word(practice, Flag.allocate(practice), 0);
        word.spin(0);
        word.wakeOne();
        practice.backend.sleep(practice.allocate(Integer.BYTES), 0, 0, 1, true);
    }

    /** A new block of at least {@code size} zero bytes. */
    public Block allocate(int size) {
        try {
            return heap.allocate(size);
        } catch (IOException e) {
            throw new UncheckedIOException("no room for a shared object of " + size + " bytes", e);
        }
    }

    /** The block another process knows by {@code ref}. */
    public Block attach(Block.Ref ref) throws IOException {
        return heap.attach(ref);
    }

    /** Where the family's files are. */
    public RunDirectory directory() {
        return heap.directory();
    }

    /** The number of this process, which no other process of the family ever has. */
    public int number() {
        return heap.number();
    }

    /** Whether process {@code number} lives, stopped ones included; when in doubt it does. */
    public boolean isAlive(int number) {
        return number == heap.number() || backend.isAlive(number);
    }

    Backend backend() {
        return backend;
    }
}
