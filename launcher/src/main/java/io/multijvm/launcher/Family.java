package io.multijvm.launcher;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.ForeignClasses;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.memory.SharedHeap;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.sync.Domain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * This process's place among the processes that descend from one first process: the run directory and the key they
 * share, and what this one needs in order to have children. All of it is made when first needed.
 */
public final class Family {
    private static final int KEY_BYTES = 32;
    /** A program is not disturbed by the making of an archive while it begins. */
    private static final Duration BEFORE_ARCHIVES = Duration.ofSeconds(10);

    private static final Slot CURRENT = new Slot();

    private final @Nullable Path inherited;
    private final byte[] key;
    private final int number;
    private final Object exchanging = new Object(); // a lock, taken before this
    private @Nullable RunDirectory directory; // this and all below guarded by this
    private @Nullable SharedHeap memory;
    private @Nullable Domain domain;
    private @Nullable Guardian guardian;
    private boolean guarded;
    private @Nullable Monitor monitor;
    private @Nullable OutputThreads output;
    private @Nullable ForkServerClient forkServer;
    private @Nullable FamilyClasses classes;
    private final Archivist archivist = new Archivist();

    Family(@Nullable Path inherited, byte[] key, int number) {
        this.inherited = inherited;
        this.key = key;
        this.number = number;
    }

    /** The family of this process: the one it was started into, or a new one of which it is the first process. */
    public static Family current() {
        return CURRENT.orNew();
    }

    /** Completed in a child when its parent has died. */
    public static CompletableFuture<Void> parentGone() {
        return ParentGone.FUTURE;
    }

    /** What SIGINT does in this child, in the place of interrupting its main thread. */
    public static void onInterrupt(Runnable action) {
        OnInterrupt.action = action;
    }

    static @Nullable Runnable onInterrupt() {
        return OnInterrupt.action;
    }

    private static final class OnInterrupt {
        static volatile @Nullable Runnable action;
    }

    static void adopt(Start start) {
        CURRENT.set(new Family(start.runDirectory(), start.familyKey(), start.number()));
    }

    /** Whether this is the family's first process. */
    public boolean isRoot() {
        return inherited == null;
    }

