package io.multijvm.launcher;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.EngineLog;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.ExitStatus;
import io.multijvm.ipc.os.PosixException;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.os.Sockets;
import io.multijvm.ipc.queue.ItemQueues;
import io.multijvm.ipc.socket.MessageSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The spares of a fork server, by profile, and the thread that refills them.
 *
 * <p>A spare goes booting, ready, handed over; or it ends before. One boots at a time for every four processors: booting
 * takes processor time from whatever the family is doing. The two profiles asked for last are kept warm.
 */
final class SpareStock {
    private static final Duration BOOT = Duration.ofSeconds(60);
    private static final int WARM_PROFILES = 2;
    private static final int FAILURES = 3;
    private static final int SEEN = 512;
    private static final int PROCESSORS_PER_BOOT = 4;
    private static final long QUIET_NANOS = 25_000_000;
    private static final long BEARABLE_NANOS = 250_000_000;

    private final Family family;
    private final List<Shelf> shelves = new ArrayList<>(); // guarded by this, as is all below
    private final Set<Line> lines = new LinkedHashSet<>();
    private final Map<Integer, Descriptor> handedOver = new HashMap<>(); // pid -> where to send its status
    private final Set<Integer> own = new HashSet<>(); // pids of the spares not handed over
    private final LinkedHashSet<String> seen = new LinkedHashSet<>();
    private WarmPolicy policy;
    private int booting;
    private long lastRequest = System.nanoTime();
    private boolean idle; // nobody has asked in a long time: nothing is booted until somebody does
    private int idleChecks; // to come
    private long lastTake = System.nanoTime() - QUIET_NANOS;
    private boolean closed;

    SpareStock(Family family, WarmPolicy policy) {
        this.family = family;
        this.policy = policy;
    }

    /** The spares of one profile. */
    private static final class Shelf {
        final String entryPoint;
        final Profile profile;
        final ArrayDeque<StartedJvm> ready = new ArrayDeque<>();
        long lastUse = System.nanoTime();
        int booting;
        int failures;

        Shelf(String entryPoint, Profile profile) {
            this.entryPoint = entryPoint;
            this.profile = profile;
        }
    }

    /** A client that always has one spare in advance, on its way or in its socket's buffer. */
    static final class Line {
        private final Shelf shelf;
        private final MessageSocket client;
        private boolean supplied;

        private Line(Shelf shelf, MessageSocket client) {
            this.shelf = shelf;
            this.client = client;
        }
    }

    /** Begins to supply {@code client} with spares of a profile, for targets that need {@code classes}, most likely. */
    synchronized Line open(String entryPoint, Profile profile, List<String> classes, MessageSocket client) {
        classes.forEach(this::learn);
        var line = new Line(shelf(entryPoint, profile), client);
        lines.add(line);
        touch(line.shelf);
        supply();
        refill();
        return line;
    }

    /** The client has used its spare, for a target that needs {@code classes}. */
    synchronized void next(Line line, List<String> classes) {
        line.supplied = false;
        classes.forEach(this::learn);
        lastTake = System.nanoTime();
        touch(line.shelf);
        supply();
        refill();
    }

    synchronized void close(@Nullable Line line) {
        if (line != null) {
            lines.remove(line);
        }
    }

    private Shelf shelf(String entryPoint, Profile profile) {
        for (Shelf shelf : shelves) {
            if (shelf.profile.equals(profile) && shelf.entryPoint.equals(entryPoint)) {
                return shelf;
            }
        }
        var shelf = new Shelf(entryPoint, profile);
        shelves.add(shelf);
        return shelf;
    }

    /** Begins to keep spares of a profile that nobody has asked for yet. */
    synchronized void expect(String entryPoint, Profile profile) {
        touch(shelf(entryPoint, profile));
        refill();
    }

    synchronized void policy(WarmPolicy wanted) {
        policy = wanted;
        shelves.forEach(shelf -> {
            shelf.failures = 0;
            drop(shelf);
        });
        lastRequest = System.nanoTime();
        idle = false;
        checkIdle(policy.idleTimeout());
        refill();
    }

    /** Sends spares to the clients that have none, first come, first served. */
    private void supply() {
        for (Line line : lines) {
            StartedJvm spare = line.supplied ? null : line.shelf.ready.poll();
            if (spare != null) {
                handOver(spare, line.client);
                line.supplied = true;
            }
        }
    }

    private void handOver(StartedJvm spare, MessageSocket client) {
        try {
            Descriptor[] status = Descriptor.pipe();
            try (Descriptor clients = status[0]) {
                handedOver.put(spare.pid(), status[1]);
                own.remove(spare.pid());
                byte[] lease = ForkServerClient.Lease.describe(spare);
                client.send(
                        lease, 0, lease.length, List.of(spare.control(), spare.stderr(), spare.lifeline(), clients));
            }
        } catch (IOException e) {
            // The client is gone; so is the spare, once its control channel is closed.
            EngineLog.log(Level.DEBUG, "a spare is not taken", e);
        } finally {
            spare.letGo();
        }
    }

