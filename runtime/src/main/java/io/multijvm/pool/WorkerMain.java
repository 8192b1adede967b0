package io.multijvm.pool;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.lane.Lane;
import io.multijvm.ipc.lane.LostMessageException;
import io.multijvm.ipc.lane.Ring;
import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.LargeBuffers;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.ipc.sync.EventCount;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import io.multijvm.process.RemoteFailure;
import io.multijvm.process.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a worker does: one task after the other, on its main thread, until it is told to end. Running it is SIGINT's action. */
final class WorkerMain implements Runnable {
    private final Lane lane;
    private final Outbox outbox;
    private final Worker self;
    private final Thread main = Thread.currentThread();
    private final Map<Long, Routine.Callee> routines = Routine.builtIn();
    private final Map<Long, Ring.Message> definitions = new HashMap<>(); // of routines that were not called yet
    private long current; // guarded by this: the task that may be interrupted, 0 for none

    private WorkerMain(Lane lane, Outbox outbox, Worker self) {
        this.lane = lane;
        this.outbox = outbox;
        this.self = self;
    }

    /** The target of a worker's process. */
    static Target target(
            String lane,
            Block.Ref bell,
            int number,
            int logLevel,
            byte @Nullable [] initializer,
            byte @Nullable [] atEnd) {
        String file = bell.file();
        int offset = bell.offset();
        int size = bell.size();
        return () -> run(lane, file, offset, size, number, logLevel, initializer, atEnd);
    }

