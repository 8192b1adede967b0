package io.multijvm;

import io.multijvm.connection.Pipe;
import io.multijvm.executor.Futures;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** The default {@link Context}, as static methods. Python: the functions of the module {@code multiprocessing}. */
public final class MultiJvm {
    private static final Context DEFAULT = new Context(ProcessContext.ofDefault());

    private MultiJvm() {}

    /** See {@link Context#process(Target)}. */
    public static JvmProcess process(Target target) {
        return DEFAULT.process(target);
    }

    /** See {@link Context#process(String, Target)}. */
    public static JvmProcess process(String name, Target target) {
        return DEFAULT.process(name, target);
    }

    /** See {@link Context#pipe()}. */
    public static Pipe pipe() {
        return DEFAULT.pipe();
    }

    /** See {@link Context#pipe(boolean)}. */
    public static Pipe pipe(boolean duplex) {
        return DEFAULT.pipe(duplex);
    }

    /** See {@link Context#queue()}. */
    public static <E> ProcessQueue<E> queue() {
        return DEFAULT.queue();
    }

    /** See {@link Context#queue(int)}. */
    public static <E> ProcessQueue<E> queue(int maxsize) {
        return DEFAULT.queue(maxsize);
    }

    /** See {@link Context#queue(Path)}. */
    public static <E> ProcessQueue<E> queue(Path directory) throws IOException {
        return DEFAULT.queue(directory);
    }

    /** See {@link Context#queue(Path, int)}. */
    public static <E> ProcessQueue<E> queue(Path directory, int maxsize) throws IOException {
        return DEFAULT.queue(directory, maxsize);
    }

    /** See {@link Context#joinableQueue()}. */
    public static <E> JoinableQueue<E> joinableQueue() {
        return DEFAULT.joinableQueue();
    }

    /** See {@link Context#joinableQueue(int)}. */
    public static <E> JoinableQueue<E> joinableQueue(int maxsize) {
        return DEFAULT.joinableQueue(maxsize);
    }

    /** See {@link Context#joinableQueue(Path)}. */
    public static <E> JoinableQueue<E> joinableQueue(Path directory) throws IOException {
        return DEFAULT.joinableQueue(directory);
    }

    /** See {@link Context#joinableQueue(Path, int)}. */
    public static <E> JoinableQueue<E> joinableQueue(Path directory, int maxsize) throws IOException {
        return DEFAULT.joinableQueue(directory, maxsize);
    }

    /** See {@link Context#simpleQueue()}. */
    public static <E extends @Nullable Object> SimpleQueue<E> simpleQueue() {
        return DEFAULT.simpleQueue();
    }

    /** See {@link Context#pool()}. */
    public static Pool pool() {
        return DEFAULT.pool();
    }

    /** See {@link Context#pool(int)}. */
    public static Pool pool(int workers) {
        return DEFAULT.pool(workers);
    }

    /** See {@link Context#pool(int, Target)}. */
    public static Pool pool(int workers, @Nullable Target initializer) {
        return DEFAULT.pool(workers, initializer);
    }

    /** See {@link Context#pool(PoolOptions)}. */
    public static Pool pool(PoolOptions options) {
        return DEFAULT.pool(options);
    }

    /** See {@link Context#executor()}. */
    public static ProcessPoolExecutor executor() {
        return DEFAULT.executor();
    }

    /** See {@link Context#executor(int)}. */
    public static ProcessPoolExecutor executor(int maxWorkers) {
        return DEFAULT.executor(maxWorkers);
    }

    /** See {@link Context#executor(PoolOptions)}. */
    public static ProcessPoolExecutor executor(PoolOptions options) {
        return DEFAULT.executor(options);
    }

    /** See {@link Futures#await}. */
    public static <T extends @Nullable Object> Futures.DoneAndNotDone<T> wait(
            Collection<? extends CompletableFuture<? extends T>> futures,
            @Nullable Duration timeout,
            Futures.ReturnWhen when)
            throws InterruptedException {
        return Futures.await(futures, timeout, when);
    }

    /** See {@link Futures#asCompleted}. */
    public static <T extends @Nullable Object> Iterator<CompletableFuture<? extends T>> asCompleted(
            Collection<? extends CompletableFuture<? extends T>> futures, @Nullable Duration timeout) {
        return Futures.asCompleted(futures, timeout);
    }

    /** See {@link Context#lock()}. */
    public static ProcessLock lock() {
        return DEFAULT.lock();
    }

