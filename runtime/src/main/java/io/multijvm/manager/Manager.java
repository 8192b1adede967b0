package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.codec.Handle;
import io.multijvm.process.ExitHook;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import io.multijvm.process.Target;
import io.multijvm.shared.ValueType;
import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Makes objects in a server process and hands out proxies of them, which implement the JDK's interfaces and may be passed to
 * any process. Python: {@code multiprocessing.Manager}, {@code managers.BaseManager}.
 *
 * <p>A call of a proxy is a message to the server and back. Arguments and results are copied, but for proxies: an object of
 * a manager that is put into another one stays the same object, by whatever way it is reached. An object lives as long as
 * any process has a proxy of it, or one is under way, or another object holds it. What a method throws in the server is
 * thrown at the caller, with the server's stack. A function that is passed to run in the server runs there alone with the
 * object: it is given no time to wait for others who use the same object.
 *
 * <p>A process that is killed is as if it had let go of all it held in the server, and so is one that has no proxy left of
 * anything there, all of them being garbage. When the server has ended every call
 * throws {@link ManagerGoneException}, those that wait as well.
 */
public final class Manager implements AutoCloseable, Handle {
    private static final long serialVersionUID = 1;
    private static final Duration SHUTDOWN = Duration.ofSeconds(5);
    private static final int AFTER_THE_CHILDREN = -10;

    private final transient Remote remote;
    private final transient @Nullable ServerProcess process; // null: not started by this object
    private final transient AtomicBoolean closed = new AtomicBoolean();
    private transient volatile @Nullable ExitHook atExit;

    private Manager(Remote remote, @Nullable ServerProcess process) {
        this.remote = remote;
        this.process = process;
    }

    static Manager of(Remote remote) {
        return new Manager(remote, null);
    }

    /** As {@link #start(ProcessContext, ManagerOptions)}, in the default context. */
    public static Manager start(ManagerOptions options) {
        return start(ProcessContext.ofDefault(), options);
    }

    /**
     * Starts a server process. It is ended by {@link #close}, else at the end of this program, when the other children have
     * been joined, and with this process.
     *
     * @throws UncheckedIOException when it cannot listen where it should
     */
    public static Manager start(ProcessContext context, ManagerOptions options) {
        ServerProcess started = ServerProcess.start(context, options);
        var manager = new Manager(started.server().itself(), started);
        manager.atExit = ExitHook.register(() -> manager.end(SHUTDOWN), AFTER_THE_CHILDREN);
        return manager;
    }

    /**
     * The manager whose server listens at {@code address}, started by whomever; {@link #close} does not end that server.
     *
     * @throws java.net.ConnectException when nobody listens there
     * @throws io.multijvm.ipc.socket.AuthenticationException when the server has another key
     */
    public static Manager connect(SocketAddress address, byte[] authkey) throws IOException {
        return new Manager(Servers.at(address, authkey).itself(), null);
    }

    /** Serves in this process, until the server is shut down by {@link #shutdown} in any process. */
    public static void serveForever(ManagerOptions options) throws Exception {
        try (ManagerServer server = ManagerServer.open(options)) {
            server.serveForever();
        }
    }

    /** A map that keeps the order of insertion. */
    public <K, V extends @Nullable Object> ManagedMap<K, V> dict() {
        return dict(Map.of());
    }

    /** A map with the entries of {@code entries}. */
    public <K, V extends @Nullable Object> ManagedMap<K, V> dict(Map<? extends K, ? extends V> entries) {
        return create(Kind.DICT, new LinkedHashMap<>(entries));
    }

    /** A list. */
    public <E extends @Nullable Object> ManagedList<E> list() {
        return list(List.of());
    }

    /** A list with these elements. */
    public <E extends @Nullable Object> ManagedList<E> list(Collection<? extends E> elements) {
        return create(Kind.LIST, new ArrayList<>(elements));
    }

    /** A set that keeps the order of insertion. */
    public <E extends @Nullable Object> ManagedSet<E> set() {
        return set(List.of());
    }

    /** A set with these elements. */
    public <E extends @Nullable Object> ManagedSet<E> set(Collection<? extends E> elements) {
        return create(Kind.SET, new ArrayList<>(elements));
    }

    /** A namespace. */
    public Namespace namespace() {
        return create(Kind.NAMESPACE);
    }

    /** A value of any type. */
    public <T extends @Nullable Object> ManagedValue<T> value(T initial) {
        return create(Kind.VALUE, initial, "");
    }

