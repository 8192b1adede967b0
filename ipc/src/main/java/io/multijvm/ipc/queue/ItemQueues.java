package io.multijvm.ipc.queue;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.Garbage;
import io.multijvm.ipc.memory.MappedFile;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.memory.SharedHeap;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.sync.Domain;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The queues this process uses: however often one is received, it is one object. */
public final class ItemQueues {
    private static final Map<Object, WeakReference<ItemQueue>> OPEN = new HashMap<>(); // guarded by itself
    private static final String PREFIX = "queue-";
    private static final String STATE = "state";
    private static final String FRESH = ".new";
    private static final String OPENING = "opening.lock";
    private static final int PAGE = 4096;
    private static final int PRACTICE = 3;

    private ItemQueues() {}

    /** A new queue of the family, of {@code maxsize} items at most, or of any number if that is 0. */
    public static ItemQueue create(Domain domain, int maxsize, boolean joinable) {
        Block block = domain.allocate(QueueLayout.SIZE);
        format(block, maxsize, joinable);
        synchronized (OPEN) {
            return familyQueue(domain, block);
        }
    }

    /** The queue of the family that another process, or this one, knows by {@code ref}. */
    public static ItemQueue attach(Domain domain, Block.Ref ref) throws IOException {
        synchronized (OPEN) {
            ItemQueue known = known(ref);
            return known == null ? familyQueue(domain, domain.attach(ref)) : known;
        }
    }

    private static ItemQueue familyQueue(Domain domain, Block block) {
        Block.Ref ref = block.localRef();
        String name = PREFIX + ref.fileName();
        RunDirectory directory = domain.directory();
        var storage = new Storage(directory.file(name), new OnDisk(directory, name));
        var queue = new ItemQueue(domain, block, storage, null);
        remember(ref, queue, queue.release(ref, null));
        return queue;
    }

