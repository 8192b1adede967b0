package io.multijvm.ipc.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class FileLockBackendTest {
    private static final int ME = 1;
    private static final int CHILD = 2;
    private static final long LONG = Duration.ofSeconds(20).toNanos();

    @RegisterExtension
    private final InProcessFamily family = InProcessFamily.create();

    private final FileLockBackend backend = new FileLockBackend(family.directory(), ME);
    private final Block block = family.member().domain().allocate(64);

    @Test
    void sleep_wordChanges_isSeenWithoutAWakeUp() throws Exception {
        var sleeping = Background.run(() -> backend.sleep(block, 0, 0, LONG, true));
        block.setIntVolatile(0, 1);

        assertThat(sleeping.get()).isTrue();
    }

    @Test
    void sleep_nothingHappens_isFalse() {
        long begin = System.nanoTime();

        assertThat(backend.sleep(block, 0, 0, 5_000_000, true)).isFalse();

        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(5_000_000);
    }

    @Test
    void sleep_interrupted_endsAndKeepsTheStatus() throws Exception {
        var sleeping = Background.run(() ->
                backend.sleep(block, 0, 0, LONG, true) && Thread.currentThread().isInterrupted());
        sleeping.interrupt();

        assertThat(sleeping.get()).isTrue();
    }

    @Test
    @ForkTest
    void isAlive_stoppedAndKilled_tellsOneFromTheOther() throws Exception {
        try (var child = ChildJvm.of(Looker.class)
                .arguments(family.directory().path().toString())
                .start()) {
            child.awaitStdout(text -> text.contains("true"));
            assertThat(backend.isAlive(CHILD)).isTrue();
            assertThat(backend.isAlive(CHILD + 1)).isFalse();

            var interrupted = Background.run(() -> {
                Thread.currentThread().interrupt();
                return backend.isAlive(CHILD) && Thread.interrupted();
            });
            assertThat(interrupted.get()).isTrue();
            child.type("look");
            child.awaitStdout(text -> text.equals("true\ntrue\n"));

            child.signal("STOP");
            assertThat(backend.isAlive(CHILD)).as("stopped").isTrue();
            child.signal("KILL");
            child.awaitExit();
            assertThat(backend.isAlive(CHILD)).as("killed").isFalse();
        }
    }

    /** Says whether the parent lives, at first and whenever it is sent a line. */
    static final class Looker {
        @SuppressWarnings("SystemOut")
        public static void main(String[] args) throws IOException {
            var backend = new FileLockBackend(RunDirectory.attach(Path.of(args[0])), CHILD);
            while (true) {
                System.out.println(backend.isAlive(ME));
                while (System.in.read() != '\n') {
                    // the rest of the line
                }
            }
        }
    }
}
