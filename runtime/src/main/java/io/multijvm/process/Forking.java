package io.multijvm.process;

import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.LambdaCall;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.snapshot.SnapshotReader;
import io.multijvm.ipc.snapshot.SnapshotWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A process's state at the moment it forks: what the target has captured, and the static fields of the program. */
final class Forking {
    /** Python's name of the start method. */
    static final String METHOD = "fork";

    private static final System.Logger LOGGER = System.getLogger("io.multijvm");

    private Forking() {}

    /**
     * Takes the state that {@code activity} is to find.
     *
     * @throws NotSendableException when something it has captured cannot be copied
     */
    static Description.Prepared prepare(Object activity, JvmOptions options) {
        LambdaCall call = LambdaCall.of(activity);
        Class<?> subject = subject(activity, call);
        var scope = new ForkScope(CurrentProcess.program(), CurrentProcess.loaders(), subject, options.forkPackages());
        CurrentProcess.program(scope.program());
        try (var snapshot = new SnapshotWriter(scope)) {
            if (call == null) {
                snapshot.addRoot(activity, "the target");
            } else {
                @Nullable Object[] captured = call.captured();
                for (int i = 0; i < captured.length; i++) {
                    snapshot.addRoot(captured[i], "captured argument " + (i + 1) + " of the lambda in " + call.owner());
                }
            }
            for (Class<?> type : scope.classes()) {
                snapshot.addStatics(type).forEach(Forking::warn);
            }
            Encoded encoded = snapshot.finish();
            var copied = new Description.Activity(call, encoded.bytes());
            return new Description.Prepared(copied, encoded.descriptors(), snapshot.classes());
        }
    }

    /** Notes in which program this thread is, for processes that threads of this library's will start. */
    static void noteCaller() {
        var scope = new ForkScope(CurrentProcess.program(), CurrentProcess.loaders(), Forking.class, List.of());
        CurrentProcess.program(scope.program());
    }

    private static Class<?> subject(Object activity, @Nullable LambdaCall call) {
        if (call == null) {
            return activity.getClass();
        }
        try {
            return Class.forName(call.owner(), false, activity.getClass().getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the class that made a lambda is gone", e);
        }
    }

    private static void warn(SnapshotWriter.Skipped skipped) {
        String field = skipped.field().getDeclaringClass().getName() + "."
                + skipped.field().getName();
        if (CurrentProcess.isNews(field)) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "forked processes do not get the value of " + field + skipped.reason()
                            + "; it is what the class's initialiser makes it");
        }
    }

    /** Does once, on nothing of anybody's, what the start of a forked process does. */
    static void warmUp(List<String> expected) throws IOException, ReflectiveOperationException {
        Target target = new Practice()::touch;
        var values = new HashMap<String, Object>(Map.of("text", "value", "list", new ArrayList<>(List.of(1, 1000))));
        values.put("lock", new ReentrantLock());
        var nobody = new ForkScope(List.of(), new HashSet<>(), Practice.class, List.of());
        try (var snapshot = new SnapshotWriter(nobody)) {
            snapshot.addRoot(target, "practice");
            snapshot.addRoot(values, "practice");
            snapshot.addRoot(new long[] {1}, "practice");
            try (Encoded encoded = snapshot.finish()) {
                restore(encoded.bytes(), encoded.descriptors(), ClassLoader.getSystemClassLoader());
            }
        }
        SnapshotReader.expect(expected, ClassLoader.getSystemClassLoader());
    }

    /** Makes the state this process's own; returns what the target has captured, or the activity itself. */
    static @Nullable Object[] restore(byte[] state, List<Descriptor> descriptors, ClassLoader loader)
            throws IOException, ReflectiveOperationException {
        SnapshotReader.Restored restored = SnapshotReader.restore(state, descriptors, loader);
        restored.warnings().forEach(warning -> LOGGER.log(System.Logger.Level.WARNING, warning));
        return restored.roots();
    }
}
