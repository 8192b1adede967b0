package io.multijvm.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A user's program in a JVM of its own, as a test sees it from outside.
 *
 * <pre>{@code
 * try (var child = ChildJvm.of(Greeter.class).arguments("bob").start()) {
 *     assertThat(child.awaitExit()).isZero();
 *     assertThat(child.stdout()).isEqualTo("hello bob\n");
 * }
 * }</pre>
 *
 * <p>Its output goes to files, so that neither a full pipe nor a grandchild that keeps it open can hold up the test.
 */
public final class ChildJvm implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path stdout;
    private final Path stderr;

    ChildJvm(Process process, Path stdout, Path stderr) {
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** The main class {@code main}, on the class path of the tests. */
    public static ChildJvmCommand of(Class<?> main) {
        return new ChildJvmCommand(main.getName());
    }

    /** What follows {@code java} on the command line in place of a main class: {@code -jar x.jar} or {@code X.java}. */
    public static ChildJvmCommand ofSource(String... launch) {
        return new ChildJvmCommand(launch);
    }

    /** A program that has ended: its status as the shell counts it (128 + n for signal n) and all it wrote. */
    public record Ended(int exitCode, String stdout, String stderr) {}

    public long pid() {
        return process.pid();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The living processes below it, at any depth. */
    public List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    /** What it has written so far. */
    public String stdout() {
        return read(stdout);
    }

    public String stderr() {
        return read(stderr);
    }

    public int awaitExit() throws InterruptedException {
        return awaitExit(PATIENCE);
    }

    /** Waits for the end; a program that goes on for longer fails the test with the stacks of its threads. */
    public int awaitExit(Duration timeout) throws InterruptedException {
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + timeout + ": " + Evidence.of(process.toHandle())
                    + "\nstdout: " + stdout());
        }
        return process.exitValue();
    }

    /** Waits until what it has written to standard output satisfies {@code condition}. */
    public String awaitStdout(Predicate<String> condition) {
        try {
            return Awaitility.await().atMost(PATIENCE).until(this::stdout, condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("stdout is \"" + stdout() + "\", stderr \"" + stderr() + "\"", e);
        }
    }

    /** Sends a signal by its name without SIG, as in {@code signal("STOP")}. */
    public void signal(String name) throws InterruptedException {
        Signals.send(name, process.pid());
    }

    /** Writes a line to its standard input. */
    public void type(String line) {
        try {
            process.outputWriter().append(line).append('\n').flush();
        } catch (IOException e) {
            throw new UncheckedIOException("standard input of pid " + pid(), e);
        }
    }

    /** Ends its standard input. */
    public void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException("standard input of pid " + pid(), e);
        }
    }

    /** Kills it with all its descendants. */
    @Override
    public void close() {
        var family = process.descendants().toList();
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
        try {
            Files.deleteIfExists(stdout);
            Files.deleteIfExists(stderr);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
