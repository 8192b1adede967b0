package io.multijvm.pool;

import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.LambdaCall;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.codec.UserCodeNeededException;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.socket.LeftLuggage;
import io.multijvm.process.ProcessContext;
import io.multijvm.process.Target;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What tasks call: in the parent, what a worker is told once, under a number; in the worker, what is called. A lambda is taken
 * apart ({@link LambdaCall}); any other object travels whole and is called by its interface.
 *
 * <pre>
 * definition   Object[] {owner, method, descriptor, Object[] captured}, or {object}
 * </pre>
 */
final class Routine {
    private static final AtomicLong LAST = new AtomicLong();

    /** Calls its only parameter, a task; known to every worker, as is the next. */
    private static final Routine TASK = new Routine(0, new byte[0]);
    /** Runs its only parameter. */
    private static final Routine RUNNABLE = new Routine(-1, new byte[0]);

    private static final ConcurrentHashMap<Shape, Routine> SHAPES = new ConcurrentHashMap<>();

    private final long number;
    private final byte[] definition;

    private Routine(long number, byte[] definition) {
        this.number = number;
        this.definition = definition;
    }

    private Routine(byte[] definition) {
        this(LAST.incrementAndGet(), definition);
    }

    /** The method by which an object is called that may have several. */
    enum Verb {
        /** The method of the first interface that the object has of Callable, the functions for tasks, Target and Runnable. */
        CALL,
        /** {@code run}. */
        RUN
    }

    /** A lambda's body; there are as many as there are lambdas in the program's text. */
    private record Shape(String owner, String method, String descriptor) {}

    /** What one call takes: the routine, and the encoded parameters. */
    record Call(Routine routine, byte[] parameters, int length) {
        /** Gives up what was kept for it. */
        void forget() {
            if (LeftLuggage.isNamedBy(parameters)) {
                LeftLuggage.giveUp(parameters);
            }
        }
    }

    /**
     * The call of a task without parameters. What a lambda has captured are the parameters here, so that a lambda of which there
     * are many instances is one routine; any other object is a parameter itself, and so leaves nothing behind, either.
     *
     * @throws NotSendableException when it, or what it has captured, cannot be sent
     */
    static Call callOf(Object task, Verb verb) {
        LambdaCall lambda = LambdaCall.of(requireSerializable(task));
        if (lambda == null) {
            return call(verb == Verb.RUN ? RUNNABLE : TASK, new Object[] {task}, task);
        }
        var shape = new Shape(lambda.owner(), lambda.method(), lambda.descriptor());
        Routine known = SHAPES.get(shape);
        if (known == null) {
            known = SHAPES.computeIfAbsent(shape, Routine::ofShape);
        }
        return call(known, lambda.captured(), task);
    }

    private static Routine ofShape(Shape shape) {
        return new Routine(encode(new Object[] {shape.owner, shape.method, shape.descriptor, new Object[0]}));
    }

    /** Parameters for a routine; what cannot be sent is reported as {@code whole}'s, if that says more. */
    static Call call(Routine routine, @Nullable Object[] parameters, @Nullable Object whole) {
        FaultPoint.reach("pool.encode");
        try (Encoded encoded = Codec.encode(parameters)) {
            if (encoded.descriptors().isEmpty()) {
                return new Call(routine, encoded.array(), encoded.length());
            }
            byte[] bytes = leave(encoded);
            return new Call(routine, bytes, bytes.length);
        } catch (NotSendableException e) {
            if (whole != null) {
                Codec.encode(whole).close(); // fails as well, and says on which way the trouble was reached
            }
            throw e;
        }
    }

    /** The routine of a function that will be called often, captured variables and all; to be {@link #forget}ten. */
    static Routine of(Object function) {
        LambdaCall lambda = LambdaCall.of(requireSerializable(function));
        if (lambda == null) {
            return ofObject(function);
        }
        try {
            return new Routine(
                    encode(new Object[] {lambda.owner(), lambda.method(), lambda.descriptor(), lambda.captured()}));
        } catch (NotSendableException e) {
            Codec.encode(function).close();
            throw e;
        }
    }

    private static Routine ofObject(Object object) {
        return new Routine(encode(new Object[] {object}));
    }

    private static Object requireSerializable(Object task) {
        if (!(Objects.requireNonNull(task, "task") instanceof Serializable)) {
            throw new NotSendableException(
                    "cannot be sent to another process: " + task.getClass().getName()
                            + (task.getClass().isHidden() || task.getClass().isSynthetic()
                                    ? " is a lambda that is not serialisable: give it to a method that takes a Task or TaskFunction "
                                            + "(declare the variable as ProcessPoolExecutor, not ExecutorService), or cast it to "
                                            + "(Task<...> & Serializable)"
                                    : " is not Serializable; make it so, or pass a lambda"));
        }
        return task;
    }

    private static byte[] encode(Object value) {
        try (Encoded encoded = Codec.encode(value)) {
            return encoded.descriptors().isEmpty() ? encoded.bytes() : leave(encoded);
        }
    }