    /**
     * A value of the type of {@code typecode}.
     *
     * @throws IllegalArgumentException when there is no such type, or {@code initial} is not of it
     */
    public <T> ManagedValue<T> value(char typecode, T initial) {
        return create(Kind.VALUE, ValueType.of(typecode).checked(initial), String.valueOf(typecode));
    }

    /**
     * An array of values of the type of {@code typecode}.
     *
     * @throws IllegalArgumentException when there is no such type, or one of {@code values} is not of it
     */
    public <T> ManagedArray<T> array(char typecode, Collection<? extends T> values) {
        return create(Kind.ARRAY, ManagedArray.checked(ValueType.of(typecode), values), String.valueOf(typecode));
    }

    /** A lock. */
    public ManagedLock lock() {
        return create(Kind.LOCK);
    }

    /** A lock of the thread that holds it, which may take it again. */
    public ManagedReentrantLock rlock() {
        return create(Kind.RLOCK);
    }

    /** A semaphore of {@code permits}, at least 0. */
    public ManagedSemaphore semaphore(int permits) {
        return create(Kind.SEMAPHORE, permits);
    }

    /** A semaphore that never has more than {@code permits}, at least 0. */
    public ManagedBoundedSemaphore boundedSemaphore(int permits) {
        return create(Kind.BOUNDED_SEMAPHORE, permits);
    }

    /** A condition on a lock of its own, which is reentrant. */
    public ManagedCondition condition() {
        return rlock().newCondition();
    }

    /** A condition on {@code lock}, which is a lock of this manager. */
    public ManagedCondition condition(Lock lock) {
        if (!(lock instanceof AbstractManagedLock ours)) {
            throw new IllegalArgumentException("a condition needs a lock of the same manager, not a "
                    + lock.getClass().getName());
        }
        return create(Kind.CONDITION, ours);
    }

    /** An event, not set. */
    public ManagedEvent event() {
        return create(Kind.EVENT);
    }

    /** A barrier for {@code parties} threads, at least 1. */
    public ManagedBarrier barrier(int parties) {
        return barrier(parties, null, null);
    }

    /** As {@link #barrier(int)}; the last to arrive runs {@code action} before anybody is released. */
    public ManagedBarrier barrier(int parties, @Nullable Target action) {
        return barrier(parties, action, null);
    }

    /** As {@link #barrier(int, Target)}, with a timeout for waits that are given none; null for none. */
    public ManagedBarrier barrier(int parties, @Nullable Target action, @Nullable Duration timeout) {
        ManagedBarrier barrier = create(Kind.BARRIER, parties, action, timeout);
        return barrier.with(action);
    }

    /** A queue of any number of items. */
    public <E> ManagedQueue<E> queue() {
        return queue(0);
    }

    /** A queue of at most {@code maxsize} items, or of any number if that is not positive. */
    public <E> ManagedQueue<E> queue(int maxsize) {
        return create(Kind.QUEUE, maxsize, QueueItems.Order.FIFO);
    }

    /** As {@link #queue(int)}; the newest item is taken first. Python: {@code queue.LifoQueue}. */
    public <E> ManagedQueue<E> lifoQueue(int maxsize) {
        return create(Kind.QUEUE, maxsize, QueueItems.Order.LIFO);
    }

    /**
     * As {@link #queue(int)}; the least item, by its {@link Comparable#compareTo}, is taken first, and of equals the oldest.
     * Python: {@code queue.PriorityQueue}.
     */
    public <E extends Comparable<? super E>> ManagedQueue<E> priorityQueue(int maxsize) {
        return create(Kind.QUEUE, maxsize, QueueItems.Order.PRIORITY);
    }

    /** A queue of any number of items that are acknowledged. */
    public <E> ManagedJoinableQueue<E> joinableQueue() {
        return joinableQueue(0);
    }

    /** A queue of at most {@code maxsize} items that are acknowledged, or of any number if that is not positive. */
    public <E> ManagedJoinableQueue<E> joinableQueue(int maxsize) {
        return create(Kind.JOINABLE_QUEUE, maxsize);
    }

    /** A pool of so many workers, children of the server; see {@link ManagedPool}. */
    public ManagedPool pool(int workers) {
        return pool(workers, null);
    }

    /** As the other; each worker runs {@code initializer} first. */
    public ManagedPool pool(int workers, @Nullable Target initializer) {
        return create(Kind.POOL, workers, initializer);
    }

