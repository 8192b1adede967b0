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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running child JVM, seen from its parent.
 *
 * <p>Its end is known from the kernel: the process descriptor of a JVM that this process has started itself, or else
 * the fork server's word. The status tells exit and signal apart, but for the signals that a JVM turns into an exit;
 * of those the child sends word (see {@link Frame}), or this process has sent them itself.
 *
 * <p>The end is told in steps, on the monitor's thread: status, rest of the control channel, output (for up to
 * {@value #OUTPUT_GRACE_MILLIS} ms, as a program that the child has left behind may hold it open), {@link #whenEnded},
 * {@link #exit}, {@link #watchEnd}. Whatever is thrown in a step, it is taken again, and those before it are not.
 */
public final class Child {
    private static final int SIGNAL_EXIT = 128;
    private static final int STATUS_LOST = 255;
    private static final long OUTPUT_GRACE_MILLIS = 500;
    /** The failures of all that watch the end together, other than for want of memory, after which each has one try. */
    private static final int MOST_FAILURES = 5;

    private static final Duration RETRY = Duration.ofMillis(100);
    /** The most that is read from the control channel after the end: a program that the child left behind may write on. */
    private static final int MOST_RESTS = 2 * FrameReader.MOST / 1024;

    private final String name;
    private final int pid;
    private final Monitor monitor;
    private final Descriptor control;
    private final Descriptor lifeline;
    private final List<OutputRelay> relays;
    private final Consumer<byte[]> onFailure;
    private final CompletableFuture<Void> running = new CompletableFuture<>();
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private final AtomicBoolean interruptWanted = new AtomicBoolean();
    private final Set<Integer> sentSignals = ConcurrentHashMap.newKeySet();
    private final Set<Runnable> endWatchers = ConcurrentHashMap.newKeySet();
    private @Nullable List<Runnable> beforeExit = new ArrayList<>(); // null when they have run; guarded by endWatchers
    private volatile boolean ready;
    private volatile boolean killedUnbegun;
    private volatile boolean gone; // its pid may be another process's soon

    private final FrameReader frames = new FrameReader(); // monitor thread only, as is all below
    private int controlFailures;
    private boolean oddFrameSeen;
    private @Nullable Integer announcedExit;
    private int announcedSignal;
    private final byte[] serversWord = new byte[8];
    private @Nullable ExitStatus status; // the kernel's; null if that is lost
    private boolean statusKnown;
    private boolean drained;
    private boolean timed; // the wait for the output will end
    private @Nullable ExitStatus told; // what exit will say
    private int watcherFailures;
    private boolean released;

    private Child(LaunchSpec spec, int pid, Family family, Descriptor control, Descriptor lifeline) {
        this.name = spec.name();
        this.pid = pid;
        this.monitor = family.monitor();
        this.control = control;
        this.lifeline = lifeline;
        this.onFailure = spec.onFailure();
        this.relays = new ArrayList<>(2);
    }

    /** A JVM that this process has started itself. */
    static Child own(LaunchSpec spec, StartedJvm jvm, Family family, @Nullable Descriptor stdoutPipe)
            throws IOException {
        var child = new Child(spec, jvm.pid(), family, jvm.control(), jvm.lifeline());
        Descriptor process = ProcessControl.watch(jvm.pid());
        child.begin(spec, family, jvm.stderr(), stdoutPipe, process, () -> child.processEnded(process, jvm.liveness()));
        return child;
    }

    /** A spare that the fork server has handed over; {@code status} brings its end. */
    static Child leased(LaunchSpec spec, ForkServerClient.Lease lease, Family family, @Nullable Descriptor stdoutPipe)
            throws IOException {
        var child = new Child(spec, lease.pid(), family, lease.control(), lease.lifeline());
        child.ready = true; // as every spare is
        Descriptor status = lease.status();
        child.begin(spec, family, lease.stderr(), stdoutPipe, status, () -> child.statusArrived(status));
        return child;
    }

    private void begin(
            LaunchSpec spec,
            Family family,
            Descriptor stderr,
            @Nullable Descriptor stdoutPipe,
            Descriptor end,
            Runnable onEnd)
            throws IOException {
        monitor.hold();
        boolean done = false;
        try {
            relays.add(OutputRelay.start(family.output(), stderr, spec.stderr(), spec.name(), this::outputEnded));
            if (stdoutPipe != null) {
                relays.add(
                        OutputRelay.start(family.output(), stdoutPipe, spec.stdout(), spec.name(), this::outputEnded));
            }
            monitor.watch(control, this::readControl);
            monitor.watch(end, onEnd);
            done = true;
        } finally {
            if (!done) {
                relays.forEach(OutputRelay::giveUp);
                monitor.close(control);
                monitor.close(end);
                monitor.release();
            }
        }
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

    /** Whether the process has ended, which {@link #exit} may not tell yet. */
    boolean isGone() {
        return gone;
    }

    /**
     * Runs {@code action}, which must be quick, when the process has ended, before {@link #exit} tells of that. An action
     * that throws is run again, a few times unless it lacks memory.
     */
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
        while (true) {
            Runnable action;
            synchronized (endWatchers) {
                if (beforeExit == null || beforeExit.isEmpty()) {
                    beforeExit = null;
                    return;
                }
                action = beforeExit.get(0);
            }
            runOrGiveUp(action);
            synchronized (endWatchers) {
                beforeExit.remove(0);
            }
        }
    }

    /** Throws what is to be tried again. */
    private void runOrGiveUp(Runnable action) {
        try {
            FaultPoint.reach("child-watcher");
            action.run();
        } catch (RuntimeException | Error e) {
            if (e instanceof OutOfMemoryError || ++watcherFailures < MOST_FAILURES) {
                throw e;
            }
            EngineLog.log(System.Logger.Level.ERROR, "while the end of " + name + " was told", e);
        }
    }

    /**
     * Runs {@code action}, which must be quick, when the process has ended, if that is still to come; until
     * {@link #unwatchEnd}, so that who waits again and again leaves nothing behind. An action that throws is run again
     * after a moment, a few times unless it lacks memory.
     */
    public void watchEnd(Runnable action) {
        endWatchers.add(action);
    }

    public void unwatchEnd(Runnable action) {
        endWatchers.remove(action);
    }

    private void tellWatchers() {
        boolean all = true;
        for (Runnable action : List.copyOf(endWatchers)) {
            try {
                runOrGiveUp(action);
                endWatchers.remove(action);
            } catch (RuntimeException | Error e) {
                all = false; // the others do not wait for it
            }
        }
        if (!all) {
            monitor.at(Deadline.after(RETRY), this::tellWatchers);
        }
    }

    /** The last lines of its standard error so far. */
    public String stderrTail() {
        return relays.get(0).tail();
    }

    /**
     * Interrupts the child's main thread with SIGINT; if its JVM is still booting, as soon as it has a handler for that.
     */
    public void interrupt() throws IOException {
        interruptWanted.set(true);
        if (ready) {
            sendInterrupt();
        }
    }

    private void sendInterrupt() throws IOException {
        if (interruptWanted.getAndSet(false)) {
            signal(ProcessControl.SIGINT);
        }
    }

    private void interruptNow() {
        try {
            sendInterrupt();
        } catch (IOException e) {
            log("cannot interrupt " + name, e);
        }
    }

    /**
     * Sends {@code signal} unless the process is gone already. A JVM that SIGTERM reaches while it boots may end with any
     * exit code and complain on either output, and has nothing to end in order yet: SIGKILL does it, and is told as SIGTERM.
     */
    public void signal(int signal) throws IOException {
        if (!gone) {
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
            return !ready && Sockets.isUnread(control);
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
        try {
            FaultPoint.reach("child-control");
            takeFrames(); // what an error has left
            boolean more = frames.read(control);
            takeFrames();
            if (!more) {
                monitor.close(control);
            }
            controlFailures = 0;
        } catch (IOException e) {
            // Nobody is to wait for ever because a program of the child's takes the channel for its standard input.
            log("nothing more is heard from " + name, e);
            monitor.close(control);
        } catch (RuntimeException | Error e) {
            if (e instanceof OutOfMemoryError || ++controlFailures < Monitor.TRIES) {
                throw e; // to be called again
            }
            log("nothing more is heard from " + name, e);
            monitor.close(control);
        }
    }

    private void takeFrames() throws IOException {
        for (Frame frame = frames.current(); frame != null; frame = frames.current()) {
            handle(frame, frames.body());
            frames.next();
        }
    }

    private void handle(Frame frame, byte[] body) throws IOException {
        switch (frame) {
            case RUNNING -> running.complete(null);
            case FAILED -> {
                onFailure.accept(body);
                running.completeExceptionally(new IllegalStateException("failed before it ran"));
            }
            case SIGNALLED -> announcedSignal = number(body);
            case ENDED -> announcedExit = number(body);
            case READY -> {
                ready = true;
                interruptNow();
            }
            case ENDING -> lifeline.close();
            case WARM, START -> {
                if (!oddFrameSeen) {
                    oddFrameSeen = true;
                    log("unexpected frame " + frame + " from " + name, null);
                }
            }
        }
    }

    private static int number(byte[] body) throws IOException {
        if (body.length < Integer.BYTES) {
            throw new IOException("no frame: a number is missing");
        }
        return ByteBuffer.wrap(body).getInt();
    }

    private static void log(String message, @Nullable Throwable thrown) {
        EngineLog.log(System.Logger.Level.WARNING, message, thrown);
    }

    private void statusArrived(Descriptor statusPipe) {
        FaultPoint.reach("child-end");
        if (!statusKnown) {
            boolean complete = false;
            try {
                complete = statusPipe.readNow(serversWord) == serversWord.length;
            } catch (IOException e) {
                // the server is gone, and the status with it
            }
            if (!complete) {
                awaitUnwatched(statusPipe);
                return;
            }
            gone = true;
            statusKnown = true;
        }
        ByteBuffer fields = ByteBuffer.wrap(serversWord);
        status = new ExitStatus(fields.getInt() != 0, fields.getInt());
        settle(statusPipe, null);
    }

    /** The fork server has died: the process itself is watched now, and its status is what the frames say. */
    private void awaitUnwatched(Descriptor statusPipe) {
        try {
            Descriptor process = ProcessControl.watch(pid);
            boolean watched = false;
            try {
                monitor.watch(process, () -> unwatchedEnded(process));
                watched = true;
            } finally {
                if (!watched) {
                    process.close();
                }
            }
            monitor.close(statusPipe);
        } catch (PosixException e) {
            if (e.isMissing()) {
                unwatchedEnded(statusPipe);
            } else {
                throw new UncheckedIOException(e); // out of descriptors, for now: called again
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void unwatchedEnded(Descriptor process) {
        FaultPoint.reach("child-end");
        gone = true;
        statusKnown = true;
        settle(process, null);
    }

    private void processEnded(Descriptor process, RunDirectory.Liveness liveness) {
        FaultPoint.reach("child-end");
        if (!statusKnown) {
            try {
                status = ExitStatus.peek(pid);
            } catch (IOException e) {
                // somebody ignores SIGCHLD for the whole process, so that the kernel forgets children at once
            }
            statusKnown = true;
        }
        if (!gone) {
            gone = true;
            reap(pid);
        }
        settle(process, liveness);
    }

    /** Does all that is to be done before the end is told, and sees to it that it is; {@code source} has told of it. */
    private void settle(Descriptor source, RunDirectory.@Nullable Liveness liveness) {
        if (!drained) {
            drain();
            drained = true;
        }
        lifeline.close();
        if (liveness != null) {
            remove(liveness);
        }
        if (told == null) {
            told = status == null ? lostStatus() : asToldByTheChild(status);
        }
        if (!timed) {
            monitor.at(Deadline.after(Duration.ofMillis(OUTPUT_GRACE_MILLIS)), this::finish);
            timed = true;
        }
        monitor.close(source);
        finishIfPrinted();
    }

    private static void remove(RunDirectory.Liveness liveness) {
        try {
            liveness.remove();
        } catch (UncheckedIOException e) {
            log("a file of a process that has ended stays", e);
        }
    }

    /** Takes what the child has sent before its end. */
    private void drain() {
        boolean more = true;
        for (int i = 0; i < MOST_RESTS && more && !control.isClosed(); i++) {
            readControl();
            more = isReadable(); // not so if a copy of the other end lives on somewhere
        }
        monitor.close(control);
    }

    private boolean isReadable() {
        try {
            return control.awaitReadable(Deadline.after(Duration.ZERO));
        } catch (IOException e) {
            return false; // closed
        }
    }

    /** Called on an output's thread. */
    private void outputEnded() {
        monitor.at(Deadline.after(Duration.ZERO), this::finishIfPrinted);
    }

    private void finishIfPrinted() {
        if (told == null) {
            return;
        }
        for (OutputRelay relay : relays) {
            if (!relay.hasEnded()) {
                return;
            }
        }
        finish();
    }

    private void finish() {
        if (exit.isDone() && released) {
            return;
        }
        FaultPoint.reach("child-finish");
        runBeforeExit();
        running.completeExceptionally(new IllegalStateException("ended before it ran"));
        exit.complete(told);
        tellWatchers();
        released = true;
        monitor.release();
    }

    /** Takes a JVM's exit with 128 + n for the signal it was, if there is reason to. */
    private ExitStatus asToldByTheChild(ExitStatus kernels) {
        if (killedUnbegun && kernels.equals(ExitStatus.killed(ProcessControl.SIGKILL))) {
            return ExitStatus.killed(ProcessControl.SIGTERM);
        }
        int signal = kernels.number() - SIGNAL_EXIT;
        boolean asSignal = !kernels.signalled() && (announcedSignal == signal || sentSignals.contains(signal));
        return asSignal && signal > 0 ? ExitStatus.killed(signal) : kernels;
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

    private static void reap(int pid) {
        try {
            ExitStatus.reap(pid);
        } catch (IOException e) {
            // the kernel has forgotten it already
        }
    }
}
