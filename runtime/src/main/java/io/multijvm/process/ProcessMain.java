package io.multijvm.process;

import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.ForeignClasses;
import io.multijvm.ipc.codec.LambdaCall;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.launcher.EntryPoint;
import io.multijvm.launcher.Family;
import io.multijvm.launcher.ParentChannel;
import io.multijvm.launcher.Start;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a process begins: decodes its activity, runs it, reports how that went. */
public final class ProcessMain implements EntryPoint {
    private static final int UNCAUGHT = 1;
    /** What programs use and nothing below loads. */
    private static final List<String> NOUNS = List.of(
            "io.multijvm.MultiJvm",
            "io.multijvm.Context",
            "io.multijvm.connection.Connection",
            "io.multijvm.connection.Pipe",
            "io.multijvm.queue.ProcessQueue",
            "io.multijvm.queue.JoinableQueue",
            "io.multijvm.queue.SimpleQueue",
            "io.multijvm.shared.SharedInt",
            "io.multijvm.sync.ProcessEvent",
            "io.multijvm.sync.ProcessLock",
            "io.multijvm.sync.ProcessSemaphore");

    /** Made by name in the child. */
    public ProcessMain() {}

    @Override
    public void run(Start start, List<Descriptor> descriptors, ParentChannel parent) throws Throwable {
        Description description = Description.of(start.payload());
        CurrentProcess.become(description);
        try {
            boolean isForked = description.startMethod().equals(Forking.METHOD);
            ClassLoader loader = ClassLoader.getSystemClassLoader();
            Call call = isForked
                    ? restore(description.activity(), descriptors, loader)
                    : decode(description.activity(), descriptors, loader);
            CurrentProcess.booted();
            parent.running();
            call.run();
            CurrentProcess.completed();
            flush(System.out);
            flush(System.err);
            parent.ended(0);
        } catch (Throwable e) { // the child's boundary: whatever it is, it is reported
            RemoteFailure failure = report(e, parent);
            print(description.name(), failure);
            parent.ended(UNCAUGHT);
            throw e;
        }
    }

    @Override
    public void warmUp(List<String> expected) throws Exception {
        Target target = new WarmUp(1, new Practice())::run;
        var prepared = Description.Activity.of(target);
        var description = new Description(
                "warm", List.of(1), false, new byte[0], 1, "", "", List.of(), List.of(), prepared.activity());
        Description copy = Description.of(description.toBytes());
        try {
            decode(copy.activity(), prepared.descriptors(), ClassLoader.getSystemClassLoader())
                    .run();
        } catch (Throwable e) {
            throw new IOException("cannot warm up", e);
        }
        Domain.warmUp();
        CurrentProcess.booted();
        Objects.requireNonNull(JvmProcess.current(copy)); // the user's code will ask who it is
        RemoteFailure.of(new IOException("warm").fillInStackTrace()).toBytes();
    }

    @Override
    public void rehearse() throws Exception {
        NOUNS.forEach(ProcessMain::load);
        try (JvmProcess child = JvmProcess.of(ProcessContext.of("spawn"), null, new WarmUp(1, new Practice())::run)) {
            child.start();
            child.joinOrThrow();
        }
    }

    private static void load(String name) {
        try {
            Objects.requireNonNull(Class.forName(name, false, ProcessMain.class.getClassLoader())
                    .getDeclaredMethods());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** What remains to be called: one of the three. No lambda, of which a cold child would link its first one here. */
    private record Call(
            LambdaCall.@Nullable Prepared lambda,
            @Nullable Target target,
            @Nullable JvmProcess process) {
        void run() throws Throwable {
            if (lambda != null) {
                lambda.call();
            } else if (target != null) {
                target.run();
            } else if (process != null) {
                process.run();
            }
        }
    }

    private static Call decode(Description.Activity activity, List<Descriptor> descriptors, ClassLoader loader)
            throws IOException, ReflectiveOperationException {
        try (var arrived = new Encoded(activity.encoded(), descriptors)) {
            LambdaCall call = activity.call();
            if (call != null) {
                ClassLoader owners = loaderOf(call.owner(), loader);
                // Initialised here and now: what its initialiser throws or tries to start is this start's failure.
                Class.forName(call.owner(), true, owners);
                return new Call(call.with(captured(arrived, owners)).prepare(owners), null, null);
            }
            Family.current().exchangeClasses();
            return callOf(Codec.decode(arrived.bytes(), arrived.descriptors(), loader));
        }
    }

    private static Call callOf(@Nullable Object decoded) {
        if (decoded instanceof JvmProcess process) {
            CurrentProcess.is(process);
            return new Call(null, null, process);
        }
        return new Call(null, (Target) Objects.requireNonNull(decoded), null);
    }

    /** The state comes first: the target's class is initialised with it. */
    private static Call restore(Description.Activity activity, List<Descriptor> descriptors, ClassLoader loader)
            throws IOException, ReflectiveOperationException {
        try (var arrived = new Encoded(activity.encoded(), descriptors)) {
            Family.current().exchangeClasses();
            LambdaCall call = activity.call();
            ClassLoader owners = call == null ? loader : loaderOf(call.owner(), loader);
            @Nullable Object[] captured = Forking.restore(arrived.bytes(), arrived.descriptors(), owners);
            if (call == null) {
                return callOf(captured[0]);
            }
            Class.forName(call.owner(), true, owners);
            return new Call(call.with(captured).prepare(owners), null, null);
        }
    }

    /** Ours or, when it is on no class path, that of the classes from elsewhere, which is the main thread's then. */
    private static ClassLoader loaderOf(String owner, ClassLoader ours) throws ClassNotFoundException {
        try {
            Class.forName(owner, false, ours);
            return ours;
        } catch (ClassNotFoundException e) {
            Family.current().exchangeClasses();
            ClassLoader theirs = ForeignClasses.find(owner, ours).getClassLoader();
            Thread.currentThread().setContextClassLoader(theirs);
            return theirs;
        }
    }

    private static @Nullable Object[] captured(Encoded arrived, ClassLoader loader)
            throws IOException, ClassNotFoundException {
        if (arrived.bytes().length == 0) {
            return new Object[0];
        }
        Family.current().exchangeClasses();
        return (@Nullable Object[])
                Objects.requireNonNull(Codec.decode(arrived.bytes(), arrived.descriptors(), loader));
    }

    /** What was out of memory at first may have some when the target's own is garbage. */
    private static RemoteFailure report(Throwable thrown, ParentChannel parent) {
        RemoteFailure failure = RemoteFailure.of(thrown);
        try {
            parent.failed(failure.toBytes());
        } catch (OutOfMemoryError e) {
            failure = RemoteFailure.named(thrown);
            parent.failed(failure.toBytes());
        }
        return failure;
    }

    /** As Python prints it, and as it was reported: its own code is not run again. */
    private static void print(String name, RemoteFailure failure) {
        try {
            PrintStream stderr = System.err;
            if (stderr != null) {
                synchronized (stderr) {
                    stderr.println("Process " + name + ":");
                    stderr.println(failure.stack().stripTrailing());
                }
            }
            flush(stderr);
            flush(System.out);
        } catch (Throwable e) {
            // a stream of the program's, which does not work; the parent has the report
        }
    }

    /** The user's code may have set the stream to null. */
    private static void flush(@Nullable PrintStream stream) {
        if (stream != null) {
            stream.flush();
        }
    }

    /** An activity of nobody's, for a spare to practise on. */
    private record WarmUp(int number, Practice handle) implements Serializable {
        void run() {
            Objects.requireNonNull(handle);
            Objects.checkIndex(number, 2);
        }
    }
}
