package io.multijvm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.executor.ProcessPoolExecutor;
import io.multijvm.manager.Manager;
import io.multijvm.pool.Pool;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that start processes in a static initialiser, which each of these processes runs again. */
final class StaticInitialiserTest {
    private static final String REFUSED = "starts processes, and this process is one of them";

    @ForkTest
    @ParameterizedTest
    @ValueSource(classes = {InPool.class, InExecutor.class, InProcess.class, InManager.class, InNestedPool.class})
    void start_initialiserOfAClassThatTheChildNeeds_isRefusedThere(Class<?> main) throws Exception {
        try (ChildJvm program = ChildJvm.of(main).start()) {
            assertThat(program.awaitExit()).isZero();

            assertThat(program.stdout()).contains("refused: true");
        }
    }

    @ForkTest
    @ParameterizedTest
    @ValueSource(classes = {UsedElsewhere.class})
    void start_initialiserOfAClassThatNoChildNeeds_works(Class<?> main) throws Exception {
        try (ChildJvm program = ChildJvm.of(main).start()) {
            assertThat(program.awaitExit()).isZero();

            assertThat(program.stdout()).isEqualTo("in main [1, 4, 9]\nin a child [1, 4, 9]\n");
        }
    }

    private static void report(Supplier<Object> use) {
        try {
            System.out.println("got " + use.get());
        } catch (LinkageError e) {
            Throwable cause = e;
            var text = new StringBuilder();
            while (cause != null) {
                text.append(cause).append('\n');
                cause = cause.getCause();
            }
            System.out.println("refused: " + text.toString().contains(REFUSED));
        }
    }

    /** Its static initialiser throws any exception. */
    private interface Making<T> {
        T make() throws Exception;
    }

    private static <T> T made(Making<T> making) {
        try {
            return making.make();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static final class InPool {
        private InPool() {}

        private static final class PoolTable {
            static final List<Integer> SQUARES = made(() -> {
                try (Pool pool = MultiJvm.pool(1)) {
                    return pool.map(x -> x * x, List.of(1, 2, 3));
                }
            });
        }

        public static void main(String[] args) {
            report(() -> PoolTable.SQUARES);
        }
    }

    static final class InExecutor {
        private InExecutor() {}

        private static final class ExecutorTable {
            static final int ANSWER = made(() -> {
                try (ProcessPoolExecutor executor = MultiJvm.executor(1)) {
                    return executor.submit(() -> 42).get();
                }
            });
        }

        public static void main(String[] args) {
            report(() -> ExecutorTable.ANSWER);
        }
    }

    /** The child is past its own start when it needs the class. */
    static final class InProcess {
        private InProcess() {}

        private static final class ProcessTable {
            static final int ANSWER = made(() -> {
                JvmProcess process = MultiJvm.process(InProcess::use);
                process.start();
                process.joinOrThrow();
                return 42;
            });
        }

        private static void use() {
            System.out.println(ProcessTable.ANSWER);
        }

        public static void main(String[] args) {
            report(() -> ProcessTable.ANSWER);
        }
    }

    static final class InManager {
        private InManager() {}

        private static final class ManagerTable {
            static final int ANSWER = made(() -> {
                try (Manager manager = MultiJvm.manager()) {
                    return manager.<String, Integer>dict().computeIfAbsent("answer", key -> use());
                }
            });
        }

        private static int use() {
            return ManagerTable.ANSWER;
        }

        public static void main(String[] args) {
            report(() -> ManagerTable.ANSWER);
        }
    }

    /** The class is needed two generations below the one that made the pool. */
    static final class InNestedPool {
        private InNestedPool() {}

        private static final class NestedPoolTable {
            static final int ANSWER = made(() -> {
                try (Pool pool = MultiJvm.pool(1)) {
                    return pool.apply(InNestedPool::below);
                }
            });
        }

        private static int below() throws Exception {
            try (Pool pool = MultiJvm.pool(1)) {
                return pool.apply(InNestedPool::use);
            }
        }

        private static int use() {
            return NestedPoolTable.ANSWER;
        }

        public static void main(String[] args) {
            report(() -> NestedPoolTable.ANSWER);
        }
    }

    static final class UsedElsewhere {
        private UsedElsewhere() {}

        private static final class Shared {
            static final Pool POOL = MultiJvm.pool(1);
        }

        private static void use(String where) throws Exception {
            System.out.println(where + " " + Shared.POOL.map(x -> x * x, List.of(1, 2, 3)));
        }

        public static void main(String[] args) throws Exception {
            use("in main");
            JvmProcess child = MultiJvm.process(() -> use("in a child"));
            child.start();
            child.joinOrThrow();
        }
    }
}
