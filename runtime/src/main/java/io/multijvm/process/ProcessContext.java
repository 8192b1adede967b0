package io.multijvm.process;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.codec.Passable;
import io.multijvm.ipc.memory.SharedHeap;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.launcher.Acceptance;
import io.multijvm.launcher.Child;
import io.multijvm.launcher.Family;
import io.multijvm.launcher.ForkServerClient;
import io.multijvm.launcher.ForkServerLauncher;
import io.multijvm.launcher.JvmCommand;
import io.multijvm.launcher.LaunchException;
import io.multijvm.launcher.LaunchSpec;
import io.multijvm.launcher.Launcher;
import io.multijvm.launcher.Profile;
import io.multijvm.launcher.SpawnLauncher;
import io.multijvm.launcher.WarmPolicy;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What processes are made with: a start method and the options they begin with. Programs use it through
 * {@code io.multijvm.Context}; a subclass of {@link JvmProcess} that is not for the default context takes one.
 */
public final class ProcessContext implements Handle {
    private static final long serialVersionUID = 1;

    /** Python's names of the start methods on offer, the default first. */
    public static final List<String> START_METHODS = List.of("forkserver", "spawn", "fork");

    /** Seconds from a start to the child's answer after which the start has failed. */
    public static final String START_TIMEOUT = "multijvm.start.timeout";

    private static final Acceptance ACCEPTANCE =
            new Acceptance(Duration.ofSeconds(Integer.getInteger(START_TIMEOUT, 60)));
    private static final Launcher WARM = new ForkServerLauncher(ACCEPTANCE);
    private static final Map<String, Launcher> LAUNCHERS =
            Map.of("spawn", new SpawnLauncher(ACCEPTANCE), "forkserver", WARM, "fork", WARM);
    private static final int KEPT_PROFILES = 64;
    private static final Defaults DEFAULTS = new Defaults();

    private final @Nullable String startMethod; // null: whatever the default is
    private final transient Map<JvmCommand, Profile> profiles = new ConcurrentHashMap<>();
    private final transient Set<Child> started = ConcurrentHashMap.newKeySet();
    private transient volatile JvmOptions options = JvmOptions.defaults();

    private ProcessContext(@Nullable String startMethod) {
        this.startMethod = startMethod;
    }

    /** A context fixed to one start method. */
    public static ProcessContext of(String startMethod) {
        return new ProcessContext(checked(startMethod));
    }

    /** The default context, whose start method may be chosen once. */
    public static ProcessContext ofDefault() {
        return DEFAULTS.context;
    }

    /** The start method of this context; of the default context this fixes it. */
    public String startMethod() {
        return startMethod == null ? DEFAULTS.fixedStartMethod() : startMethod;
    }

    /**
     * Chooses the start method of the default context.
     *
     * @throws IllegalStateException when it is chosen, or was used, already, unless {@code force}; on any other context
     */
    public void startMethod(String method, boolean force) {
        if (startMethod != null) {
            throw new IllegalStateException("this context is fixed to " + startMethod);
        }
        DEFAULTS.choose(checked(method), force);
    }

    /** The java that children of this program run on, from the next start on. */
    public static void executable(Path java) {
        DEFAULTS.executable = java.toAbsolutePath();
    }

    /** What the fork server keeps ready. */
    public static void warmPolicy(WarmPolicy policy) {
        try {
            Family.current().forkServer().policy(policy);
        } catch (IOException e) {
            throw new UncheckedIOException("the fork server is lost", e);
        }
    }

    /** The options that processes made from now on begin with. */
    public void options(JvmOptions wanted) {
        options = wanted;
    }

    JvmOptions options() {
        return options;
    }

    private static String checked(String method) {
        if (!START_METHODS.contains(method)) {
            throw new IllegalArgumentException("start method '" + method + "', one of " + START_METHODS + " expected");
        }
        return method;
    }

    Child launch(
            JvmProcess process,
            Description description,
            Description.Prepared prepared,
            Object activity,
            Consumer<byte[]> onFailure) {
        JvmOptions chosen = process.chosenOptions();
        LaunchSpec spec = new LaunchSpec(
                process.name(),
                profile(chosen),
                entryPoint(description.startMethod()),
                new Encoded(description.toBytes(), prepared.descriptors()),
                prepared.activity().subject(activity),
                prepared.classes(),
                chosen.stdout(),
                chosen.stderr(),
                onFailure);
        Launcher launcher = LAUNCHERS.get(description.startMethod());
        if (launcher == null) {
            throw new AssertionError("checked before: " + description.startMethod());
        }
        Child child = launcher.launch(spec);
        Family.current().started(spec);
        started.add(child);
        child.whenEnded(() -> started.remove(child));
        return child;
    }

    /** Spares of forked processes are kept apart: they have practised something else. */
    private static String entryPoint(String startMethod) {
        return (startMethod.equals(Forking.METHOD) ? ForkMain.class : ProcessMain.class).getName();
    }

    private Profile profile(JvmOptions wanted) {
        if (profiles.size() > KEPT_PROFILES) {
            profiles.clear(); // somebody gives each process options of its own
        }
        return profiles.computeIfAbsent(wanted.command(DEFAULTS.executable), JvmCommand::profile);
    }

    /**
     * Waits until the fork server has {@code spares} JVMs ready for processes of this context; returns whether it has.
     *
     * @throws IllegalStateException when this context does not use the fork server
     */
    public boolean awaitWarm(int spares, Duration timeout) throws InterruptedException {
        if (LAUNCHERS.get(startMethod()) != WARM) {
            throw new IllegalStateException("a context of start method " + startMethod() + " has no spares");
        }
        ForkServerClient server = Family.current().forkServer();
        CurrentProcess.children().prepareForEnd();
        var spec = new LaunchSpec(
                "warm",
                profile(options),
                entryPoint(startMethod()),
                new Encoded(new byte[0], List.of()),
                ProcessMain.class.getName(),
                List.of(),
                options.stdout(),
                options.stderr(),
                failure -> {});
        try {
            return server.awaitWarm(spec, spares, Deadline.after(timeout));
        } catch (IOException e) {
            throw new UncheckedIOException("the fork server is lost", e);
        }
    }

