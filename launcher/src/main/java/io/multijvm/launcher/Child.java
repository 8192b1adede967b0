package io.multijvm.launcher;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.ExitStatus;
import io.multijvm.ipc.os.PosixException;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.os.Sockets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running child JVM, seen from its parent.
 *
 * <p>Its end is known from the kernel: the process descriptor of a JVM that this process has started itself, or else
 * the fork server's word. The status tells exit and signal apart, but for the signals that a JVM turns into an exit;
 * of those the child sends word (see {@link Frame}), or this process has sent them itself.
 */
public final class Child {
    private static final int SIGNAL_EXIT = 128;
    private static final int STATUS_LOST = 255;
    private static final long OUTPUT_GRACE_MILLIS = 500;

    private final String name;
    private final int pid;
    private final Monitor monitor;
    private final Descriptor control;
    private final Descriptor lifeline;
    private final OutputRelay stderr;
    private final Consumer<byte[]> onFailure;
    private final CompletableFuture<Void> running = new CompletableFuture<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<ExitStatus> reaped = new CompletableFuture<>();
    private final CompletableFuture<ExitStatus> exit;
    private final Set<Integer> sentSignals = ConcurrentHashMap.newKeySet();
    private volatile boolean killedUnbegun;
    private final Set<Runnable> endWatchers = ConcurrentHashMap.newKeySet();
    private @Nullable List<Runnable> beforeExit = new ArrayList<>(); // null when they have run; guarded by endWatchers
    private final ByteArrayOutputStream received = new ByteArrayOutputStream(); // monitor thread only
    private @Nullable Integer announcedExit; // monitor thread only, as is the next
    private int announcedSignal;

    private Child(
            LaunchSpec spec,
            int pid,
            Family family,
            Descriptor control,
            Descriptor lifeline,
            List<OutputRelay> relays) {
        this.name = spec.name();
        this.pid = pid;
        this.monitor = family.monitor();
        this.control = control;
        this.lifeline = lifeline;
        this.onFailure = spec.onFailure();
        this.stderr = relays.get(0);
        CompletableFuture<?> printed =
                CompletableFuture.allOf(relays.stream().map(OutputRelay::ended).toArray(CompletableFuture[]::new));
        // A program the child has left behind may hold its standard error open: no end is waited for for ever.
        this.exit = reaped.thenCompose(status -> printed.isDone()
                        ? CompletableFuture.completedFuture(status)
                        : printed.copy()
                                .completeOnTimeout(null, OUTPUT_GRACE_MILLIS, TimeUnit.MILLISECONDS)
                                .thenApply(done -> status))
                .whenComplete((status, failure) -> runBeforeExit());
        CompletableFuture<ExitStatus> unused = exit.whenComplete((status, failure) -> {
            running.completeExceptionally(new IllegalStateException("ended before it ran"));
            endWatchers.forEach(Runnable::run);
        });
    }

    /** A JVM that this process has started itself. */
    static Child own(LaunchSpec spec, StartedJvm jvm, Family family, @Nullable Descriptor stdoutPipe)
            throws IOException {
        var child = new Child(
                spec,
                jvm.pid(),
                family,
                jvm.control(),
                jvm.lifeline(),
                relays(spec, jvm.stderr(), stdoutPipe, family.output()));
        Descriptor process = ProcessControl.watch(jvm.pid());
        child.monitor.watch(jvm.control(), child::readControl);
        child.monitor.watch(process, () -> {
            child.monitor.close(process);
            child.ended(reap(jvm.pid()), jvm.liveness());
        });
        return child;
    }

    /** A spare that the fork server has handed over; {@code status} brings its end. */
    static Child leased(LaunchSpec spec, ForkServerClient.Lease lease, Family family, @Nullable Descriptor stdoutPipe)
            throws IOException {
        var child = new Child(
                spec,
                lease.pid(),
                family,
                lease.control(),
                lease.lifeline(),
                relays(spec, lease.stderr(), stdoutPipe, family.output()));
        child.ready.complete(null); // as every spare is
        child.monitor.watch(lease.control(), child::readControl);
        child.monitor.watch(lease.status(), () -> child.statusArrived(lease.status()));
        return child;
    }

    private static List<OutputRelay> relays(
            LaunchSpec spec, Descriptor stderr, @Nullable Descriptor stdoutPipe, Monitor output) throws IOException {
        var relays = new ArrayList<OutputRelay>(2);
        relays.add(OutputRelay.start(output, stderr, spec.stderr(), spec.name()));
        if (stdoutPipe != null) {
            relays.add(OutputRelay.start(output, stdoutPipe, spec.stdout(), spec.name()));
        }
        return relays;
    }

