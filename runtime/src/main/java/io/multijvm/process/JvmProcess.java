package io.multijvm.process;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.ExitStatus;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.snapshot.NotForked;
import io.multijvm.launcher.Child;
import io.multijvm.launcher.Family;
import io.multijvm.launcher.LaunchException;
import io.multijvm.launcher.ThreadDump;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An activity in a JVM of its own. Python: {@code multiprocessing.Process}.
 *
 * <p>It runs its {@link Target}, or the {@link #run} of a subclass, whose fields go along. Only the process that made it
 * may start it and wait for it; in the child it is {@code MultiJvm.currentProcess()}. All methods may be called from any
 * thread. After {@link #close} every method but {@code close} and {@code name} throws {@link IllegalStateException}.
 */
public class JvmProcess implements Runnable, AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;
    private static final Duration STATE_CHANGE = Duration.ofSeconds(10);
    private static final ThreadLocal<@Nullable JvmProcess> STARTING = new ThreadLocal<>();

    /** Goes along with a subclass, so that it has one in the child, too. */
    private static final class Lock implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /** NEW -> STARTED (start) -> CLOSED (close, after the end); NEW -> CLOSED. CURRENT is this process itself. */
    private enum State {
        NEW,
        STARTED,
        CLOSED,
        CURRENT
    }

    private final Lock lock = new Lock();

    @NotForked
    private final transient @Nullable ProcessContext context;

    private final transient @Nullable Target target;
    private transient List<Integer> identity;
    private transient State state; // guarded by lock, as is all below
    private transient String name;
    private transient @Nullable Boolean daemon;
    private transient byte[] authKey;
    private transient boolean serving;

    @NotForked
    private transient @Nullable JvmOptions options;

    @NotForked
    private transient @Nullable Child child;

    @NotForked
    private transient byte @Nullable [] failure; // as it came

    /** For a subclass that overrides {@link #run}, in the default context. */
    protected JvmProcess() {
        this(ProcessContext.ofDefault());
    }

    /** For a subclass that overrides {@link #run}. */
    protected JvmProcess(ProcessContext context) {
        this(Objects.requireNonNull(context), null, null);
    }

    private JvmProcess(ProcessContext context, @Nullable String name, @Nullable Target target) {
        this.context = context;
        this.target = target;
        this.identity = CurrentProcess.nextIdentity();
        this.name = name == null ? defaultName() : name;
        this.authKey = CurrentProcess.self().authKey();
        this.state = State.NEW;
    }

    private JvmProcess(String name, List<Integer> identity, boolean daemon, byte[] authKey) {
        this.context = null;
        this.target = null;
        this.identity = identity;
        this.name = name;
        this.daemon = daemon;
        this.authKey = authKey;
        this.state = State.CURRENT;
    }

    /** A process of {@code context} that is to run {@code target}; without a name it gets one that counts. */
    public static JvmProcess of(ProcessContext context, @Nullable String name, Target target) {
        return new JvmProcess(context, name, Objects.requireNonNull(target));
    }

    static JvmProcess main(byte[] authKey) {
        return new JvmProcess("MainProcess", List.of(), false, authKey);
    }

    static JvmProcess current(Description description) {
        return new JvmProcess(description.name(), description.identity(), description.daemon(), description.authKey());
    }

    /** An object that has just been deserialised in the child takes the place of the one made for it. */
    void becomeCurrent(JvmProcess placeholder) {
        name = placeholder.name;
        identity = placeholder.identity;
        daemon = placeholder.daemon;
        authKey = placeholder.authKey;
        state = State.CURRENT;
    }

    private String defaultName() {
        String kind = getClass() == JvmProcess.class ? "Process" : getClass().getSimpleName();
        var label =
                new StringBuilder(kind); // no stream: the first one takes a JVM 5 ms, and every first start would pay
        char separator = '-';
        for (int number : identity) {
            label.append(separator).append(number);
            separator = ':';
        }
        return label.toString();
    }

    /** The process that is running here. */
    public static JvmProcess currentProcess() {
        return CurrentProcess.self();
    }

    /** The process that has started this one; empty in the main process. */
    public static Optional<ParentProcess> parentProcess() {
        return Optional.ofNullable(CurrentProcess.parent());
    }

    /** The children of this process that have not ended. */
    public static List<JvmProcess> activeChildren() {
        return CurrentProcess.children().processes();
    }

    /** The activity: runs the target. A direct call runs it here; {@link #start} has it run in the process. */
    @Override
    public void run() {
        if (target == null) {
            return;
        }
        try {
            target.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the target threw " + e, e);
        }
    }

    /**
     * Starts the process: at most once, and only where it was made. Returns when the child is under way; the first start
     * of a target in a kind of JVM waits until the child has accepted it, so that what cannot work fails here.
     *
     * @throws IllegalStateException when it was started before, in a daemonic process, or while this process itself is
     *     still being started (by an initialiser of its target's class); in a static initialiser that has led to the
     *     start of this process; or at the end of the program, when its {@link ExitHook}s of priority 0 and above have run
     * @throws NotSendableException when the target's captured variables or the subclass's fields cannot be sent
     * @throws LaunchException when no JVM could be started, or it has not accepted its target; nothing is left of it
     */
    public void start() {
        ProcessContext made;
        synchronized (lock) {
            requireState(State.NEW, "a process can be started only once");
            made = requireOwn();
            if (CurrentProcess.self().isDaemon()) {
                throw new IllegalStateException("daemonic processes are not allowed to have children");
            }
            CurrentProcess.requireStarted();
            state = State.STARTED;
        }
        boolean launched = false;
        try {
            Child started = launch(made);
            synchronized (lock) {
                child = started;
            }
            launched = true;
        } finally {
            if (!launched) {
                synchronized (lock) {
                    state = State.NEW;
                }
            }
        }
    }

    private Child launch(ProcessContext made) {
        CurrentProcess.children().prepareForEnd();
        Family.current().exchangeClasses();
        Object activity = target == null ? this : target;
        STARTING.set(this);
        Description.Prepared prepared;
        try {
            prepared = made.startMethod().equals(Forking.METHOD)
                    ? Forking.prepare(activity, chosenOptions())
                    : Description.Activity.of(activity);
        } finally {
            STARTING.remove();
        }
        try {
            JvmProcess self = CurrentProcess.self();
            var description = new Description(
                    name(),
                    identity,
                    isDaemon(),
                    authKey(),
                    ProcessHandle.current().pid(),
                    self.name(),
                    made.startMethod(),
                    CurrentProcess.program(),
                    CurrentProcess.initialisers().refusedInChild(),
                    prepared.activity());
            return CurrentProcess.children()
                    .start(this, () -> made.launch(this, description, prepared, activity, this::failed));
        } catch (LaunchException e) {
            throw ProcessContext.explained(e, failure().orElse(null));
        } finally {
            prepared.descriptors().forEach(Descriptor::close);
        }
    }

    private void failed(byte[] encoded) {
        synchronized (lock) {
            failure = encoded;
        }
    }

    /** A label; two processes may have the same. */
    public String name() {
        synchronized (lock) {
            return name;
        }
    }

    /** Sets the label; before the start only, as it is not told to a running child. */
    public JvmProcess name(String label) {
        synchronized (lock) {
            requireState(State.NEW, "the name is set before the start");
            name = Objects.requireNonNull(label);
            return this;
        }
    }

    /** Whether the process is ended, not joined, at the end of this program; by default as the process that made it. */
    public boolean isDaemon() {
        synchronized (lock) {
            return daemon == null
                    ? this != CurrentProcess.self() && CurrentProcess.self().isDaemon()
                    : daemon;
        }
    }

    /** Sets whether the process is daemonic: ended at the end of this program, and without children of its own. */
    public JvmProcess daemon(boolean wanted) {
        synchronized (lock) {
            requireState(State.NEW, "daemon is set before the start");
            daemon = wanted;
            return this;
        }
    }

    /** Whether it is ended when all others have been, and joined by nobody: see {@link ProcessContext#serving}. */
    boolean servesOthers() {
        synchronized (lock) {
            return serving;
        }
    }

    void serveOthers() {
        synchronized (lock) {
            requireState(State.NEW, "what a process is for is set before the start");
            serving = true;
        }
    }

    /** Sets how its JVM is started, in place of the context's options. */
    public JvmProcess options(JvmOptions wanted) {
        synchronized (lock) {
            requireState(State.NEW, "options are set before the start");
            options = Objects.requireNonNull(wanted);
            return this;
        }
    }

    JvmOptions chosenOptions() {
        synchronized (lock) {
            return options == null ? requireOwn().options() : options;
        }
    }

    /** Its number among its parent's children, after the parent's own identity; empty for the main process. */
    public List<Integer> identity() {
        return identity;
    }

    /** The key that processes of this program prove to each other that they belong together; inherited. */
    public byte[] authKey() {
        synchronized (lock) {
            return authKey.clone();
        }
    }

    /** Sets the key, of this process for children made from now on, or of a process not yet started. */
    public void authKey(byte[] key) {
        synchronized (lock) {
            authKey = key.clone();
        }
    }

    /** The process id; throws {@link IllegalStateException} before the start. */
    public long pid() {
        synchronized (lock) {
            return state == State.CURRENT
                    ? ProcessHandle.current().pid()
                    : requireChild().pid();
        }
    }

    /** Whether it was started and has not ended. */
    public boolean isAlive() {
        synchronized (lock) {
            requireOpen();
            return state == State.CURRENT || (child != null && !child.exit().isDone());
        }
    }

    /**
     * How it ended: 0, the n of {@code System.exit(n)} modulo 256, 1 after an uncaught exception, -N if signal N ended it;
     * null while it runs or was not started.
     */
    public @Nullable Integer exitCode() {
        synchronized (lock) {
            requireOpen();
            ExitStatus status = child == null ? null : child.exit().getNow(null);
            return status == null ? null : status.exitCode();
        }
    }

    /**
     * Its uncaught exception, with the stack it had there; empty as long as there is none. A {@link RemoteException} stands
     * for one that cannot be sent, that takes more than 4 MiB, or whose own methods fail.
     */
    public Optional<Throwable> failure() {
        byte[] sent;
        synchronized (lock) {
            requireOpen();
            sent = failure;
        }
        return sent == null
                ? Optional.empty()
                : Optional.of(RemoteFailure.of(sent).toThrowable(Codec.loader()));
    }

    /** Waits for its end. Ends early only with {@link InterruptedException}; the process goes on then. */
    public void join() throws InterruptedException {
        join((Duration) null);
    }

    /** Waits for its end up to {@code timeout}, null for ever, a negative one acting as zero; returns whether it ended. */
    public boolean join(@Nullable Duration timeout) throws InterruptedException {
        Child waitedFor = requireChild();
        try {
            if (timeout == null) {
                waitedFor.exit().get();
            } else {
                waitedFor.exit().get(Math.max(0, Deadline.after(timeout).remainingNanos()), TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("its end cannot be known", e);
        }
    }

    /** Waits for its end; throws {@link ProcessFailedException} unless that was with exit code 0. */
    public void joinOrThrow() throws InterruptedException {
        join();
        Child ended = requireChild();
        ExitStatus status = ended.exit().join();
        if (status.exitCode() == 0) {
            return;
        }
        var message = new StringBuilder("process '" + name() + "', pid " + ended.pid() + ": " + status);
        String stderr = ended.stderrTail().strip();
        if (!stderr.isEmpty()) {
            message.append(", stderr \"").append(stderr).append('"');
        }
        throw new ProcessFailedException(
                message.toString(), status.exitCode(), failure().orElse(null));
    }

    /** The last lines of its standard error so far, 4 KB at most. */
    public String stderrTail() {
        return requireChild().stderrTail();
    }

    /**
     * Completed with this process when it has ended. Python: {@code sentinel}. What depends on it runs on a thread of its
     * own, so that nothing waits for it; completing or cancelling it has no effect on the process.
     */
    public CompletableFuture<JvmProcess> onExit() {
        Child watched = requireChild();
        var told = new CompletableFuture<JvmProcess>();
        Runnable action = () -> tell(told);
        watched.watchEnd(action);
        if (watched.exit().isDone()) {
            watched.unwatchEnd(action);
            told.complete(this);
        }
        return told;
    }

    private void tell(CompletableFuture<JvmProcess> told) {
        if (!told.isDone()) {
            var thread = new Thread(() -> told.complete(this), "multijvm-exit");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** See {@link ProcessContext#watchEnd}. */
    Child startedChild() {
        return requireChild();
    }

    /** The JDK's view of the process. */
    public ProcessHandle toHandle() {
        return ProcessHandle.of(pid())
                .orElseThrow(() -> new IllegalStateException("process '" + name() + "' has ended"));
    }

    /**
     * Sends SIGTERM: the child runs its shutdown hooks, which end its own children, and ends. Returns at once; a child that
     * has ended, or one whose hooks hang, is not affected. A child whose JVM is still booting has no hooks: it is killed, and
     * its exit code is that of SIGTERM as well.
     */
    public void terminate() {
        signal(ProcessControl.SIGTERM);
    }

    /** Sends SIGINT, which interrupts the child's main thread: an {@link InterruptedException} nobody catches ends it with 1. */
    public void interrupt() {
        try {
            requireChild().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGKILL and returns when the operating system confirms the end: the process, paused or not, is gone. */
    public void kill() {
        signal(ProcessControl.SIGKILL);
        requireChild().exit().join();
    }

    /**
     * Sends SIGSTOP and returns when the operating system confirms that every thread is stopped, or that the process has
     * ended. Nothing in this library takes a paused process for a dead one.
     *
     * @throws IllegalStateException when the operating system does not do so within 10 s
     */
    public void pause() {
        signal(ProcessControl.SIGSTOP);
        awaitStopped(true);
    }

    /** Sends SIGCONT and returns when the operating system confirms that the process goes on, or that it has ended. */
    public void resume() {
        signal(ProcessControl.SIGCONT);
        awaitStopped(false);
    }

    private void awaitStopped(boolean stopped) {
        Child changing = requireChild();
        try {
            Deadline deadline = Deadline.after(STATE_CHANGE);
            // Before the deadline, "no" means that it has ended.
            if (!ProcessControl.awaitStopped(changing.pid(), stopped, deadline) && deadline.isOver()) {
                throw new IllegalStateException("process '" + name() + "', pid " + changing.pid() + ", is not "
                        + (stopped ? "stopped" : "running") + " after " + STATE_CHANGE);
            }
        } catch (InterruptedIOException e) {
            throw new IllegalStateException(e.getMessage(), e); // interrupt status is still set
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void signal(int signal) {
        try {
            requireChild().signal(signal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A thread dump of the child, taken by its JVM without help from the code it runs, so also when that is stuck, with the
     * report of deadlocks at its end. Of a dump of more than 8 MiB, some of the middle is left out, and it says so.
     *
     * @throws IllegalStateException when the child is paused or has ended, or does not answer within 20 s
     */
    public String threadDump() {
        Child running = requireChild();
        if (running.exit().isDone()) {
            throw new IllegalStateException("process '" + name() + "' has ended");
        }
        try {
            if (ProcessControl.isStopped(running.pid())) {
                throw new IllegalStateException("process '" + name() + "' is paused; resume it first");
            }
            return ThreadDump.of(running);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "no thread dump of process '" + name() + "', pid " + running.pid() + ": " + e.getMessage(), e);
        }
    }

    /** Gives back what this object holds; throws {@link IllegalStateException} while the process runs. Idempotent. */
    @Override
    public void close() {
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            if (state == State.CURRENT || (child != null && !child.exit().isDone())) {
                throw new IllegalStateException(
                        "process '" + name + "' cannot be closed while it runs; join, terminate or kill it first");
            }
            state = State.CLOSED;
            child = null;
            failure = null;
        }
    }

    @Override
    public String toString() {
        synchronized (lock) {
            if (state != State.STARTED || child == null) {
                return "JvmProcess[" + name + ", " + state + "]";
            }
            ExitStatus status = child.exit().getNow(null);
            return "JvmProcess[" + name + ", pid " + child.pid() + ", " + (status == null ? "running" : status) + "]";
        }
    }

    private void requireState(State wanted, String otherwise) {
        requireOpen();
        if (state != wanted) {
            throw new IllegalStateException(otherwise + ": process '" + name + "'");
        }
    }

    private void requireOpen() {
        if (state == State.CLOSED) {
            throw new IllegalStateException("process '" + name + "' is closed");
        }
    }

    private ProcessContext requireOwn() {
        if (context == null) {
            throw new IllegalStateException("process '" + name + "' is not a child of this process");
        }
        return context;
    }

    private Child requireChild() {
        synchronized (lock) {
            requireOpen();
            requireOwn();
            if (child == null) {
                throw new IllegalStateException("process '" + name + "' is not started");
            }
            return child;
        }
    }

    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
        if (STARTING.get() != this) {
            throw new NotSerializableException("a JvmProcess travels only by its own start");
        }
        out.defaultWriteObject();
    }
}
