package io.multijvm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Pipe;
import io.multijvm.launcher.Output;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.Eventually;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.JdkTest;
import io.multijvm.testkit.Proc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Parents with little memory, and children that say much or end at the wrong moment. */
@ForkTest
@JdkTest
final class MemoryShortageTest {
    private static final String SMALL = "-Xmx64m";
    private static final JvmOptions LARGE = JvmOptions.defaults().heap("512m");

    @Test
    void join_childrenEndWhileTheParentHasNoMemory_returnsWhenItHas() throws Exception {
        try (ChildJvm program = ChildJvm.of(Hungry.class).flags(SMALL).start()) {
            String pids = program.awaitStdout(text -> text.endsWith("\n"));
            for (String pid : pids.strip().split(" ")) {
                // The parent cannot take what it must know of them: they stay as what the kernel keeps of the dead.
                Eventually.holds(() -> hasEnded(Long.parseLong(pid)));
            }

            program.endInput();

            assertThat(program.awaitExit()).isZero();
            assertThat(program.stdout()).endsWith("joined 0\njoined 1\njoined 0\njoined 1\nanother 0\n");
        }
    }

    private static boolean hasEnded(long pid) {
        String stat = Proc.read(pid, "stat");
        return stat.isEmpty() || stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
    }

    /** Takes all memory, again and again, until it reads the end of its standard input. */
    static final class Hungry {
        private static final List<byte[]> EATEN = new ArrayList<>(1 << 20);
        private static volatile boolean isFull;
        private static volatile boolean stop;

        private Hungry() {}

        public static void main(String[] args) throws Exception {
            var gate = MultiJvm.pipe();
            var end = gate.second();
            var children = new ArrayList<JvmProcess>();
            var told = new ArrayList<CompletableFuture<JvmProcess>>();
            var pids = new StringBuilder();
            for (int i = 0; i < 4; i++) {
                boolean fails = i % 2 == 1;
                JvmProcess child = MultiJvm.process(() -> {
                            boolean unused = end.poll(null);
                            System.err.println(".".repeat(10_000));
                            if (fails) {
                                throw new IllegalStateException("x".repeat(10_000));
                            }
                        })
                        .options(LARGE.stderr(Output.discard()));
                child.start();
                children.add(child);
                told.add(child.onExit());
                pids.append(child.pid()).append(' ');
            }
            String line = pids.append('\n').toString();
            end.close();
            var hungry = new Thread(Hungry::eat);
            hungry.start();
            while (!isFull) {
                Thread.onSpinWait();
            }
            closeWhateverItTakes(gate);
            printWhateverItTakes(line);
            while (System.in.read() >= 0) {
                // nothing is said
            }
            stop = true;
            hungry.join();
            EATEN.clear();
            for (JvmProcess child : children) {
                child.join();
                System.out.println("joined " + child.exitCode());
            }
            for (CompletableFuture<JvmProcess> each : told) {
                each.get(30, TimeUnit.SECONDS);
            }
            JvmProcess another = MultiJvm.process(() -> {}).options(LARGE);
            another.start();
            another.join();
            System.out.println("another " + another.exitCode());
        }

        private static void eat() {
            while (!stop) {
                EATEN.clear();
                int size = 1 << 20;
                while (size > 0 && !stop) {
                    try {
                        EATEN.add(new byte[size]);
                    } catch (OutOfMemoryError e) {
                        isFull |= size < 64;
                        size /= 2;
                    }
                }
            }
        }

        private static void closeWhateverItTakes(Pipe gate) {
            while (true) {
                try {
                    gate.close();
                    return;
                } catch (OutOfMemoryError e) {
                    // another time
                }
            }
        }

        private static void printWhateverItTakes(String line) {
            while (true) {
                try {
                    System.out.print(line);
                    System.out.flush();
                    return;
                } catch (OutOfMemoryError e) {
                    // another time
                }
            }
        }
    }

    @Test
    void join_hugeMessageOrLine_returnsAndTheOthersDoToo() throws Exception {
        ChildJvm.Ended ended = ChildJvm.of(Flooded.class).flags(SMALL).run();

        assertThat(ended.stdout().lines())
                .containsExactly("message 1 true", "line 0", "pieces " + (64L << 20), "bystander 0");
        assertThat(ended.exitCode()).isZero();
    }

    static final class Flooded {
        private Flooded() {}

        public static void main(String[] args) throws Exception {
            var gate = MultiJvm.pipe();
            var end = gate.second();
            JvmProcess bystander = MultiJvm.process(() -> {
                        boolean unused = end.poll(null);
                    })
                    .options(LARGE);
            bystander.start();

            JvmProcess message = MultiJvm.process(() -> {
                        throw new IllegalStateException("z".repeat(20_000_000));
                    })
                    .options(LARGE.stderr(Output.discard()));
            message.start();
            message.join();
            System.out.println("message " + message.exitCode() + " "
                    + message.failure().orElseThrow().getMessage().contains("20000000 characters in all"));

            var characters = new AtomicLong();
            JvmProcess line = MultiJvm.process(() -> {
                        byte[] piece = new byte[1 << 20];
                        Arrays.fill(piece, (byte) '#');
                        for (int i = 0; i < 64; i++) {
                            System.err.write(piece);
                        }
                    })
                    .options(LARGE.stderr(Output.toLines(text -> characters.addAndGet(
                            text.chars().filter(c -> c == '#').count()))));
            line.start();
            line.join();
            System.out.println("line " + line.exitCode());
            while (characters.get() < 64L << 20) {
                Thread.onSpinWait(); // the last of them may be on its way
            }
            System.out.println("pieces " + characters);

            gate.close();
            end.close();
            bystander.join();
            System.out.println("bystander " + bystander.exitCode());
        }
    }
}