    public int pid() {
        return pid;
    }

    public String name() {
        return name;
    }

    /** Completed when the operating system says that the process is gone, with its output delivered. */
    public CompletableFuture<ExitStatus> exit() {
        return exit;
    }

    /** Runs {@code action}, which must be quick, when the process has ended, before {@link #exit} tells of that. */
    public void whenEnded(Runnable action) {
        synchronized (endWatchers) {
            if (beforeExit != null) {
                beforeExit.add(action);
                return;
            }
        }
        action.run();
    }

    private void runBeforeExit() {
        List<Runnable> actions;
        synchronized (endWatchers) {
            actions = Objects.requireNonNull(beforeExit);
            beforeExit = null;
        }
        actions.forEach(Runnable::run);
    }

    /**
     * Runs {@code action}, which must be quick, when the process ends, if that is still to come; until
     * {@link #unwatchEnd}, so that who waits again and again leaves nothing behind.
     */
    public void watchEnd(Runnable action) {
        endWatchers.add(action);
    }

    public void unwatchEnd(Runnable action) {
        endWatchers.remove(action);
    }

    /** The last lines of its standard error so far. */
    public String stderrTail() {
        return stderr.tail();
    }

    /**
     * Interrupts the child's main thread with SIGINT; if its JVM is still booting, as soon as it has a handler for that.
     */
    public void interrupt() {
        CompletableFuture<Void> unused = ready.thenRun(() -> {
            try {
                signal(ProcessControl.SIGINT);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * Sends {@code signal} unless the process is gone already. A JVM that SIGTERM reaches while it boots may end with any
     * exit code and complain on either output, and has nothing to end in order yet: SIGKILL does it, and is told as SIGTERM.
     */
    public void signal(int signal) throws IOException {
        if (!reaped.isDone()) {
            sentSignals.add(signal);
            if (signal == ProcessControl.SIGTERM && isBooting()) {
                killedUnbegun = true;
                ProcessControl.signal(pid, ProcessControl.SIGKILL);
            } else {
                ProcessControl.signal(pid, signal);
            }
        }
    }

    /** Whether it has not taken its start yet, which is the first that its main thread does. */
    private boolean isBooting() {
        try {
            return !ready.isDone() && Sockets.isUnread(control);
        } catch (IOException e) {
            return false; // it has closed its end
        }
    }

    /** Lets the child believe that this process has ended. */
    void hangUp() {
        lifeline.close();
    }

    /** Completed when the child has accepted its payload; exceptionally when it never will. */
    CompletableFuture<Void> running() {
        return running;
    }

    /** Sends the frame that starts the child; {@code descriptors} go along. */
    void begin(Start start, List<Descriptor> descriptors, Deadline deadline) throws IOException {
        byte[] body = start.toBytes();
        transmit(Frame.START.header(body.length, descriptors.size()), body, deadline);
        for (int at = 0; at < descriptors.size(); at += Sockets.MAX_DESCRIPTORS) {
            List<Descriptor> batch =
                    descriptors.subList(at, Math.min(descriptors.size(), at + Sockets.MAX_DESCRIPTORS));
            var carrier = new Sockets.Chunk(new byte[1], new byte[0], 0, 0);
            while (Sockets.send(control, carrier, batch) == Sockets.WOULD_BLOCK) {
                awaitWritable(deadline);
            }
        }
        // From here on a program that inherits the child's standard input finds nothing there.
        Sockets.endSending(control);
    }

    private void transmit(byte[] header, byte[] body, Deadline deadline) throws IOException {
        byte[] prefix = header;
        int done = 0;
        while (prefix.length > 0 || done < body.length) {
            int size = Math.min(body.length - done, Sockets.MAX_PACKET - Frame.HEADER);
            int sent = Sockets.send(control, new Sockets.Chunk(prefix, body, done, size), List.of());
            if (sent == Sockets.WOULD_BLOCK) {
                awaitWritable(deadline);
                continue;
            }
            done += sent - prefix.length; // the header is far smaller than any socket's buffer
            prefix = new byte[0];
        }
    }

    private void awaitWritable(Deadline deadline) throws IOException {
        if (!control.awaitWritable(deadline)) {
            throw new IOException("the child does not read its start");
        }
    }

    private void readControl() {
        var descriptors = new ArrayList<Descriptor>(0);
        try {
            byte[] bytes = Sockets.receive(control, Sockets.MAX_PACKET, descriptors);
            if (bytes == null) {
                return;
            }
            if (bytes.length == 0) {
                monitor.close(control);
                return;
            }
            received.writeBytes(bytes);
        } catch (IOException e) {
            monitor.close(control);
            return;
        } finally {
            descriptors.forEach(Descriptor::close);
        }
        try {
            takeFrames();
        } catch (RuntimeException e) {
            // Nobody is to wait for ever because a program of the child's takes the channel for its standard input.
            System.getLogger("io.multijvm")
                    .log(
                            System.Logger.Level.WARNING,
                            "nothing more is heard from " + name + ", as this is no frame",
                            e);
            monitor.close(control);
        }
    }

    private void takeFrames() {
        ByteBuffer frames = ByteBuffer.wrap(received.toByteArray());
        while (frames.remaining() >= Frame.HEADER) {
            ByteBuffer header = frames.slice();
            int length = Frame.lengthOf(header);
            if (frames.remaining() - Frame.HEADER < length) {
                break;
            }
            byte[] body = new byte[length];
            header.position(Frame.HEADER).get(body);
            frames.position(frames.position() + Frame.HEADER + length);
            handle(Frame.kindOf(header), body);
        }
        received.reset();
        received.write(frames.array(), frames.position(), frames.remaining());
    }

    private void handle(Frame frame, byte[] body) {
        switch (frame) {
            case RUNNING -> running.complete(null);
            case FAILED -> {
                onFailure.accept(body);
                running.completeExceptionally(new IllegalStateException("failed before it ran"));
            }
            case SIGNALLED -> announcedSignal = ByteBuffer.wrap(body).getInt();
            case ENDED -> announcedExit = ByteBuffer.wrap(body).getInt();
            case READY -> ready.complete(null);
            case ENDING -> lifeline.close();
            case WARM, START ->
                System.getLogger("io.multijvm")
                        .log(System.Logger.Level.WARNING, "unexpected frame " + frame + " from " + name);
        }
    }

    private void statusArrived(Descriptor statusPipe) {
        byte[] word = new byte[8];
        ExitStatus status = null;
        try {
            if (statusPipe.readNow(word) == word.length) {
                ByteBuffer fields = ByteBuffer.wrap(word);
                status = new ExitStatus(fields.getInt() != 0, fields.getInt());
            }
        } catch (IOException e) {
            // the server is gone, and the status with it
        }
        monitor.close(statusPipe);
        if (status == null) {
            awaitUnwatched();
        } else {
            ended(status, null);
        }
    }

    /** The fork server has died: the process itself is watched now, and its status is what the frames say. */
    private void awaitUnwatched() {
        try {
            Descriptor process = ProcessControl.watch(pid);
            monitor.watch(process, () -> {
                monitor.close(process);
                ended(null, null);
            });
        } catch (PosixException e) {
            ended(null, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ended(@Nullable ExitStatus status, RunDirectory.@Nullable Liveness liveness) {
        while (!control.isClosed()) {
            readRest();
        }
        lifeline.close();
        if (liveness != null) {
            liveness.remove();
        }
        reaped.complete(status == null ? lostStatus() : told(status));
    }

    private void readRest() {
        try {
            if (control.awaitReadable(Deadline.after(Duration.ZERO))) {
                readControl();
            } else {
                monitor.close(control); // a copy of the other end lives on somewhere
            }
        } catch (IOException e) {
            monitor.close(control);
        }
    }

    /** Takes a JVM's exit with 128 + n for the signal it was, if there is reason to. */
    private ExitStatus told(ExitStatus status) {
        if (killedUnbegun && status.equals(ExitStatus.killed(ProcessControl.SIGKILL))) {
            return ExitStatus.killed(ProcessControl.SIGTERM);
        }
        int signal = status.number() - SIGNAL_EXIT;
        boolean asSignal = !status.signalled() && (announcedSignal == signal || sentSignals.contains(signal));
        return asSignal && signal > 0 ? ExitStatus.killed(signal) : status;
    }

    private ExitStatus lostStatus() {
        if (killedUnbegun) {
            return ExitStatus.killed(ProcessControl.SIGTERM);
        }
        if (announcedSignal != 0) {
            return ExitStatus.killed(announcedSignal);
        }
        if (announcedExit != null) {
            return ExitStatus.exited(announcedExit);
        }
        return sentSignals.contains(ProcessControl.SIGKILL)
                ? ExitStatus.killed(ProcessControl.SIGKILL)
                : ExitStatus.exited(STATUS_LOST);
    }

    private static @Nullable ExitStatus reap(int pid) {
        try {
            return ExitStatus.reap(pid);
        } catch (IOException e) {
            return null; // somebody ignores SIGCHLD for the whole process, so that the kernel forgets children at once
        }
    }
}