    /** The bytes of what has something open in it, which is kept here until the other side asks for it. */
    static byte[] leave(Encoded encoded) {
        try {
            return LeftLuggage.leave(ProcessContext.domain(), encoded.array(), encoded.length(), encoded.descriptors());
        } catch (IOException e) {
            throw new UncheckedIOException("what is open in it cannot be kept", e);
        }
    }

    /**
     * As {@link #decode}, of a value that takes no code of the program.
     *
     * @throws UserCodeNeededException for any other
     */
    static @Nullable Object decodePlain(byte[] bytes, int length)
            throws IOException, ClassNotFoundException, UserCodeNeededException {
        if (LeftLuggage.isNamedBy(bytes)) {
            throw UserCodeNeededException.of(); // and the process that has its open channels
        }
        return Codec.decodePlain(bytes, length);
    }

    /** What was encoded; {@code taken} if nobody else will ask for what is open in it. */
    static @Nullable Object decode(byte[] bytes, int length, boolean taken) throws IOException, ClassNotFoundException {
        ClassLoader loader = Codec.loader();
        if (!LeftLuggage.isNamedBy(bytes)) {
            return Codec.decode(bytes, length, List.of(), loader);
        }
        byte[] item = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
        List<Descriptor> luggage = LeftLuggage.collect(ProcessContext.domain(), item, taken);
        try {
            return Codec.decode(LeftLuggage.contentOf(item), luggage, loader);
        } finally {
            for (Descriptor each : luggage) {
                each.close();
            }
        }
    }

    long number() {
        return number;
    }

    /** Whether workers know it without having been told. */
    boolean isBuiltIn() {
        return number <= TASK.number;
    }

    byte[] definition() {
        return definition;
    }

    /** Gives up what was kept for it. */
    void forget() {
        if (LeftLuggage.isNamedBy(definition)) {
            LeftLuggage.giveUp(definition);
        }
    }

    /** In a worker: the routines that it knows without having been told, by number. */
    static Map<Long, Callee> builtIn() {
        var known = new HashMap<Long, Callee>();
        known.put(TASK.number, new TaskCallee(Verb.CALL));
        known.put(RUNNABLE.number, new TaskCallee(Verb.RUN));
        return known;
    }

    /** In a worker: what the definition is of. */
    static Callee calleeOf(byte[] definition, int length) throws IOException, ReflectiveOperationException {
        @Nullable Object[] parts = (@Nullable Object[]) Objects.requireNonNull(decode(definition, length, false));
        if (parts.length == 1) {
            return callee(Objects.requireNonNull(parts[0]), Verb.CALL);
        }
        var lambda = new LambdaCall(
                (String) Objects.requireNonNull(parts[0]),
                (String) Objects.requireNonNull(parts[1]),
                (String) Objects.requireNonNull(parts[2]),
                (@Nullable Object[]) Objects.requireNonNull(parts[3]));
        return new LambdaCallee(lambda.prepare(Codec.loader()));
    }

    /** A task or function of this process. */
    static Callee callee(Object object, Verb verb) {
        return verb == Verb.RUN ? new RunCallee(object) : new ObjectCallee(object);
    }

    /** What can be called in a worker. */
    interface Callee {
        @Nullable
        Object call(@Nullable Object... parameters) throws Throwable;
    }

    private static final class LambdaCallee implements Callee {
        private final LambdaCall.Prepared body;

        LambdaCallee(LambdaCall.Prepared body) {
            this.body = body;
        }

        @Override
        public @Nullable Object call(@Nullable Object... parameters) throws Throwable {
            return body.call(parameters);
        }
    }

    private static final class TaskCallee implements Callee {
        private final Verb verb;

        TaskCallee(Verb verb) {
            this.verb = verb;
        }

        @Override
        public @Nullable Object call(@Nullable Object... parameters) throws Throwable {
            return callee(Objects.requireNonNull(parameters[0]), verb).call();
        }
    }

    private static final class RunCallee implements Callee {
        private final Object object;

        RunCallee(Object object) {
            this.object = object;
        }

        @Override
        public @Nullable Object call(@Nullable Object... parameters) throws Throwable {
            if (object instanceof Target target) {
                target.run();
            } else {
                ((Runnable) object).run();
            }
            return null;
        }
    }

    private static final class ObjectCallee implements Callee {
        private final Object object;

        ObjectCallee(Object object) {
            this.object = object;
        }

        @Override
        @SuppressWarnings("unchecked") // what it is called with was meant for it
        public @Nullable Object call(@Nullable Object... parameters) throws Throwable {
            if (object instanceof Callable<?> task) {
                return task.call();
            }
            if (object instanceof TaskFunction<?, ?> function) {
                return ((TaskFunction<@Nullable Object, @Nullable Object>) function).apply(parameters[0]);
            }
            if (object instanceof TaskBiFunction<?, ?, ?> function) {
                return ((TaskBiFunction<@Nullable Object, @Nullable Object, @Nullable Object>) function)
                        .apply(parameters[0], parameters[1]);
            }
            if (object instanceof TaskTriFunction<?, ?, ?, ?> function) {
                return ((TaskTriFunction<@Nullable Object, @Nullable Object, @Nullable Object, @Nullable Object>)
                                function)
                        .apply(parameters[0], parameters[1], parameters[2]);
            }
            return new RunCallee(object).call();
        }
    }
}
