package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.testkit.Background;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputRelayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final OutputThreads threads = new OutputThreads();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    @TempDir
    private Path directory;

    @AfterEach
    void endThreads() {
        threads.close();
    }

    @Test
    void ended_linesWithAndWithoutEnd_areHandedOver() throws IOException {
        relay(Output.toLines(lines::add), "one\n\ntwo\r\nthree");

        assertThat(ended).succeedsWithin(PATIENCE);
        assertThat(lines).containsExactly("[child] one", "[child] ", "[child] two", "[child] three");
    }

    @Test
    void tail_moreThanItKeeps_isTheEnd() throws IOException {
        String much = String.join("", Collections.nCopies(3000, "0123456789")) + "the end";

        OutputRelay relay = relay(Output.discard(), much);

        assertThat(ended).succeedsWithin(PATIENCE);
        assertThat(relay.tail()).hasSize(4096).endsWith("789the end");
        assertThat(much).endsWith(relay.tail());
    }

    @Test
    void tail_severalPieces_isAllOfThem() throws IOException {
        Descriptor[] pipe = Descriptor.pipe();
        OutputRelay relay = start(pipe[0], Output.discard());
        String said = "";
        try (Descriptor writing = pipe[1]) {
            for (String piece : List.of("a".repeat(4000), "b".repeat(90), "c".repeat(10))) {
                write(writing, piece);
                said += piece;
                String all = said;
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> all.endsWith(relay.tail()) && relay.tail().endsWith(piece));
            }
            assertThat(relay.tail()).isEqualTo("a".repeat(3996) + "b".repeat(90) + "c".repeat(10));
        }
        assertThat(ended).succeedsWithin(PATIENCE);
    }

    @Test
    void lines_inPieces_areWhole() throws IOException {
        Descriptor[] pipe = Descriptor.pipe();
        start(pipe[0], Output.toLines(lines::add));
        byte[] line = "grün\n".getBytes(StandardCharsets.UTF_8);
        try (Descriptor writing = pipe[1]) {
            for (byte each : line) {
                assertThat(lines).isEmpty();
                writing.writeFully(new byte[] {each}, 0, 1);
            }
        }

        assertThat(ended).succeedsWithin(PATIENCE);
        assertThat(lines).containsExactly("[child] grün");
    }

    @Test
    void lines_longerThanIsKept_comeInPiecesThatSaySo() throws Exception {
        Descriptor[] pipe = Descriptor.pipe();
        start(pipe[0], Output.toLines(lines::add));
        String all = "ü".repeat(LineSink.MOST); // of two bytes each, so no border of a piece is one of a character
        try (Descriptor writing = pipe[1]) {
            write(writing, "." + all + "\nnext\n");
        }

        assertThat(ended).succeedsWithin(PATIENCE);
        assertThat(lines).hasSize(4).last().isEqualTo("[child] next");
        assertThat(lines.get(0)).startsWith("[child] .ü").endsWith(LineSink.CONTINUES);
        assertThat(lines.get(1)).startsWith("[child] " + LineSink.CONTINUED).endsWith(LineSink.CONTINUES);
        assertThat(lines.get(2)).startsWith("[child] " + LineSink.CONTINUED).doesNotEndWith(LineSink.CONTINUES);
        var text = new StringBuilder();
        lines.subList(0, 3)
                .forEach(piece -> text.append(piece.substring("[child] ".length())
                        .replace(LineSink.CONTINUES, "")
                        .replace(LineSink.CONTINUED, "")));
        assertThat(text).hasToString("." + all);
    }

    @Test
    void lines_exactlyAsLongAsIsKept_isPassedOnWithItsEnd() throws Exception {
        relay(Output.toLines(lines::add), "x".repeat(LineSink.MOST) + "\ny\n");

        assertThat(ended).succeedsWithin(PATIENCE);
        assertThat(lines.get(lines.size() - 1)).isEqualTo("[child] y");
        assertThat(lines.get(0)).startsWith("[child] xxx");
    }

    @Test
    void lines_consumerThrowsAnything_goOn() throws IOException {
        for (Throwable thrown :
                List.of(new IllegalStateException("expected"), new AssertionError("expected"), new ThreadDeath())) {
            var relay = new CompletableFuture<Void>();
            lines.clear();
            relay(
                    Output.toLines(line -> {
                        lines.add(line);
                        throwAny(thrown);
                    }),
                    "one\ntwo\n",
                    () -> relay.complete(null));

            assertThat(relay).succeedsWithin(PATIENCE);
            assertThat(lines).containsExactly("[child] one", "[child] two");
        }
    }

    @Test
    void lines_consumerBlocks_otherDestinationsGoOn() throws Exception {
        var blocked = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        relay(
                Output.toLines(line -> {
                    blocked.countDown();
                    awaitQuietly(released);
                    lines.add(line);
                }),
                "slow\n");
        blocked.await();

        for (Output other : List.of(Output.discard(), Output.toLines(line -> {}), Output.toFile(file("other")))) {
            var otherEnded = new CompletableFuture<Void>();
            relay(other, "quick\n".repeat(20_000), () -> otherEnded.complete(null));
            assertThat(otherEnded).succeedsWithin(PATIENCE);
        }

        assertThat(ended).isNotDone();
        released.countDown();
        assertThat(ended).succeedsWithin(PATIENCE);
        assertThat(lines).containsExactly("[child] slow");
    }

    @Test
    void lines_sameOutputForSeveralChildren_comeOneAtATime() throws Exception {
        var unguarded = new ArrayList<String>();
        Output shared = Output.toLines(unguarded::add);
        var ends = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 4; i++) {
            var end = new CompletableFuture<Void>();
            ends.add(end);
            Descriptor[] pipe = Descriptor.pipe();
            OutputRelay unused = OutputRelay.start(threads, pipe[0], shared, "child", () -> end.complete(null));
            var unusedToo = Background.run(() -> {
                try (Descriptor writing = pipe[1]) {
                    write(writing, "line\n".repeat(1000));
                }
                return true;
            });
        }

        assertThat(CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)))
                .succeedsWithin(PATIENCE);
        assertThat(unguarded).hasSize(4000).containsOnly("[child] line");
    }

    @Test
    void start_file_isEmptiedOrAppendedTo() throws IOException {
        Path file = Files.writeString(file("file"), "old and long\n");

        relay(Output.toFile(file), "new\n");
        assertThat(ended).succeedsWithin(PATIENCE);
        assertThat(file).hasContent("new\n");
        var again = new CompletableFuture<Void>();
        relay(Output.appendTo(file), "newer\n", () -> again.complete(null));
        assertThat(again).succeedsWithin(PATIENCE);
        assertThat(file).hasContent("new\nnewer\n");
    }

    @Test
    void start_fileInNoDirectory_isRefused() {
        Output nowhere = Output.toFile(directory.resolve("no/file"));

        assertThatThrownBy(() -> relay(nowhere, "")).isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void ended_sinkIsFull_isToldAllTheSame() throws IOException {
        OutputRelay relay = relay(Output.toFile(Path.of("/dev/full")), "lost");

        assertThat(ended).succeedsWithin(PATIENCE);
        assertThat(relay.tail()).isEqualTo("lost");
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private OutputRelay relay(Output to, String said) throws IOException {
        return relay(to, said, () -> ended.complete(null));
    }

    private OutputRelay relay(Output to, String said, Runnable onEnd) throws IOException {
        Descriptor[] pipe = Descriptor.pipe();
        OutputRelay relay = OutputRelay.start(threads, pipe[0], to, "child", onEnd);
        try (Descriptor writing = pipe[1]) {
            write(writing, said);
        }
        return relay;
    }

    private OutputRelay start(Descriptor pipe, Output to) throws IOException {
        return OutputRelay.start(threads, pipe, to, "child", () -> ended.complete(null));
    }

    private static void write(Descriptor pipe, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        pipe.writeFully(bytes, 0, bytes.length);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwAny(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
