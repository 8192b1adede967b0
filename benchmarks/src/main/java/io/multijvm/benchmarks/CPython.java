package io.multijvm.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** A CPython that takes one measurement for each line it is sent; kept between them, so its forkserver stays warm. */
final class CPython implements AutoCloseable {
    private static final String COMMAND = "python3";
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader replies;
    private final String version;

    private CPython(Process process) throws IOException {
        this.process = process;
        requests = process.outputWriter(StandardCharsets.UTF_8);
        replies = process.inputReader(StandardCharsets.UTF_8);
        version = reply("version");
    }

    static boolean isInstalled() {
        try {
            new ProcessBuilder(COMMAND, "--version")
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs the script {@code AREA.py}. */
    static CPython start(String area, Scratch scratch) throws IOException {
        scratch.source("peer.py");
        // By a name of its own: a queue.py beside it would hide Python's module of that name.
        Path script = scratch.source(area + ".py", area + "_area.py");
        // -B: the scratch directory gets no byte code; the script itself is never cached anyway.
        return new CPython(new ProcessBuilder(List.of(COMMAND, "-B", script.toString()))
                .redirectError(Redirect.INHERIT)
                .start());
    }

    String version() {
        return version;
    }

    /** Calls a function of the script; its result is a number. */
    double ask(String function, Object... arguments) throws IOException {
        var request = new StringBuilder(function);
        for (Object argument : arguments) {
            request.append('\t').append(argument);
        }
        requests.write(request.append('\n').toString());
        requests.flush();
        return Double.parseDouble(reply(function));
    }

    private String reply(String toWhat) throws IOException {
        try {
            String line = CompletableFuture.supplyAsync(this::readLine)
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
            if (line.isEmpty()) {
                throw new IOException("CPython ended instead of answering: " + toWhat);
            }
            return line;
        } catch (CompletionException e) {
            process.destroyForcibly();
            throw new IOException("no answer from CPython: " + toWhat, e);
        }
    }

    private String readLine() {
        try {
            String line = replies.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it by end-of-file, waiting for it as its forkserver ends with it. */
    @Override
    public void close() throws IOException {
        requests.close();
        process.onExit()
                .completeOnTimeout(process, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        process.destroyForcibly();
    }
}