    /** See {@link Context#rlock()}. */
    public static ReentrantProcessLock rlock() {
        return DEFAULT.rlock();
    }

    /** See {@link Context#semaphore()}. */
    public static ProcessSemaphore semaphore() {
        return DEFAULT.semaphore();
    }

    /** See {@link Context#semaphore(int)}. */
    public static ProcessSemaphore semaphore(int permits) {
        return DEFAULT.semaphore(permits);
    }

    /** See {@link Context#boundedSemaphore()}. */
    public static BoundedProcessSemaphore boundedSemaphore() {
        return DEFAULT.boundedSemaphore();
    }

    /** See {@link Context#boundedSemaphore(int)}. */
    public static BoundedProcessSemaphore boundedSemaphore(int permits) {
        return DEFAULT.boundedSemaphore(permits);
    }

    /** See {@link Context#event()}. */
    public static ProcessEvent event() {
        return DEFAULT.event();
    }

    /** See {@link Context#condition()}. */
    public static ProcessCondition condition() {
        return DEFAULT.condition();
    }

    /** See {@link Context#condition(Lock)}. */
    public static ProcessCondition condition(Lock lock) {
        return DEFAULT.condition(lock);
    }

    /** See {@link Context#barrier(int)}. */
    public static ProcessBarrier barrier(int parties) {
        return DEFAULT.barrier(parties);
    }

    /** See {@link Context#barrier(int, Target)}. */
    public static ProcessBarrier barrier(int parties, @Nullable Target action) {
        return DEFAULT.barrier(parties, action);
    }

    /** See {@link Context#barrier(int, Target, Duration)}. */
    public static ProcessBarrier barrier(int parties, @Nullable Target action, @Nullable Duration timeout) {
        return DEFAULT.barrier(parties, action, timeout);
    }

    /** See {@link Context#manager()}. */
    public static Manager manager() {
        return DEFAULT.manager();
    }

    /** See {@link Context#manager(ManagerOptions)}. */
    public static Manager manager(ManagerOptions options) {
        return DEFAULT.manager(options);
    }

    /** See {@link Context#currentProcess()}. */
    public static JvmProcess currentProcess() {
        return DEFAULT.currentProcess();
    }

    /** See {@link Context#parentProcess()}. */
    public static Optional<ParentProcess> parentProcess() {
        return DEFAULT.parentProcess();
    }

    /** See {@link Context#activeChildren()}. */
    public static List<JvmProcess> activeChildren() {
        return DEFAULT.activeChildren();
    }

    /** See {@link Context#cpuCount()}. */
    public static int cpuCount() {
        return DEFAULT.cpuCount();
    }

    /** The default context. */
    public static Context getContext() {
        return DEFAULT;
    }

    /** See {@link Context#getContext(StartMethod)}. */
    public static Context getContext(StartMethod method) {
        return DEFAULT.getContext(method);
    }

    /** See {@link Context#getStartMethod()}. */
    public static StartMethod getStartMethod() {
        return DEFAULT.getStartMethod();
    }

    /** See {@link Context#setStartMethod(StartMethod)}. */
    public static void setStartMethod(StartMethod method) {
        DEFAULT.setStartMethod(method);
    }

    /** See {@link Context#setStartMethod(StartMethod, boolean)}. */
    public static void setStartMethod(StartMethod method, boolean force) {
        DEFAULT.setStartMethod(method, force);
    }

    /** See {@link Context#getAllStartMethods()}. */
    public static List<StartMethod> getAllStartMethods() {
        return DEFAULT.getAllStartMethods();
    }

    /** See {@link Context#setExecutable(Path)}. */
    public static void setExecutable(Path java) {
        DEFAULT.setExecutable(java);
    }

    /** See {@link Context#setExecutable(String)}. */
    public static void setExecutable(String java) {
        DEFAULT.setExecutable(java);
    }

    /** See {@link Context#options(JvmOptions)}. */
    public static Context options(JvmOptions options) {
        return DEFAULT.options(options);
    }

    /** See {@link Context#awaitWarm(int, Duration)}. */
    public static boolean awaitWarm(int spares, Duration timeout) throws InterruptedException {
        return DEFAULT.awaitWarm(spares, timeout);
    }

    /** See {@link Context#setPreload(List, Context.OnError)}. */
    public static void setPreload(List<String> classNames, Context.OnError onError) {
        DEFAULT.setPreload(classNames, onError);
    }

    /** See {@link Context#setPreload(List)}. */
    public static void setPreload(List<String> classNames) {
        DEFAULT.setPreload(classNames);
    }