    /** The family's directory. */
    public synchronized RunDirectory directory() {
        try {
            if (directory == null) {
                directory = inherited == null ? RunDirectory.create() : RunDirectory.attach(inherited);
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot make a run directory in " + RunDirectory.base() + ": " + e.getMessage(), e);
        }
    }

    /** Whether the directory is there by now. */
    public synchronized boolean hasDirectory() {
        return directory != null || inherited != null;
    }

    /** This process's part of the memory that the family shares. */
    public synchronized SharedHeap memory() {
        if (memory == null) {
            memory = new SharedHeap(directory(), number);
            if (isRoot() && !guarded) {
                var thread = new Thread(this::guardMemory, "multijvm-guard");
                thread.setDaemon(true);
                thread.start();
            }
        }
        return memory;
    }

    /** Shared memory is to go with a process that is killed before it has had a child. Beside it, as a cold JVM needs 0.1 s. */
    private void guardMemory() {
        try {
            ProcessControl.group(); // loads the native library, with nobody waiting for it
            synchronized (this) {
                if (directory != null) {
                    childGroup();
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            System.getLogger("io.multijvm")
                    .log(System.Logger.Level.WARNING, "shared memory will stay behind if this process is killed", e);
        }
    }

    /** What synchronisers of this process stand on. */
    public synchronized Domain domain() {
        if (domain == null) {
            domain = Domain.of(memory());
        }
        return domain;
    }

    /** The secret that opens the family's sockets. */
    public byte[] key() {
        return key.clone();
    }

    /** The process group of this process's children; 0 for none. */
    synchronized int childGroup() throws IOException {
        if (!guarded) {
            guarded = true;
            Path removedByGuardian = isRoot() ? directory().path() : null;
            guardian = Guardian.start(removedByGuardian);
        }
        return guardian == null ? 0 : guardian.group();
    }

    synchronized Monitor monitor() {
        if (monitor == null) {
            monitor = Monitor.start("multijvm-monitor");
        }
        return monitor;
    }

    /** The threads that pass on the output of this process's children. */
    synchronized OutputThreads output() {
        if (output == null) {
            output = new OutputThreads();
        }
        return output;
    }

    /**
     * Sees to it that no child waits for a consumer of its output that has called {@link System#exit}, which waits for the
     * children; to be called again and again at the end of the program.
     */
    public void releaseOutput() {
        OutputThreads threads;
        synchronized (this) {
            threads = output;
        }
        if (threads != null) {
            threads.replaceExiting();
        }
    }

    int number() {
        return number;
    }

    /**
     * Has classes that are on no class path exchanged with the other processes. To be called before an object arrives or
     * leaves whose class may be one: on return, they can be asked for.
     */
    public void exchangeClasses() {
        synchronized (exchanging) {
            FamilyClasses made;
            synchronized (this) {
                if (classes != null) {
                    return;
                }
                made = new FamilyClasses(this);
                classes = made;
            }
            ForeignClasses.exchange(made); // which may begin to offer some, and asks for the directory
        }
    }

    /** What this process knows of archives of classes. */
    Archivist archivist() {
        return archivist;
    }

    /**
     * Notes that a program has started a child like this. If there is no archive for its like, one is made when this has
     * gone on for a while, or else when the program ends; by the first process.
     */
    public void started(LaunchSpec spec) {
        if (archivist.note(spec) && isRoot()) {
            monitor().at(Deadline.after(BEFORE_ARCHIVES), this::makeArchiveBeside);
        }
    }

    /** Beside the monitor, as the cache may be in a file system that does not answer. */
    private void makeArchiveBeside() {
        var thread = new Thread(this::makeArchive, "multijvm-archive");
        thread.setDaemon(true);
        thread.start();
    }

    private void makeArchive() {
        int maker = archivist.makeMissing(directory());
        if (maker > 0) {
            Archivist.reapLater(maker, monitor());
        }
    }

    /** This process's way to the family's fork server. */
    public synchronized ForkServerClient forkServer() {
        if (forkServer == null) {
            forkServer = new ForkServerClient(this);
        }
        return forkServer;
    }

    /**
     * Ends what this process has started on its own account (fork server, guardian, threads) and, in the first
     * process, removes the run directory. To be called when no child is left; a later child starts it all anew.
     */
    public void close() {
        ForkServerClient server;
        FamilyClasses offered;
        synchronized (this) {
            server = forkServer;
            forkServer = null;
            offered = classes;
            classes = null;
        }
        if (offered != null) {
            offered.close();
        }
        if (server != null) {
            server.close();
        }
        synchronized (this) {
            closeMonitors();
            try {
                if (directory != null && isRoot()) {
                    archivist.makeMissing(directory);
                    directory.delete();
                }
                directory = null;
                memory = null;
                domain = null;
                if (guardian != null) {
                    guardian.dismiss();
                    guardian = null;
                }
                guarded = false;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot clean up after the children", e);
            }
        }
    }

    private void closeMonitors() {
        if (monitor != null) {
            monitor.close();
            monitor = null;
        }
        if (output != null) {
            output.close();
            output = null;
        }
    }

    /** Apart, since a cold child has no use for it before its target runs. */
    private static final class ParentGone {
        static final CompletableFuture<Void> FUTURE = new CompletableFuture<>();
    }

    /** The current-process slot. */
    private static final class Slot {
        private @Nullable Family family; // guarded by this

        synchronized Family orNew() {
            if (family == null) {
                family = new Family(null, ProcessControl.randomBytes(KEY_BYTES), RunDirectory.ROOT);
            }
            return family;
        }

        synchronized void set(Family adopted) {
            family = adopted;
        }
    }
}
