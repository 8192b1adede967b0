package io.multijvm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.pool.PoolOptions;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.logging.Logger;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a program is told of the parts of its state that cannot be copied. */
@ForkTest
final class ForkWarningsTest {
    private static final String WARNING = "forked processes do not get the value of ";

    @Test
    void start_stateThatCannotBeCopied_isClassInitialAndWarnedOfOnce() throws InterruptedException {
        var ended = ChildJvm.of(Partly.class).run();

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.stdout()).isEqualTo("null initial [kept] 2\nnull initial [kept] 3\n");
        assertThat(warnings(ended))
                .hasSize(2)
                .anyMatch(line -> line.contains(WARNING + Unforkable.class.getName() + ".deflater ["))
                .anyMatch(line -> line.contains(
                        WARNING + Unforkable.class.getName() + ".held -> [0] (java.util.zip.Deflater) ["));
    }

    private static List<String> warnings(ChildJvm.Ended ended) {
        return ended.stderr().lines().filter(line -> line.contains(WARNING)).toList();
    }

    /** Some of it has a part that is not for another process, and is left out with it. */
    private static final class Unforkable {
        static final List<String> KEPT = new ArrayList<>();
        static @Nullable Deflater deflater;
        static Object held = "initial";
        static int number = 1;
    }

    /** Forks twice. */
    static final class Partly {
        public static void main(String[] args) throws Exception {
            Unforkable.KEPT.add("kept");
            Unforkable.deflater = new Deflater();
            Unforkable.held = new Object[] {new Deflater(), "not reached"};
            try (Context context = MultiJvm.getContext(StartMethod.FORK)) {
                for (int i = 0; i < 2; i++) {
                    Unforkable.number++;
                    JvmProcess child = context.process(() -> System.out.println(Unforkable.deflater + " "
                            + Unforkable.held + " " + Unforkable.KEPT + " " + Unforkable.number));
                    child.start();
                    child.joinOrThrow();
                }
            }
        }
    }

    @Test
    void start_whatInitialisersMakeAnyway_isNotWarnedOf() throws InterruptedException {
        var ended = ChildJvm.of(Ordinary.class).run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(0, "1 [some.package] false\n", ""));
    }

    /** Constants as most programs have them. */
    static final class Ordinary {
        private static final System.Logger LOGGER = System.getLogger("ordinary");
        private static final Logger OLD_LOGGER = Logger.getLogger("ordinary");
        private static final ForkJoinPool POOL = ForkJoinPool.commonPool();
        private static final Thread HOOK = new Thread(() -> {});
        private static PoolOptions pool = PoolOptions.defaults();
        private static JvmOptions options = JvmOptions.defaults();
        private static final StackWalker WALKER = StackWalker.getInstance();
        private static int number;

        public static void main(String[] args) throws Exception {
            number = 1;
            options = JvmOptions.defaults().forkPackages("some.package");
            pool = PoolOptions.defaults().workers(3);
            try (Context context = MultiJvm.getContext(StartMethod.FORK)) {
                JvmProcess child = context.process(() -> {
                    LOGGER.log(System.Logger.Level.DEBUG, HOOK);
                    OLD_LOGGER.fine("nobody hears this");
                    POOL.submit(() -> {}).get();
                    WALKER.forEach(frame -> {});
                    System.out.println(number + " " + options.forkPackages() + " " + (pool == PoolOptions.defaults()));
                });
                child.start();
                child.joinOrThrow();
            }
        }
    }
}