    /** See {@link Context#setWarmPolicy(WarmPolicy)}. */
    public static void setWarmPolicy(WarmPolicy policy) {
        DEFAULT.setWarmPolicy(policy);
    }

    /** See {@link Context#value(char, Object)}. */
    public static <T> SharedValue<T> value(char typecode, T initial) {
        return DEFAULT.value(typecode, initial);
    }

    /** See {@link Context#value(char, Object, Lock)}. */
    public static <T> SharedValue<T> value(char typecode, T initial, Lock lock) {
        return DEFAULT.value(typecode, initial, lock);
    }

    /** See {@link Context#value(ValueType, Object)}. */
    public static <T> SharedValue<T> value(ValueType<T> type, T initial) {
        return DEFAULT.value(type, initial);
    }

    /** See {@link Context#value(ValueType, Object, Lock)}. */
    public static <T> SharedValue<T> value(ValueType<T> type, T initial, Lock lock) {
        return DEFAULT.value(type, initial, lock);
    }

    /** See {@link Context#rawValue(char, Object)}. */
    public static <T> SharedValue<T> rawValue(char typecode, T initial) {
        return DEFAULT.rawValue(typecode, initial);
    }

    /** See {@link Context#rawValue(ValueType, Object)}. */
    public static <T> SharedValue<T> rawValue(ValueType<T> type, T initial) {
        return DEFAULT.rawValue(type, initial);
    }

    /** See {@link Context#array(char, long)}. */
    public static <T> SharedArray<T> array(char typecode, long length) {
        return DEFAULT.array(typecode, length);
    }

    /** See {@link Context#array(char, long, Lock)}. */
    public static <T> SharedArray<T> array(char typecode, long length, Lock lock) {
        return DEFAULT.array(typecode, length, lock);
    }

    /** See {@link Context#array(char, List)}. */
    public static <T> SharedArray<T> array(char typecode, List<? extends T> values) {
        return DEFAULT.array(typecode, values);
    }

    /** See {@link Context#array(char, List, Lock)}. */
    public static <T> SharedArray<T> array(char typecode, List<? extends T> values, Lock lock) {
        return DEFAULT.array(typecode, values, lock);
    }

    /** See {@link Context#array(ValueType, long)}. */
    public static <T> SharedArray<T> array(ValueType<T> type, long length) {
        return DEFAULT.array(type, length);
    }

    /** See {@link Context#array(ValueType, long, Lock)}. */
    public static <T> SharedArray<T> array(ValueType<T> type, long length, Lock lock) {
        return DEFAULT.array(type, length, lock);
    }

    /** See {@link Context#array(ValueType, List)}. */
    public static <T> SharedArray<T> array(ValueType<T> type, List<? extends T> values) {
        return DEFAULT.array(type, values);
    }

    /** See {@link Context#array(ValueType, List, Lock)}. */
    public static <T> SharedArray<T> array(ValueType<T> type, List<? extends T> values, Lock lock) {
        return DEFAULT.array(type, values, lock);
    }

    /** See {@link Context#rawArray(char, long)}. */
    public static <T> SharedArray<T> rawArray(char typecode, long length) {
        return DEFAULT.rawArray(typecode, length);
    }

    /** See {@link Context#rawArray(char, List)}. */
    public static <T> SharedArray<T> rawArray(char typecode, List<? extends T> values) {
        return DEFAULT.rawArray(typecode, values);
    }

    /** See {@link Context#rawArray(ValueType, long)}. */
    public static <T> SharedArray<T> rawArray(ValueType<T> type, long length) {
        return DEFAULT.rawArray(type, length);
    }

    /** See {@link Context#rawArray(ValueType, List)}. */
    public static <T> SharedArray<T> rawArray(ValueType<T> type, List<? extends T> values) {
        return DEFAULT.rawArray(type, values);
    }

    /** See {@link Context#sharedMemory(long)}. */
    public static SharedMemory sharedMemory(long size) throws IOException {
        return DEFAULT.sharedMemory(size);
    }

    /** See {@link Context#sharedMemory(String, long)}. */
    public static SharedMemory sharedMemory(String name, long size) throws IOException {
        return DEFAULT.sharedMemory(name, size);
    }

    /** See {@link Context#shareableList(Object...)}. */
    public static ShareableList shareableList(@Nullable Object... values) {
        return DEFAULT.shareableList(values);
    }

    /** See {@link Context#freezeSupport()}. */
    public static void freezeSupport() {
        DEFAULT.freezeSupport();
    }
}
