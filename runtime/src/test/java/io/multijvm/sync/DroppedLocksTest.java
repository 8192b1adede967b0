package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.contract.FamilyWatch;
import io.multijvm.contract.Waits;
import io.multijvm.process.ProcessContext;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Synchronisers that are made in great number, and forgotten. */
@ForkTest
@SuppressWarnings("LockNotBeforeTry") // a test that fails needs its lock no more
final class DroppedLocksTest {
    private static final int MANY = 10_000;
    private static final int LARGEST_PER_LOCK = 4 * 1024;

    /** A program that makes them. */
    static final class Program {
        private Program() {}

        @SuppressWarnings("SystemOut") // what the test waits for
        public static void main(String[] arguments) throws IOException, InterruptedException {
            Path directory = ProcessContext.memory().directory().path();
            makeMany();
            assertThat(size(directory)).isLessThan((long) MANY * LARGEST_PER_LOCK);

            Waits.until(() -> {
                System.gc();
                long before = size(directory);
                makeMany();
                return size(directory) == before;
            });

            var child = MultiJvm.process(Program::makeMany);
            child.start();
            child.joinOrThrow();
            System.out.println("ready");
            if (System.in.read() >= 0) {
                throw new AssertionError("nobody types");
            }
        }

        private static void makeMany() {
            for (int i = 0; i < MANY; i++) {
                var lock = ProcessLock.create();
                lock.lock();
            }
        }

        private static long size(Path directory) throws IOException {
            try (Stream<Path> files = Files.list(directory)) {
                return files.filter(file -> file.getFileName().toString().startsWith("heap"))
                        .mapToLong(file -> file.toFile().length())
                        .sum();
            }
        }
    }

    @Test
    void create_tenThousandLocks_leaveNothing() throws Exception {
        try (var program = ChildJvm.of(Program.class).start()) {
            var family = FamilyWatch.of(program, 1);

            program.endInput();

            assertThat(program.awaitExit()).as(program.stderr()).isZero();
            family.awaitGone();
        }
    }
}