    private static void run(
            String lane,
            String bellFile,
            int bellOffset,
            int bellSize,
            int number,
            int logLevel,
            byte @Nullable [] initializer,
            byte @Nullable [] atEnd)
            throws Exception {
        Domain domain = ProcessContext.domain();
        Worker self = Worker.become(JvmProcess.currentProcess().name(), number);
        Lane own = Lane.attach(domain, lane);
        Block bell = domain.attach(new Block.Ref(bellFile, bellOffset, bellSize));
        var outbox = new Outbox(own, new EventCount(domain, bell, 0));
        if (logLevel != LogRecords.NONE) {
            LogRecords.install(outbox, self, logLevel);
        }
        var worker = new WorkerMain(own, outbox, self);
        try {
            worker.serve(initializer, atEnd);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(byte @Nullable [] initializer, byte @Nullable [] atEnd) throws Throwable {
        ProcessContext.onInterrupt(this);
        if (initializer != null) {
            try {
                Routine.calleeOf(initializer, initializer.length).call();
            } catch (Throwable e) { // whatever it is, the parent is told
                outbox.send(Protocol.REFUSED, 0, 0, RemoteFailure.of(e).toBytes());
                throw e;
            }
        }
        outbox.send(Protocol.READY, 0, 0, new byte[0]);
        work();
        if (atEnd != null) {
            Routine.calleeOf(atEnd, atEnd.length).call();
        }
    }

    private void work() throws Throwable {
        while (true) {
            Ring.Message message;
            try {
                message = lane.tasks().receive();
            } catch (LostMessageException e) {
                lost(e);
                continue;
            }
            if (message == null) {
                awaitWork();
                continue;
            }
            switch (message.kind()) {
                case Protocol.DEFINE -> definitions.put(message.aux(), message);
                case Protocol.FORGET -> forget(message.aux());
                case Protocol.END -> {
                    return;
                }
                default -> perform(message);
            }
        }
    }

    /** A task whose parameters cannot be had has failed; so has each call of a function that cannot be. */
    private void lost(LostMessageException message) throws IOException {
        if (message.kind() == Protocol.DEFINE) {
            routines.put(message.aux(), parameters -> {
                throw new IOException("the function: " + message.getMessage(), message);
            });
        } else {
            var told = new IOException("the parameters: " + message.getMessage(), message);
            outbox.send(Protocol.FAILED, message.number(), 0, failure(told));
        }
    }

    private void awaitWork() {
        try {
            lane.awaitWork(Deadline.never());
        } catch (InterruptedException e) {
            // meant for a task that has ended meanwhile, or by itself
        }
    }

    private void forget(long routine) {
        definitions.remove(routine);
        routines.remove(routine);
    }

    /** Rebuilds it for the first task that calls it: what happens there, even the end of this process, is that task's failure. */
    private Routine.Callee callee(long routine) throws IOException, ReflectiveOperationException {
        Routine.Callee known = routines.get(routine);
        if (known != null) {
            return known;
        }
        Ring.Message definition = Objects.requireNonNull(definitions.get(routine), "a routine never told");
        Routine.Callee rebuilt = Routine.calleeOf(definition.bytes(), definition.length());
        routines.put(routine, rebuilt);
        definitions.remove(routine);
        return rebuilt;
    }

    private void perform(Ring.Message message) throws Throwable {
        begin(message.number());
        long start = System.nanoTime();
        Answer answer;
        Throwable deadly = null;
        try {
            answer = answerTo(message);
        } catch (Throwable e) { // whatever it is, it is the task's failure
            deadly = isDeadly(e) ? e : null;
            answer = Answer.of(deadly == null ? Protocol.FAILED : Protocol.FAILED_ENDING, failure(e));
        }
        long nanos = System.nanoTime() - start;
        end();
        try {
            outbox.send(answer.kind, message.number(), nanos, answer.bytes, answer.length);
        } catch (IOException e) {
            outbox.send(Protocol.FAILED, message.number(), nanos, failure(e));
        }
        LargeBuffers.giveBack(answer.bytes);
        if (deadly != null) {
            throw deadly;
        }
    }

    private static boolean isDeadly(Throwable thrown) {
        return thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError);
    }

    private record Answer(int kind, byte[] bytes, int length) {
        static Answer of(int kind, byte[] bytes) {
            return new Answer(kind, bytes, bytes.length);
        }

        static Answer of(Encoded result) {
            if (result.descriptors().isEmpty()) {
                return new Answer(Protocol.DONE, result.array(), result.length());
            }
            byte[] bytes = Routine.leave(result);
            result.close();
            return of(Protocol.DONE, bytes);
        }
    }

    private Answer answerTo(Ring.Message message) throws Throwable {
        Routine.Callee callee = callee(message.aux());
        @Nullable
        Object[] parameters =
                (@Nullable Object[]) Objects.requireNonNull(Routine.decode(message.bytes(), message.length(), false));
        LargeBuffers.giveBack(message.bytes());
        if (message.kind() == Protocol.CALL) {
            return Answer.of(Codec.encode(callee.call(parameters)));
        }
        return chunk(callee, parameters, message.kind() == Protocol.SPREAD);
    }

    private Answer chunk(Routine.Callee callee, @Nullable Object[] items, boolean spread) throws Throwable {
        var results = new @Nullable Object[items.length];
        var failures = new ArrayList<Failure>(0);
        for (int i = 0; i < items.length; i++) {
            try {
                results[i] = spread ? callee.call(parametersOf(items[i])) : callee.call(items[i]);
            } catch (Throwable e) {
                if (isDeadly(e)) {
                    throw e;
                }
                failures.add(new Failure(i, failure(e)));
            }
        }
        Encoded encoded = encode(results, failures);
        return failures.isEmpty() ? Answer.of(encoded) : Answer.of(Protocol.PARTLY, partly(encoded, failures));
    }

    private record Failure(int index, byte[] failure) {}

    static @Nullable Object[] parametersOf(@Nullable Object item) {
        if (item instanceof @Nullable Object[] array) {
            return array;
        }
        return ((List<?>) Objects.requireNonNull(item)).toArray();
    }

    /** A result that cannot be sent, or whose own code fails at that, is that one call's failure. */
    private static Encoded encode(@Nullable Object[] results, List<Failure> failures) {
        try {
            return Codec.encode(results);
        } catch (RuntimeException | Error e) {
            requireLiving(e);
            for (int i = 0; i < results.length; i++) {
                try {
                    Codec.encode(results[i]).close();
                } catch (RuntimeException | Error unsendable) {
                    requireLiving(unsendable);
                    results[i] = null;
                    failures.add(new Failure(i, failure(unsendable)));
                }
            }
            return Codec.encode(results);
        }
    }

    private static void requireLiving(Throwable thrown) {
        if (thrown instanceof Error error && isDeadly(error)) {
            throw error;
        }
    }

    private static byte[] partly(Encoded results, List<Failure> failures) {
        byte[] rest = results.descriptors().isEmpty() ? results.bytes() : Routine.leave(results);
        results.close();
        int size = Integer.BYTES + rest.length;
        for (Failure each : failures) {
            size += 2 * Integer.BYTES + each.failure.length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).putInt(failures.size());
        for (Failure each : failures) {
            bytes.putInt(each.index).putInt(each.failure.length).put(each.failure);
        }
        return bytes.put(rest).array();
    }

    private static byte[] failure(Throwable thrown) {
        try {
            return RemoteFailure.of(thrown).toBytes();
        } catch (RuntimeException | Error e) { // no memory, or its own code fails
            return RemoteFailure.named(thrown).toBytes();
        }
    }

    private synchronized void begin(long number) {
        current = number;
        self.task(number);
    }

    private synchronized void end() {
        current = 0;
        self.task(0);
        boolean unused = Thread.interrupted();
    }

    /** The signal says only that some task is to be interrupted; it may come late. */
    @Override
    public synchronized void run() {
        if (current != 0 && current == lane.interrupted()) {
            main.interrupt();
        }
    }
}
