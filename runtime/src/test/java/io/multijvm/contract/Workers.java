package io.multijvm.contract;

import io.multijvm.Context;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import io.multijvm.testkit.Background;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Where the parties of a test run: on threads of this JVM, or in JVMs of their own. */
@FunctionalInterface
public interface Workers {
    /** A party that runs {@code target}. */
    Worker start(Target target);

    /** A party under way. */
    @FunctionalInterface
    interface Worker {
        /** Waits for its end; fails unless it has returned. */
        void join() throws Exception;
    }

    static Workers threads() {
        return target -> {
            var thread = Background.run(() -> {
                target.run();
                return null;
            });
            return thread::get;
        };
    }

    static Workers processes(Context context) {
        return target -> {
            JvmProcess process = context.process(target);
            process.start();
            return process::joinOrThrow;
        };
    }

    /** {@code count} parties that do the same. */
    default List<Worker> start(int count, Target target) {
        return startEach(count, index -> target);
    }

    /** {@code count} parties, each with a target of its own. */
    default List<Worker> startEach(int count, IntFunction<Target> targets) {
        var workers = new ArrayList<Worker>();
        for (int i = 0; i < count; i++) {
            workers.add(start(targets.apply(i)));
        }
        return workers;
    }

    static void joinAll(List<Worker> workers) throws Exception {
        for (Worker worker : workers) {
            worker.join();
        }
    }
}