    /** Whether anybody in the family of this directory has put an item into a queue of the family. */
    public static boolean areUsed(RunDirectory directory) {
        String[] names = directory.path().toFile().list();
        if (names != null) {
            for (String name : names) {
                if (name.startsWith(PREFIX)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Does everything a few times, in files that are removed, so that it need not be loaded when it counts. */
    public static void warmUp(RunDirectory directory) throws IOException, InterruptedException {
        Domain practice = Domain.forPractice();
        for (int i = 0; i < PRACTICE; i++) {
            MappedFile memory = MappedFile.create(directory.uniqueFile("practice"), PAGE);
            memory.unlink();
            Garbage.whenCollected(memory, new Nothing());
            practise(practice, new Storage(directory.uniqueFile("practice"), null));
        }
    }

    private static void practise(Domain practice, Storage storage) throws IOException, InterruptedException {
        Block block = practice.allocate(QueueLayout.SIZE);
        format(block, 1, true);
        var queue = new ItemQueue(practice, block, storage, null);
        queue.put(new byte[1], 0, 1, Deadline.never());
        Item item = queue.take(Deadline.never());
        if (item == null || item.content().length() != 1 || !queue.acknowledge()) {
            throw new IllegalStateException("a queue does not work");
        }
        queue.close(); // removes the directory, as nobody else knows it
    }

    private static final class Nothing implements Runnable {
        @Override
        public void run() {
            // it was to be loaded, no more
        }
    }

    /**
     * The durable queue in {@code directory}, which is made one if it is missing or empty.
     *
     * @param maxsize for a new queue: most items at once, 0 for any number; for one that is there: the same, or negative for
     *     whatever it has
     * @throws IOException when there is something else in the directory
     * @throws IllegalArgumentException when the queue there is not of this kind
     */
    public static ItemQueue open(Path directory, int maxsize, boolean joinable) throws IOException {
        makeIfMissing(directory);
        Path real = directory.toRealPath();
        ItemQueue queue;
        synchronized (OPEN) {
            ItemQueue known = known(real);
            queue = known == null ? openDurable(real, Math.max(0, maxsize), joinable) : known;
        }
        requireKind(queue, real, maxsize, joinable);
        return queue;
    }

    private static void makeIfMissing(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) { // else somebody who opens it too was faster
                throw e;
            }
        }
    }

    private static void requireKind(ItemQueue queue, Path directory, int maxsize, boolean joinable) {
        if (queue.isJoinable() != joinable) {
            throw new IllegalArgumentException(directory + " is "
                    + (joinable ? "not a joinable queue" : "a joinable queue") + "; open it as such");
        }
        if (maxsize >= 0 && maxsize != queue.maxsize()) {
            throw new IllegalArgumentException("maxsize: " + maxsize + ", but the queue in " + directory + " has "
                    + queue.maxsize() + "; leave it out to take the queue as it is");
        }
    }

    private static ItemQueue openDurable(Path directory, int maxsize, boolean joinable) throws IOException {
        // Before anything of ours is put there. Who makes the queue meanwhile makes its state first.
        if (!isQueue(directory) && hasSomethingElse(directory) && !isQueue(directory)) {
            throw notAQueue(directory);
        }
        Descriptor alone = Descriptor.openLockedAlone(directory.resolve(OPENING));
        try {
            if (!isQueue(directory)) {
                makeDurable(directory, maxsize, joinable);
            }
            RunDirectory members = RunDirectory.attach(directory);
            RunDirectory.Liveness liveness = members.newLiveness();
            boolean first = members.removeDead(liveness.number());
            var heap = new SharedHeap(members, liveness.number());
            Block block = heap.whole(STATE);
            if (block.size() < QueueLayout.SIZE || block.getLong(QueueLayout.MAGIC) != QueueLayout.VERSION_1) {
                liveness.remove();
                throw notAQueue(directory);
            }
            var storage = new Storage(directory, null);
            var queue = new ItemQueue(Domain.of(heap), block, storage, directory);
            if (first) {
                queue.removeOrphans();
            }
            remember(directory, queue, queue.release(directory, liveness));
            return queue;
        } finally {
            alone.close();
        }
    }

    private static void makeDurable(Path directory, int maxsize, boolean joinable) throws IOException {
        Path fresh = directory.resolve(STATE + FRESH);
        Files.deleteIfExists(fresh);
        if (hasSomethingElse(directory)) {
            throw notAQueue(directory);
        }
        RunDirectory.prepareLiveness(directory);
        SharedHeap heap = new SharedHeap(RunDirectory.attach(directory), RunDirectory.ROOT);
        MappedFile.create(fresh, PAGE);
        format(heap.whole(fresh.getFileName().toString()), maxsize, joinable);
        Files.move(fresh, directory.resolve(STATE), StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isQueue(Path directory) {
        return Files.exists(directory.resolve(STATE));
    }

    private static boolean hasSomethingElse(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file ->
                    !file.endsWith(OPENING) && !file.endsWith(RunDirectory.LIVE) && !file.endsWith(STATE + FRESH));
        }
    }

    private static FileSystemException notAQueue(Path directory) {
        return new FileSystemException(
                directory.toString(), null, "not a queue, and not empty; name another directory for the queue");
    }

    static void format(Block block, int maxsize, boolean joinable) {
        block.setInt(QueueLayout.MAXSIZE, maxsize);
        block.setInt(QueueLayout.JOINABLE, joinable ? 1 : 0);
        block.setLongVolatile(QueueLayout.MAGIC, QueueLayout.VERSION_1);
    }

    private static @Nullable ItemQueue known(Object key) {
        WeakReference<ItemQueue> reference = OPEN.get(key);
        ItemQueue queue = reference == null ? null : reference.get();
        return queue == null || queue.isClosed() ? null : queue;
    }

    private static void remember(Object key, ItemQueue queue, Runnable release) {
        OPEN.put(key, new WeakReference<>(queue));
        Garbage.whenCollected(queue, release);
    }

    static void forget(Object key) {
        synchronized (OPEN) {
            if (known(key) == null) {
                OPEN.remove(key);
            }
        }
    }

    /** No lambda, of which a cold child would link its first one here. */
    private static final class OnDisk implements Storage.Spacious {
        private final RunDirectory directory;
        private final String name;

        OnDisk(RunDirectory directory, String name) {
            this.directory = directory;
            this.name = name;
        }

        @Override
        public @Nullable Path existing() throws IOException {
            Path spacious = directory.spaciousIfMade();
            return spacious == null ? null : spacious.resolve(name);
        }

        @Override
        public Path make() throws IOException {
            return directory.spacious().resolve(name);
        }
    }
}
