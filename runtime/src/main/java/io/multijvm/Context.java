package io.multijvm;

import io.multijvm.connection.Pipe;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.launcher.WarmPolicy;
import io.multijvm.manager.Manager;
import io.multijvm.manager.ManagerOptions;
import io.multijvm.pool.Pool;
import io.multijvm.pool.PoolOptions;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ParentProcess;
import io.multijvm.process.ProcessContext;
import io.multijvm.process.Target;
import io.multijvm.queue.JoinableQueue;
import io.multijvm.queue.ProcessQueue;
import io.multijvm.queue.SimpleQueue;
import io.multijvm.shared.ShareableList;
import io.multijvm.shared.SharedArray;
import io.multijvm.shared.SharedMemory;
import io.multijvm.shared.SharedValue;
import io.multijvm.shared.ValueType;
import io.multijvm.sync.BoundedProcessSemaphore;
import io.multijvm.sync.ProcessBarrier;
import io.multijvm.sync.ProcessCondition;
import io.multijvm.sync.ProcessEvent;
import io.multijvm.sync.ProcessLock;
import io.multijvm.sync.ProcessSemaphore;
import io.multijvm.sync.ReentrantProcessLock;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * What {@link MultiJvm} offers, for one start method. Contexts may be used side by side, and what one of them makes may
 * be passed to processes of another. A context that is passed on is one of the same start method there, with the default
 * options. Python: {@code multiprocessing.get_context}.
 */