    /** This process's part of the memory that all processes of the program share; it is gone when the program ends. */
    public static SharedHeap memory() {
        return preparedFamily().memory();
    }

    /** Whether {@link #memory} is there, or is what this process was started with: a stranger to all others has none. */
    public static boolean hasMemory() {
        return Family.current().hasDirectory();
    }

    /** What this process's synchronisers stand on. */
    public static Domain domain() {
        return preparedFamily().domain();
    }

    /** A file in the directory of the program's processes that no one else uses; it is gone when the program ends. */
    public static Path uniqueFile(String prefix) {
        return preparedFamily().directory().uniqueFile(prefix);
    }

    /** The file {@code name} in that directory. */
    public static Path sharedFile(String name) {
        return preparedFamily().directory().file(name);
    }

    /** Called by what starts processes from threads of its own, on the thread of the program that they are for. */
    public void noteCaller() {
        if (Forking.METHOD.equals(startMethod == null ? DEFAULTS.likelyStartMethod() : startMethod)) {
            Forking.noteCaller();
        }
    }

    /**
     * Throws unless this thread may make something that starts processes, from threads of its own perhaps.
     *
     * @throws IllegalStateException while this process itself is being started, by an initialiser of its target's class;
     *     or in a static initialiser that has led to the start of this process, as each process would start others
     */
    public static void requireStarted() {
        CurrentProcess.requireStarted();
    }

    /**
     * A process of {@code context} that the other children need as long as they live: at the end of this program it is
     * ended when they have been joined.
     */
    public static JvmProcess serving(ProcessContext context, String name, Target target) {
        JvmProcess process = JvmProcess.of(context, name, target);
        process.serveOthers();
        return process;
    }

    /** What {@link #watchEnd} has begun. */
    public interface EndWatch extends AutoCloseable {
        /** Whether the process has ended: its exit code is known. */
        boolean hasEnded();

        @Override
        void close();
    }

    /**
     * Has {@code action}, which must be quick, run when {@code process}, started here, ends, if it has not by now.
     *
     * @throws IllegalStateException when it is not a started child of this process
     */
    public static EndWatch watchEnd(JvmProcess process, Runnable action) {
        Child child = process.startedChild();
        child.watchEnd(action);
        return new EndWatch() {
            @Override
            public boolean hasEnded() {
                return child.exit().isDone();
            }

            @Override
            public void close() {
                child.unwatchEnd(action);
            }
        };
    }

    private static Family preparedFamily() {
        Family family = Family.current();
        if (family.isRoot()) {
            CurrentProcess.children().prepareForEnd();
        }
        return family;
    }

    /** What SIGINT does in this child, in the place of interrupting its main thread. */
    public static void onInterrupt(Runnable action) {
        Family.onInterrupt(action);
    }

    /** Whether this process ends because of a signal, or the end of its parent, and nothing is to be waited for. */
    public static boolean endsInHaste() {
        return CurrentProcess.children().endsInHaste();
    }

    /** Has {@code action} run when this child's target has returned, if it returns and the process is not ended before. */
    public static void whenCompleted(Runnable action) {
        CurrentProcess.whenCompleted(action);
    }

    /** The pid of the fork server, if this process has started it. */
    public static OptionalLong forkServerPid() {
        return Family.current().forkServer().serverPid();
    }

    /** Ends the processes started in this context that are left: SIGTERM, a moment's grace, SIGKILL. */
    public void close() {
        try {
            Children.terminate(new ArrayList<>(started));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Serial
    private Object writeReplace() {
        return new Passed(startMethod);
    }

    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a context travels as its start method");
    }

    /** A context under way: one of the same start method. */
    private static final class Passed implements Passable {
        private static final long serialVersionUID = 1;

        private final @Nullable String startMethod;

        Passed(@Nullable String startMethod) {
            this.startMethod = startMethod;
        }

        @Override
        public @Nullable Object[] parts() {
            return new @Nullable Object[] {startMethod};
        }

        @SuppressWarnings("UnusedMethod") // found by name
        static Object arrived(@Nullable Object[] parts) {
            return parts[0] == null ? ofDefault() : of((String) parts[0]);
        }

        @Serial
        private Object readResolve() {
            return arrived(parts());
        }
    }

    /** The default context and what goes for all contexts. */
    private static final class Defaults {
        final ProcessContext context = new ProcessContext(null);
        volatile @Nullable Path executable;
        private @Nullable String method; // guarded by this

        synchronized String fixedStartMethod() {
            if (method == null) {
                String inherited = CurrentProcess.startMethod();
                method = inherited == null ? START_METHODS.get(0) : inherited;
            }
            return method;
        }

        /** Fixes nothing. */
        synchronized String likelyStartMethod() {
            String inherited = method == null ? CurrentProcess.startMethod() : method;
            return inherited == null ? START_METHODS.get(0) : inherited;
        }

        synchronized void choose(String wanted, boolean force) {
            if (method != null && !force) {
                throw new IllegalStateException("the start method has been set already, to " + method);
            }
            method = wanted;
        }
    }

    /** For the error at {@code start()}: the launcher's exception, with what the child has said as its cause. */
    static LaunchException explained(LaunchException failure, @Nullable Throwable remote) {
        if (remote != null) {
            failure.addSuppressed(remote);
        }
        return failure;
    }
}