    /** Makes an object of the server's; {@code arguments} are for {@link Kind#make}. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    <T> T create(Kind kind, @Nullable Object... arguments) {
        var all = new @Nullable Object[1 + arguments.length];
        all[0] = kind.ordinal();
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return (T) Objects.requireNonNull(remote.server().ask(ServerVerb.CREATE, all));
    }

    /**
     * From now on {@link #create} makes objects by {@code factory}, which is sent to the server. They are used by the
     * interface {@code type}. What its methods return is copied, but for objects of managers, for those whose declared type
     * is registered as well, and for {@link java.util.Iterator}s: of these the caller gets proxies.
     *
     * @param exposed names of the methods that may be called; none: all
     */
    public <T> Manager register(Class<T> type, ManagedFactory<? extends T> factory, String... exposed) {
        remote.server().ask(ServerVerb.REGISTER, Registration.of(type, factory, exposed));
        return this;
    }

    /**
     * As {@link #register(Class, ManagedFactory, String...)}, with objects of {@code implementation}, made by the
     * constructor that takes the arguments.
     */
    public <T> Manager register(Class<T> type, Class<? extends T> implementation, String... exposed) {
        return register(type, new ByConstructor<T>(implementation), exposed);
    }

    /** An object of a type that was registered here, by {@link ManagerOptions} or by another process. */
    public <T> T create(Class<T> type, @Nullable Object... arguments) {
        var all = new @Nullable Object[1 + arguments.length];
        all[0] = type.getName();
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return type.cast(Objects.requireNonNull(remote.server().ask(ServerVerb.CREATE_OWN, all)));
    }

    /** Where the server listens: with the real port, if any was asked for. */
    public SocketAddress address() {
        return Addresses.of(remote.server().address());
    }

    /** The key that clients have to prove. */
    public byte[] authkey() {
        try {
            return remote.server().key().clone();
        } catch (IOException e) {
            throw new UncheckedIOException("the key of the manager is not known here", e);
        }
    }

    /** The server's process; empty unless this object has started it. */
    public Optional<JvmProcess> process() {
        return Optional.ofNullable(process).map(ServerProcess::process);
    }

    /** As {@link #shutdown(Duration)}, with five seconds. */
    public void shutdown() {
        shutdown(SHUTDOWN);
    }

    /**
     * Ends the server, whoever has started it: calls that wait there end, and everything in it is gone. A server that this
     * object has started has ended when this returns; one that does not end within {@code timeout} is terminated, and at
     * last killed. Idempotent.
     */
    public void shutdown(Duration timeout) {
        ExitHook hook = atExit;
        if (hook != null) {
            hook.cancel();
        }
        end(timeout);
    }

    private void end(Duration timeout) {
        if (closed.getAndSet(true)) {
            return;
        }
        Deadline deadline = Deadline.after(timeout);
        var asks = new Thread(this::askToEnd, "multijvm-manager-shutdown"); // a server that is stopped does not answer
        asks.setDaemon(true);
        asks.start();
        try {
            asks.join(deadline.joinMillis());
            if (process != null) {
                process.endBy(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (process != null) {
                process.kill();
            }
        }
        if (remote.server() instanceof RemoteServer elsewhere) {
            elsewhere.close("was shut down");
        }
    }

    private void askToEnd() {
        try {
            FaultPoint.reach("multijvm-manager-shutdown");
            remote.server().ask(ServerVerb.SHUTDOWN);
        } catch (ManagerGoneException e) {
            // it has ended
        } catch (RuntimeException | Error e) {
            System.getLogger("io.multijvm").log(Level.WARNING, "a manager's server could not be asked to end", e);
        }
    }

    /** Waits until the server has ended, up to {@code timeout}, null for ever; returns whether it has. */
    public boolean join(@Nullable Duration timeout) throws InterruptedException {
        return process == null
                ? remote.server().awaitEnd(Deadline.after(timeout))
                : process.process().join(timeout);
    }

    /** Ends the server if this object has started it, as {@link #shutdown()} does; otherwise nothing. */
    @Override
    public void close() {
        if (process != null) {
            shutdown();
        }
    }

    /** How many objects the server has at the moment; what nobody refers to may still be counted. */
    public int numberOfObjects() {
        return statistics().getOrDefault("objects", 0);
    }

    @SuppressWarnings("unchecked")
    Map<String, Integer> statistics() {
        return (Map<String, Integer>) Objects.requireNonNull(remote.server().ask(ServerVerb.STATISTICS));
    }

    Remote remote() {
        return remote;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Manager manager && manager.remote.equals(remote);
    }

    @Override
    public int hashCode() {
        return remote.hashCode();
    }

    @Override
    public String toString() {
        return "Manager[" + remote.server().address() + "]";
    }

    @Serial
    private Object writeReplace() {
        return remote.passed();
    }
}