    private void learn(String name) {
        seen.remove(name);
        seen.add(name);
        if (seen.size() > SEEN) {
            seen.remove(seen.iterator().next());
        }
    }

    private void touch(Shelf shelf) {
        shelf.lastUse = System.nanoTime();
        lastRequest = shelf.lastUse;
        idle = false;
        if (idleChecks == 0) {
            checkIdle(policy.idleTimeout());
        }
        List<Shelf> cold = byLastUse().skip(WARM_PROFILES).toList();
        cold.forEach(this::drop);
        shelves.removeIf(each ->
                cold.contains(each) && each.booting == 0 && lines.stream().noneMatch(line -> line.shelf == each));
    }

    private Stream<Shelf> byLastUse() {
        return shelves.stream().sorted((a, b) -> Long.compare(b.lastUse, a.lastUse));
    }

    /** Waits until a profile has {@code count} spares; false when the time is up. */
    synchronized boolean await(String entryPoint, Profile profile, int count, long nanos) {
        Shelf shelf = shelf(entryPoint, profile);
        touch(shelf);
        refill();
        long end = System.nanoTime() + Math.min(nanos, Long.MAX_VALUE / 2);
        try {
            while (shelf.ready.size() < count) {
                long left = end - System.nanoTime();
                if (left <= 0 || closed) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void checkIdle(Duration later) {
        idleChecks++;
        family.monitor().at(Deadline.after(later), this::dropIdle);
    }

    /** Ends the spares when nobody has asked for any in a long time. */
    private synchronized void dropIdle() {
        idleChecks--;
        Duration left = policy.idleTimeout().minusNanos(System.nanoTime() - lastRequest);
        if (left.isNegative() || left.isZero()) {
            idle = true;
            shelves.forEach(this::drop);
        } else if (idleChecks == 0) {
            checkIdle(left);
        }
    }

    private void drop(Shelf shelf) {
        // End-of-file on its control channel ends a spare.
        shelf.ready.forEach(StartedJvm::letGo);
        shelf.ready.clear();
    }

    private void refill() {
        int most = Math.max(1, Runtime.getRuntime().availableProcessors() / PROCESSORS_PER_BOOT);
        while (booting < most && !closed && !idle) {
            Shelf shelf = neediest();
            if (shelf == null) {
                return;
            }
            var classes = new LinkedHashSet<>(policy.preload());
            classes.addAll(seen);
            RunDirectory directory = family.directory();
            String queues = ItemQueues.areUsed(directory) ? directory.path().toString() : "";
            var order = new Spare.Order(shelf.entryPoint, List.copyOf(classes), queues);
            WarmPolicy ordered = policy;
            var thread = new Thread(() -> boot(shelf, order, ordered), "multijvm-refill");
            thread.setDaemon(true);
            thread.start(); // waits for this object
            booting++;
            shelf.booting++;
        }
    }

    private @Nullable Shelf neediest() {
        return byLastUse()
                .limit(WARM_PROFILES)
                .filter(shelf -> shelf.failures < FAILURES)
                .filter(this::wantsAnother)
                .filter(shelf -> AvailableMemory.allowsAnotherSpare())
                .findFirst()
                .orElse(null);
    }

    private boolean wantsAnother(Shelf shelf) {
        int supplied = 0;
        int waiting = 0;
        for (Line line : lines) {
            if (line.shelf == shelf) {
                supplied += line.supplied ? 1 : 0;
                waiting += line.supplied ? 0 : 1;
            }
        }
        boolean owed = policy.spares() > 0 && shelf.booting < waiting;
        return owed || shelf.ready.size() + shelf.booting + supplied < policy.spares();
    }

    /** Leaves the processors to what was just started: until nothing was for a moment, or for as long as is bearable. */
    private void awaitQuiet() {
        long end = System.nanoTime() + BEARABLE_NANOS;
        long left;
        do {
            synchronized (this) {
                left = Math.min(lastTake + QUIET_NANOS, end) - System.nanoTime();
            }
            boolean unused = Thread.interrupted();
            LockSupport.parkNanos(left);
        } while (left > 0);
    }

    private void boot(Shelf shelf, Spare.Order order, WarmPolicy ordered) {
        StartedJvm spare = null;
        try {
            FaultPoint.reach("multijvm-refill");
            awaitQuiet();
            spare = start(shelf.profile, order);
        } catch (IOException | RuntimeException | Error e) {
            EngineLog.log(Level.DEBUG, "no spare", e);
        }
        synchronized (this) {
            booting--;
            shelf.booting--;
            if (spare == null) {
                shelf.failures++;
            } else if (!own.contains(spare.pid())) { // ended after it said that it is ready
                shelf.failures++;
                spare.letGo();
            } else if (closed || !ordered.equals(policy)) {
                spare.letGo();
            } else {
                shelf.failures = 0;
                shelf.ready.add(spare);
                if (idleChecks == 0) {
                    checkIdle(policy.idleTimeout()); // it has taken longer to boot than it is kept
                }
            }
            supply();
            notifyAll();
            refill();
        }
    }

    private StartedJvm start(Profile profile, Spare.Order order) throws IOException {
        synchronized (this) {
            if (closed) {
                throw new IOException("the fork server ends");
            }
        }
        StartedJvm spare = StartedJvm.of(profile, Descriptor.adopt(1), family);
        boolean watched = false;
        try {
            synchronized (this) {
                own.add(spare.pid());
            }
            watchEnd(spare);
            watched = true;
        } finally {
            if (!watched) {
                spare.abandon();
            }
        }
        byte[] body = order.toBytes();
        var frame = new Sockets.Chunk(Frame.WARM.header(body.length, 0), body, 0, body.length);
        Sockets.send(spare.control(), frame, List.of());
        boolean answered = spare.control().awaitReadable(Deadline.after(BOOT));
        var none = new ArrayList<Descriptor>(0);
        byte[] reply = answered ? Sockets.receive(spare.control(), Frame.HEADER, none) : null;
        if (reply != null && reply.length == Frame.HEADER && Frame.kindOf(ByteBuffer.wrap(reply)) == Frame.READY) {
            return spare;
        }
        byte[] said = new byte[4096];
        int count = spare.stderr().readNow(said);
        ProcessControl.signal(spare.pid(), ProcessControl.SIGKILL);
        spare.letGo();
        throw new IOException(count > 0 ? new String(said, 0, count, StandardCharsets.UTF_8) : "no word from it");
    }

    private void watchEnd(StartedJvm spare) throws IOException {
        Descriptor process = ProcessControl.watch(spare.pid());
        Monitor monitor = family.monitor();
        boolean watched = false;
        try {
            monitor.watch(process, new End(spare, process));
            watched = true;
        } finally {
            if (!watched) {
                process.close();
            }
        }
    }

    /**
     * Cleans up after a spare that has ended, in the stock or handed over. The monitor runs it again after an error; it then
     * continues with the step that failed.
     */
    private final class End implements Runnable {
        private final StartedJvm spare;
        private final Descriptor process;
        private @Nullable Descriptor statusPipe;
        private @Nullable ExitStatus status;
        private boolean statusKnown;
        private boolean reaped;

        End(StartedJvm spare, Descriptor process) {
            this.spare = spare;
            this.process = process;
        }

        @Override
        public void run() {
            FaultPoint.reach("spare-end");
            withdraw();
            if (!statusKnown) {
                status = status(spare);
                statusKnown = true;
            }
            if (!reaped) {
                removeLiveness(spare);
                reap(spare);
                reaped = true;
            }
            // The process is reaped before its end is reported: a client that asks then finds no such process.
            if (statusPipe != null) {
                report(statusPipe, status);
            }
            family.monitor().close(process);
            refillLater();
        }

        /** Takes the spare out of the stock, or, if it was handed over, takes the pipe on which its client waits for the status. */
        private void withdraw() {
            synchronized (SpareStock.this) {
                own.remove(spare.pid());
                for (Shelf shelf : shelves) {
                    if (shelf.ready.remove(spare)) {
                        spare.letGo();
                    }
                }
                Descriptor pipe = handedOver.remove(spare.pid());
                if (pipe != null) {
                    statusPipe = pipe;
                }
            }
        }
    }

    private synchronized void refillLater() {
        try {
            refill();
        } catch (RuntimeException | Error e) { // the next request tries again
            EngineLog.log(Level.DEBUG, "no spare", e);
        }
    }

    /** The status, which the kernel keeps until it is reported; null if it is lost. */
    private static @Nullable ExitStatus status(StartedJvm spare) {
        try {
            return ExitStatus.peek(spare.pid());
        } catch (IOException e) {
            EngineLog.log(Level.DEBUG, "an exit status is lost", e);
            return null;
        }
    }

    private static void removeLiveness(StartedJvm spare) {
        try {
            spare.liveness().remove();
        } catch (UncheckedIOException e) {
            EngineLog.log(Level.DEBUG, "a file of a process that has ended stays", e);
        }
    }

    private static void reap(StartedJvm spare) {
        try {
            ExitStatus.reap(spare.pid());
        } catch (IOException e) {
            EngineLog.log(Level.DEBUG, "the kernel has forgotten a spare already", e);
        }
    }

    /** Nothing but end-of-file says that the status is lost. */
    private static void report(Descriptor statusPipe, @Nullable ExitStatus status) {
        try {
            if (status != null && !statusPipe.isClosed()) {
                ByteBuffer word = ByteBuffer.allocate(8);
                word.putInt(status.signalled() ? 1 : 0).putInt(status.number());
                statusPipe.writeFully(word.array(), 0, word.capacity());
            }
        } catch (PosixException e) {
            // its parent is gone, too
        } catch (IOException e) {
            EngineLog.log(Level.DEBUG, "an exit status is lost", e);
        }
        statusPipe.close();
    }

    /** Ends the spares; the children handed over are not ours any more. */
    synchronized void close() {
        closed = true;
        notifyAll();
        for (int pid : own) {
            try {
                ProcessControl.signal(pid, ProcessControl.SIGKILL);
            } catch (IOException e) {
                EngineLog.log(Level.DEBUG, "a spare is left to itself", e);
            }
        }
        family.close();
    }
}
