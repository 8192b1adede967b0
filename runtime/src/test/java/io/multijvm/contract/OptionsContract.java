package io.multijvm.contract;

import static io.multijvm.contract.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multijvm.Context;
import io.multijvm.launcher.Output;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.EveryStartMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a process's JVM is started. */
public interface OptionsContract {
    Context context();

    @Test
    @EveryStartMethod
    default void heap_given_isTheLimit() throws IOException, InterruptedException {
        long heap = answer(
                context(),
                JvmOptions.defaults().heap("48m"),
                () -> Runtime.getRuntime().maxMemory());

        assertThat(heap).isBetween(40L << 20, 48L << 20);
    }

    @Test
    @EveryStartMethod
    default void jvmArguments_againstTheParents_win() throws IOException, InterruptedException {
        assertThat(answer(context(), OptionsContract::assertionsEnabled)).isEqualTo(assertionsEnabled());
        assertThat(answer(context(), JvmOptions.defaults().jvmArguments("-da"), OptionsContract::assertionsEnabled))
                .isFalse();
        assertThat(answer(
                        context(),
                        JvmOptions.defaults().heap("48m").jvmArguments("-Xmx64m", "-Done=1 2"),
                        () -> Runtime.getRuntime().maxMemory() / (1 << 20) + System.getProperty("one")))
                .isIn("641 2", "621 2");
    }

    private static boolean assertionsEnabled() {
        return OptionsContract.class.desiredAssertionStatus();
    }

    @Test
    @EveryStartMethod
    default void environment_setAndRemoved_isTheChilds() throws IOException, InterruptedException {
        JvmOptions options = JvmOptions.defaults()
                .environment("GREETING", "hello = ü")
                .environment("PATH", null)
                .environment("EMPTY", "");

        assertThat(System.getenv("PATH")).isNotNull();
        assertThat(answer(context(), options, () -> {
                    var values = new ArrayList<String>();
                    values.add(System.getenv("GREETING"));
                    values.add(System.getenv("PATH"));
                    values.add(System.getenv("EMPTY"));
                    values.add(System.getenv("LC_ALL"));
                    return values;
                }))
                .containsExactly("hello = ü", null, "", System.getenv("LC_ALL"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.environment("A=B", "c"))
                .withMessageContaining("A=B");
    }

    @Test
    @EveryStartMethod
    default void directory_given_isTheChilds(@TempDir Path directory) throws IOException, InterruptedException {
        JvmOptions options = JvmOptions.defaults().directory(directory);

        assertThat(answer(context(), options, () -> System.getProperty("user.dir")))
                .isEqualTo(directory.toRealPath().toString());
        assertThat(answer(context(), () -> System.getProperty("user.dir"))).isEqualTo(System.getProperty("user.dir"));
    }

    @Test
    @EveryStartMethod
    default void output_toFiles_replacesWhatTheyHold(@TempDir Path directory) throws IOException, InterruptedException {
        Path out = Files.writeString(directory.resolve("out"), "a long line from before\n");
        Path err = directory.resolve("err");

        print(JvmOptions.defaults().stdout(Output.toFile(out)).stderr(Output.toFile(err)));

        assertThat(out).hasContent("to out\n");
        assertThat(err).hasContent("to err\n");
    }

    @Test
    default void output_appended_keepsWhatIsThere(@TempDir Path directory) throws IOException, InterruptedException {
        Path both = Files.writeString(directory.resolve("both"), "before\n");
        JvmOptions options = JvmOptions.defaults().stdout(Output.appendTo(both)).stderr(Output.appendTo(both));

        print(options);
        print(options);

        assertThat(Files.readAllLines(both))
                .hasSize(5)
                .startsWith("before")
                .filteredOn("to out"::equals)
                .hasSize(2);
    }

    @Test
    @EveryStartMethod
    default void output_toLines_arrivesWithTheNameBeforeEach() throws InterruptedException {
        var lines = new ConcurrentLinkedQueue<String>();
        JvmProcess process = context()
                .process("talker", () -> {
                    System.out.print("one\ntwo\r\nthree");
                    System.err.println("vier ü");
                })
                .options(
                        JvmOptions.defaults().stdout(Output.toLines(lines::add)).stderr(Output.toLines(lines::add)));
        process.start();
        process.join();

        assertThat(lines)
                .containsExactlyInAnyOrder("[talker] one", "[talker] two", "[talker] three", "[talker] vier ü");
    }

    @Test
    default void output_consumerThatThrows_harmsNobody() throws InterruptedException {
        var lines = new ConcurrentLinkedQueue<String>();
        JvmProcess process = context()
                .process("talker", () -> {
                    System.out.println("bad");
                    System.out.println("good");
                })
                .options(JvmOptions.defaults().stdout(Output.toLines(line -> {
                    if (line.endsWith("bad")) {
                        throw new IllegalStateException("thrown on purpose, logged here");
                    }
                    lines.add(line);
                })));
        process.start();
        process.join();

        assertThat(lines).containsExactly("[talker] good");
        assertThat(process.exitCode()).isZero();
    }

    @Test
    default void output_discarded_isKnownToJoinOrThrowAllTheSame() throws InterruptedException {
        JvmProcess process = context()
                .process(() -> {
                    System.err.println("last words");
                    System.exit(2);
                })
                .options(JvmOptions.defaults().stdout(Output.discard()).stderr(Output.discard()));
        process.start();

        org.assertj.core.api.Assertions.assertThatThrownBy(process::joinOrThrow).hasMessageContaining("last words");
    }

    @Test
    default void output_muchOfIt_arrivesWholeBeforeTheEndIsKnown() throws InterruptedException {
        var lines = new ConcurrentLinkedQueue<String>();
        JvmProcess process = context()
                .process("talker", () -> {
                    for (int i = 0; i < 20_000; i++) {
                        System.out.println("a line of output");
                    }
                })
                .options(JvmOptions.defaults().stdout(Output.toLines(lines::add)));
        process.start();
        process.join();

        assertThat(lines).hasSize(20_000);
    }

    private void print(JvmOptions options) throws InterruptedException {
        JvmProcess process = context()
                .process(() -> {
                    System.out.println("to out");
                    System.err.println("to err");
                })
                .options(options);
        process.start();
        process.join();
        assertThat(List.of(process.exitCode())).containsExactly(0);
    }
}
