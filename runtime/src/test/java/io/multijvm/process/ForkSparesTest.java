package io.multijvm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.ipc.os.RawObjects;
import io.multijvm.ipc.snapshot.SnapshotReader;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the spares of forked processes are prepared for. */
@ForkTest
final class ForkSparesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    @Test
    void start_forkserverAndForkInOneProgram_eachHasSparesOfItsOwn() throws InterruptedException {
        assertThat(ChildJvm.of(Both.class).run())
                .isEqualTo(new ChildJvm.Ended(0, "spare false\nspare true\nspare false\nspare true\n", ""));
    }

    /** Starts by either method, twice, when there are spares. */
    static final class Both {
        public static void main(String[] args) throws InterruptedException {
            for (int i = 0; i < 2; i++) {
                for (StartMethod method : List.of(StartMethod.FORKSERVER, StartMethod.FORK)) {
                    try (Context context = MultiJvm.getContext(method)) {
                        start(context, Both::report);
                    }
                }
            }
        }

        /** Whether it is a spare, and which. */
        private static void report() {
            boolean practised = Stream.of(new Throwable().getStackTrace())
                    .anyMatch(frame -> frame.getClassName().equals(ForkMain.class.getName()));
            boolean spare = ProcessHandle.current().parent().orElseThrow().pid()
                    != JvmProcess.parentProcess().orElseThrow().pid();
            System.out.println((spare ? "spare " : "fresh ") + practised);
        }
    }

    private static void start(Context context, Target target) throws InterruptedException {
        assertThat(context.awaitWarm(2, PATIENCE)).isTrue();
        JvmProcess child = context.process(target);
        child.start();
        child.joinOrThrow();
    }

    @Test
    void start_classesOfTheStateKnownFromEarlierForks_areLoadedBeforeSparesPractise() throws InterruptedException {
        var ended = ChildJvm.of(Often.class).flags("-Dmultijvm.spares=2").run();

        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.stdout()).startsWith("false\n").endsWith("true\n");
    }

    /** What only the state leads to. */
    private static final class Part {}

    /** Forks as often as it takes to use up the spares that knew nothing. */
    static final class Often {
        private static final Object STATE = new Part();

        public static void main(String[] args) throws InterruptedException {
            try (Context context = MultiJvm.getContext(StartMethod.FORK)) {
                for (int i = 0; i < 6; i++) {
                    start(context, () -> {
                        List<Class<?>> loaded = RawObjects.classesOf(ClassLoader.getSystemClassLoader(), 0);
                        System.out.println(loaded.indexOf(STATE.getClass()) < loaded.indexOf(SnapshotReader.class));
                    });
                }
            }
        }
    }
}
