package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.MultiJvm;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.junit.jupiter.api.Test;

@ForkTest
final class TerminalProgressTest {
    private final Drawn drawn = new Drawn();

    private static final class Drawn implements ProgressBarConsumer {
        final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public int getMaxRenderedLength() {
            return 100;
        }

        @Override
        public void accept(String line) {
            lines.add(line);
        }

        @Override
        public void close() {}

        String last() {
            return lines.get(lines.size() - 1);
        }
    }

    private TerminalProgress progress(long expected) {
        return TerminalProgress.of(
                new ProgressBarBuilder()
                        .setTaskName("sums")
                        .setStyle(ProgressBarStyle.ASCII)
                        .setConsumer(drawn),
                expected);
    }

    @Test
    void listener_everyTask_isAStep() throws Exception {
        try (TerminalProgress progress = progress(0);
                Pool pool = MultiJvm.pool(PoolOptions.defaults().workers(2).listener(progress))) {
            pool.map(n -> n + 1, IntStream.range(0, 50).boxed().toList(), 1);
            pool.shutdown();
            pool.join();
        }

        assertThat(drawn.last()).startsWith("sums 100% [=").contains("50/50").doesNotContain("failed");
    }

    @Test
    void listener_fewerTasksThanExpected_isNotFull() throws Exception {
        try (TerminalProgress progress = progress(40);
                Pool pool = MultiJvm.pool(PoolOptions.defaults().workers(1).listener(progress))) {
            for (int i = 0; i < 10; i++) {
                int n = i;
                assertThat(pool.apply(() -> n + 1)).isEqualTo(n + 1);
            }
            pool.shutdown();
            pool.join();
        }

        assertThat(drawn.last()).startsWith("sums  25%").contains("10/40");
    }

    @Test
    void listener_failuresAndDeaths_areRemarked() throws InterruptedException {
        PoolOptions options = PoolOptions.defaults().workers(1);
        try (TerminalProgress progress = progress(0);
                Pool pool = MultiJvm.pool(options.listener(progress))) {
            AsyncResult<Integer> failing = pool.applyAsync(() -> Integer.valueOf("three"));
            AsyncResult<Integer> deadly = pool.applyAsync(() -> {
                Runtime.getRuntime().halt(3);
                return 0;
            });
            assertThatThrownBy(failing::get).isInstanceOf(ExecutionException.class);
            assertThatThrownBy(deadly::get).isInstanceOf(ExecutionException.class);
            pool.shutdown();
            pool.join();
        }

        assertThat(drawn.last()).contains("2/2", "2 failed, 1 worker died");
    }

    /** The bar of a program whose standard error is no terminal. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws Exception {
            try (TerminalProgress progress = TerminalProgress.of("sums", 3);
                    Pool pool = MultiJvm.pool(PoolOptions.defaults().workers(1).listener(progress))) {
                System.out.println(pool.map(n -> n + 1, List.of(1, 2, 3), 1));
                pool.shutdown();
                pool.join();
            }
        }
    }

    @Test
    void of_noTerminal_isOneLineAndNoWarning() throws InterruptedException {
        try (ChildJvm program = ChildJvm.of(Program.class).start()) {
            assertThat(program.awaitExit()).isZero();
            assertThat(program.stdout()).isEqualTo("[2, 3, 4]\n");
            assertThat(program.stderr())
                    .startsWith("sums 100% [=")
                    .contains(" 3/3 ")
                    .hasLineCount(1);
        }
    }

    @Test
    void close_twice_isOneLine() {
        var out = new ByteArrayOutputStream();
        var line = new BarLine(new PrintStream(out, true, StandardCharsets.UTF_8), false);
        line.accept("half");
        line.accept("whole");

        line.close();
        line.close();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("whole" + System.lineSeparator());
    }

    @Test
    void of_negativeExpectation_isRefused() {
        assertThatThrownBy(() -> TerminalProgress.of("sums", -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
