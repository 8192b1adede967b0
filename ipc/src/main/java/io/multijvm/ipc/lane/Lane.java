package io.multijvm.ipc.lane;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.MappedFile;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.EventCount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process and one worker of it share: a ring of tasks, a ring of results, and what they wait on. It is the process's:
 * {@link #remove}, after the worker's end, leaves nothing of it.
 *
 * <pre>
 *    0  tasks: put (8)          64  tasks: taken (8)        128  event count: there are tasks
 *  192  results: put (8)       256  results: taken (8)      320  event count: there is room for results
 *  384  number of the task to be interrupted (8)
 *  512  tasks (64 KiB)       66048  results (64 KiB)
 * </pre>
 */
public final class Lane {
    private static final int TASKS_PUT = 0;
    private static final int TASKS_TAKEN = 64;
    private static final int WORK = 128;
    private static final int RESULTS_PUT = 192;
    private static final int RESULTS_TAKEN = 256;
    private static final int ROOM = 320;
    private static final int INTERRUPTED = 384;
    private static final int TASKS = 512;
    private static final int CAPACITY = 64 << 10;
    private static final int RESULTS = TASKS + CAPACITY;
    private static final int SIZE = RESULTS + CAPACITY;

    private final RunDirectory directory;
    private final MappedFile file;
    private final Block block;
    private final Ring tasks;
    private final Ring results;
    private final Parcels taskParcels;
    private final Parcels resultParcels;
    private final EventCount work;
    private final EventCount room;
    private final Work someWork = new Work();
    private final Room someRoom = new Room();

    private Lane(Domain domain, MappedFile file) {
        this.directory = domain.directory();
        this.file = file;
        this.block = Block.of(file);
        ByteBuffer bytes = file.chunks().get(0);
        String name = file.path().getFileName().toString();
        taskParcels = new Parcels(directory, name + "-t");
        resultParcels = new Parcels(directory, name + "-r");
        tasks = new Ring(block, bytes, TASKS_PUT, TASKS_TAKEN, TASKS, CAPACITY, taskParcels);
        results = new Ring(block, bytes, RESULTS_PUT, RESULTS_TAKEN, RESULTS, CAPACITY, resultParcels);
        work = new EventCount(domain, block, WORK);
        room = new EventCount(domain, block, ROOM);
    }

    /** A new lane, of this process. */
    public static Lane create(Domain domain) throws IOException {
        return new Lane(domain, MappedFile.create(domain.directory().uniqueFile("lane"), SIZE));
    }

    /** The lane of that {@link #name}, in the worker's process. */
    public static Lane attach(Domain domain, String name) throws IOException {
        return new Lane(domain, MappedFile.open(domain.directory().file(name)));
    }

    /** What the worker attaches it by. */
    public String name() {
        return file.path().getFileName().toString();
    }

    public Ring tasks() {
        return tasks;
    }

    public Ring results() {
        return results;
    }

    /** Wakes the worker, which may wait for what was just sent to it. */
    public void signalWork() {
        work.signal();
    }

    /** Waits until there is something in {@link #tasks}; returns whether that was before the deadline. The worker's. */
    public boolean awaitWork(Deadline deadline) throws InterruptedException {
        return work.await(someWork, deadline);
    }

    /** Wakes the worker, which may wait for room for its results, when some were received. */
    public void signalRoom() {
        room.signal();
    }

    /** Waits until results were received, after {@link Ring#NO_ROOM}. The worker's. */
    public void awaitRoom() throws InterruptedException {
        room.await(someRoom, Deadline.never());
        someRoom.seen = block.getLongVolatile(RESULTS_TAKEN);
    }

    /** Names the task whose thread is to be interrupted; the worker looks when it gets a signal. */
    public void interrupt(long number) {
        block.setLongVolatile(INTERRUPTED, number);
    }

    /** The task whose thread is to be interrupted; 0 for none. */
    public long interrupted() {
        return block.getLongVolatile(INTERRUPTED);
    }

    /** Lets go of it in the worker's process. */
    public void close() throws IOException {
        taskParcels.close();
        resultParcels.remove();
        file.close();
    }

    /** Removes it with all that it has become; the worker has ended. */
    public void remove() throws IOException {
        taskParcels.remove();
        resultParcels.close();
        file.close();
        file.unlink();
        removeRest(directory.path());
        Path disk = directory.spaciousIfMade();
        if (disk != null) {
            removeRest(disk);
        }
    }

    private void removeRest(Path from) throws IOException {
        List<Path> left = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(from, name() + "-*")) {
            found.forEach(left::add);
        }
        for (Path each : left) {
            Files.deleteIfExists(each);
        }
    }

    private final class Work implements EventCount.Awaited {
        @Override
        public boolean isThere() {
            return !tasks.isEmpty();
        }

        @Override
        public void lookForDead() {
            // a worker ends with its parent: that is watched elsewhere
        }
    }

    private final class Room implements EventCount.Awaited {
        long seen; // received when there was no room

        @Override
        public boolean isThere() {
            return block.getLongVolatile(RESULTS_TAKEN) != seen;
        }

        @Override
        public void lookForDead() {
            // as above
        }
    }
}