public final class Context implements AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;

    private final ProcessContext processes;

    Context(ProcessContext processes) {
        this.processes = processes;
    }

    /** A process that is to run {@code target}, named {@code Process-1}, {@code Process-2}, and so on. */
    public JvmProcess process(Target target) {
        return JvmProcess.of(processes, null, target);
    }

    /** A process that is to run {@code target}. */
    public JvmProcess process(String name, Target target) {
        return JvmProcess.of(processes, name, target);
    }

    /** A pipe whose ends both send and receive. */
    public Pipe pipe() {
        return Pipe.open(true);
    }

    /** A pipe; unless {@code duplex}, its first end only receives and its second only sends. */
    public Pipe pipe(boolean duplex) {
        return Pipe.open(duplex);
    }

    /** A queue, of any number of items. */
    public <E> ProcessQueue<E> queue() {
        return ProcessQueue.create(0);
    }

    /** A queue, of {@code maxsize} items at most, or of any number if that is not positive. */
    public <E> ProcessQueue<E> queue(int maxsize) {
        return ProcessQueue.create(maxsize);
    }

    /** A durable one; see {@link ProcessQueue#open(Path)}. */
    public <E> ProcessQueue<E> queue(Path directory) throws IOException {
        return ProcessQueue.open(directory);
    }

    /** A durable one; see {@link ProcessQueue#open(Path, int)}. */
    public <E> ProcessQueue<E> queue(Path directory, int maxsize) throws IOException {
        return ProcessQueue.open(directory, maxsize);
    }

    /** A queue whose items are acknowledged, of any number of items. */
    public <E> JoinableQueue<E> joinableQueue() {
        return JoinableQueue.create(0);
    }

    /** A queue whose items are acknowledged, of {@code maxsize} items at most, or of any number if that is not positive. */
    public <E> JoinableQueue<E> joinableQueue(int maxsize) {
        return JoinableQueue.create(maxsize);
    }

    /** A durable one; see {@link ProcessQueue#open(Path)}. */
    public <E> JoinableQueue<E> joinableQueue(Path directory) throws IOException {
        return JoinableQueue.open(directory);
    }

    /** A durable one; see {@link ProcessQueue#open(Path, int)}. */
    public <E> JoinableQueue<E> joinableQueue(Path directory, int maxsize) throws IOException {
        return JoinableQueue.open(directory, maxsize);
    }

    /** A queue that is a pipe and nothing else. */
    public <E extends @Nullable Object> SimpleQueue<E> simpleQueue() {
        return SimpleQueue.create();
    }

    /** A pool of as many workers as there are processors. */
    public Pool pool() {
        return pool(PoolOptions.defaults());
    }

    /** A pool of so many workers. */
    public Pool pool(int workers) {
        return pool(PoolOptions.defaults().workers(workers));
    }

    /** A pool of so many workers, each of which runs {@code initializer} first. */
    public Pool pool(int workers, @Nullable Target initializer) {
        return pool(PoolOptions.defaults().workers(workers).initializer(initializer));
    }

    /** See {@link Pool#create}; the workers are processes of this context. */
    public Pool pool(PoolOptions options) {
        return Pool.create(options.context(processes));
    }

    /** An executor of at most as many workers as there are processors. */
    public ProcessPoolExecutor executor() {
        return executor(PoolOptions.defaults());
    }

    /** An executor of at most so many workers. */
    public ProcessPoolExecutor executor(int maxWorkers) {
        return executor(PoolOptions.defaults().workers(maxWorkers));
    }

    /** See {@link ProcessPoolExecutor#create}; the workers are processes of this context. */
    public ProcessPoolExecutor executor(PoolOptions options) {
        return ProcessPoolExecutor.create(options.context(processes));
    }

    /** A lock, which any process may release. */
    public ProcessLock lock() {
        return ProcessLock.create();
    }

    /** A lock that belongs to the thread that holds it, and that it may take again. */
    public ReentrantProcessLock rlock() {
        return ReentrantProcessLock.create();
    }

    /** A semaphore of one permit. */
    public ProcessSemaphore semaphore() {
        return semaphore(1);
    }

    /** A semaphore of {@code permits}. */
    public ProcessSemaphore semaphore(int permits) {
        return ProcessSemaphore.create(permits);
    }

    /** A semaphore that never has more than its one permit. */
    public BoundedProcessSemaphore boundedSemaphore() {
        return boundedSemaphore(1);
    }

    /** A semaphore that never has more than {@code permits}. */
    public BoundedProcessSemaphore boundedSemaphore(int permits) {
        return BoundedProcessSemaphore.create(permits);
    }

    /** An event, not set. */
    public ProcessEvent event() {
        return ProcessEvent.create();
    }

    /** A condition on a reentrant lock of its own. */
    public ProcessCondition condition() {
        return ProcessCondition.create();
    }

    /** A condition on {@code lock}, a {@link ProcessLock} or {@link ReentrantProcessLock}. */
    public ProcessCondition condition(Lock lock) {
        return ProcessCondition.create(lock);
    }

    /** A barrier for {@code parties} threads. */
    public ProcessBarrier barrier(int parties) {
        return ProcessBarrier.create(parties);
    }

    /** A barrier whose last party to arrive runs {@code action}. */
    public ProcessBarrier barrier(int parties, @Nullable Target action) {
        return ProcessBarrier.create(parties, action);
    }

    /** As {@link #barrier(int, Target)}, with a timeout for waits without one. */
    public ProcessBarrier barrier(int parties, @Nullable Target action, @Nullable Duration timeout) {
        return ProcessBarrier.create(parties, action, timeout);
    }

    /** A manager: a server process of this context that holds objects for all others. */
    public Manager manager() {
        return manager(ManagerOptions.defaults());
    }

    /** As {@link #manager()}. */
    public Manager manager(ManagerOptions options) {
        return Manager.start(processes, options);
    }

    /** The process that is running here. */
    public JvmProcess currentProcess() {
        return JvmProcess.currentProcess();
    }

    /** The process that has started this one; empty in the main process. */
    public Optional<ParentProcess> parentProcess() {
        return JvmProcess.parentProcess();
    }

    /** The children of this process that have not ended. */
    public List<JvmProcess> activeChildren() {
        return JvmProcess.activeChildren();
    }

    /** The number of processors this process may use, limits of its control group counted in. */
    public int cpuCount() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** This context. */
    public Context getContext() {
        return this;
    }

    /** A context for {@code method}. */
    public Context getContext(StartMethod method) {
        return new Context(ProcessContext.of(method.pythonName()));
    }

    /** The start method; asking the default context for it fixes it there. */
    public StartMethod getStartMethod() {
        return StartMethod.ofPythonName(processes.startMethod());
    }

    /** Chooses the start method of the default context, once; {@link IllegalStateException} on any other context. */
    public void setStartMethod(StartMethod method) {
        setStartMethod(method, false);
    }

    /** As {@link #setStartMethod(StartMethod)}, also when it was chosen before if {@code force}. */
    public void setStartMethod(StartMethod method, boolean force) {
        processes.startMethod(method.pythonName(), force);
    }

    /** The start methods on offer, the default first. */
    public List<StartMethod> getAllStartMethods() {
        return ProcessContext.START_METHODS.stream()
                .map(StartMethod::ofPythonName)
                .toList();
    }

    /** Sets the java that children of this program run on, from the next start on. */
    public void setExecutable(Path java) {
        ProcessContext.executable(java);
    }

    /** As {@link #setExecutable(Path)}. */
    public void setExecutable(String java) {
        ProcessContext.executable(Path.of(java));
    }

    /** Names classes that warm JVMs load, without initialising them, before they are needed. */
    public void setPreload(List<String> classNames) {
        setPreload(classNames, OnError.IGNORE);
    }

    /** What a class that cannot be preloaded means. */
    public enum OnError {
        /** Nothing. */
        IGNORE,
        /** A warning in the log. */
        WARN,
        /** The call that names it fails. */
        FAIL
    }

    /**
     * As {@link #setPreload(List)}; whether the classes are there is seen here and now, since children have the same
     * class path.
     *
     * @throws IllegalArgumentException when one is not, if so wanted
     */
    public void setPreload(List<String> classNames, OnError onError) {
        if (onError != OnError.IGNORE) {
            classNames.forEach(name -> requireClass(name, onError));
        }
        WarmPolicy policy = WarmPolicy.defaults();
        setWarmPolicy(new WarmPolicy(policy.spares(), policy.idleTimeout(), classNames));
    }

    private static void requireClass(String name, OnError onError) {
        try {
            Class.forName(name, false, ClassLoader.getSystemClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            if (onError == OnError.FAIL) {
                throw new IllegalArgumentException("cannot preload class " + name, e);
            }
            System.getLogger("io.multijvm").log(System.Logger.Level.WARNING, "cannot preload class " + name, e);
        }
    }

    /** Sets what the fork server keeps ready. */
    public void setWarmPolicy(WarmPolicy policy) {
        ProcessContext.warmPolicy(policy);
    }

    /** Sets the options that processes made from now on begin with; returns this context. */
    public Context options(JvmOptions options) {
        processes.options(options);
        return this;
    }

    /** What a subclass of {@link JvmProcess} hands to its super constructor to belong to this context. */
    public ProcessContext processes() {
        return processes;
    }

    /** Waits until the fork server has {@code spares} warm JVMs for this context; returns whether it has. */
    public boolean awaitWarm(int spares, Duration timeout) throws InterruptedException {
        return processes.awaitWarm(spares, timeout);
    }

    /** A value of the type of {@code typecode}, with a lock of its own; {@code initial} must be of its Java class. */
    @SuppressWarnings("unchecked") // what is put in is looked at: see ValueType
    public <T> SharedValue<T> value(char typecode, T initial) {
        return value((ValueType<T>) ValueType.of(typecode), initial);
    }

    /** As {@link #value(char, Object)}, with a {@link ProcessLock} or {@link ReentrantProcessLock} of the caller's. */
    @SuppressWarnings("unchecked")
    public <T> SharedValue<T> value(char typecode, T initial, Lock lock) {
        return value((ValueType<T>) ValueType.of(typecode), initial, lock);
    }

    /** See {@link SharedValue#create(ValueType, Object)}. */
    public <T> SharedValue<T> value(ValueType<T> type, T initial) {
        return SharedValue.create(type, initial);
    }

    /** See {@link SharedValue#create(ValueType, Object, Lock)}. */
    public <T> SharedValue<T> value(ValueType<T> type, T initial, Lock lock) {
        return SharedValue.create(type, initial, lock);
    }

    /** As {@link #value(char, Object)}, without a lock. */
    @SuppressWarnings("unchecked")
    public <T> SharedValue<T> rawValue(char typecode, T initial) {
        return rawValue((ValueType<T>) ValueType.of(typecode), initial);
    }

    /** See {@link SharedValue#raw}. */
    public <T> SharedValue<T> rawValue(ValueType<T> type, T initial) {
        return SharedValue.raw(type, initial);
    }

    /** {@code length} zeros of the type of {@code typecode}, with a lock of their own. */
    @SuppressWarnings("unchecked") // what is put in is looked at: see ValueType
    public <T> SharedArray<T> array(char typecode, long length) {
        return array((ValueType<T>) ValueType.of(typecode), length);
    }

    /** As {@link #array(char, long)}, with a lock of the caller's. */
    @SuppressWarnings("unchecked")
    public <T> SharedArray<T> array(char typecode, long length, Lock lock) {
        return array((ValueType<T>) ValueType.of(typecode), length, lock);
    }

    /** An array of {@code values}, which must be of the Java class of {@code typecode}, with a lock of its own. */
    @SuppressWarnings("unchecked")
    public <T> SharedArray<T> array(char typecode, List<? extends T> values) {
        return array((ValueType<T>) ValueType.of(typecode), values);
    }

    /** As {@link #array(char, List)}, with a lock of the caller's. */
    @SuppressWarnings("unchecked")
    public <T> SharedArray<T> array(char typecode, List<? extends T> values, Lock lock) {
        return array((ValueType<T>) ValueType.of(typecode), values, lock);
    }

    /** See {@link SharedArray#create(ValueType, long)}. */
    public <T> SharedArray<T> array(ValueType<T> type, long length) {
        return SharedArray.create(type, length);
    }

    /** See {@link SharedArray#create(ValueType, long, Lock)}. */
    public <T> SharedArray<T> array(ValueType<T> type, long length, Lock lock) {
        return SharedArray.create(type, length, lock);
    }

    /** See {@link SharedArray#create(ValueType, List)}. */
    public <T> SharedArray<T> array(ValueType<T> type, List<? extends T> values) {
        return SharedArray.create(type, values);
    }

    /** See {@link SharedArray#create(ValueType, List, Lock)}. */
    public <T> SharedArray<T> array(ValueType<T> type, List<? extends T> values, Lock lock) {
        return SharedArray.create(type, values, lock);
    }

    /** As {@link #array(char, long)}, without a lock. */
    @SuppressWarnings("unchecked")
    public <T> SharedArray<T> rawArray(char typecode, long length) {
        return rawArray((ValueType<T>) ValueType.of(typecode), length);
    }

    /** As {@link #array(char, List)}, without a lock. */
    @SuppressWarnings("unchecked")
    public <T> SharedArray<T> rawArray(char typecode, List<? extends T> values) {
        return rawArray((ValueType<T>) ValueType.of(typecode), values);
    }

    /** See {@link SharedArray#raw(ValueType, long)}. */
    public <T> SharedArray<T> rawArray(ValueType<T> type, long length) {
        return SharedArray.raw(type, length);
    }

    /** See {@link SharedArray#raw(ValueType, List)}. */
    public <T> SharedArray<T> rawArray(ValueType<T> type, List<? extends T> values) {
        return SharedArray.raw(type, values);
    }

    /** See {@link SharedMemory#create(long)}. */
    public SharedMemory sharedMemory(long size) throws IOException {
        return SharedMemory.create(size);
    }

    /** See {@link SharedMemory#create(String, long)}. */
    public SharedMemory sharedMemory(String name, long size) throws IOException {
        return SharedMemory.create(name, size);
    }

    /** See {@link ShareableList#of(Object...)}. */
    public ShareableList shareableList(@Nullable Object... values) {
        return ShareableList.of(values);
    }

    /** There is nothing to do: children never run the program's main class. */
    public void freezeSupport() {}

    /** Ends what is left of this context's children: SIGTERM, a moment's grace, SIGKILL. The context stays usable. */
    @Override
    public void close() {
        processes.close();
    }
}
