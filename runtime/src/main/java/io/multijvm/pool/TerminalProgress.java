package io.multijvm.pool;

import java.util.Objects;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A pool's progress as a bar in the terminal: how many of the tasks submitted have ended, how many have failed, how long the
 * rest will take. It needs the library {@code me.tongfei:progressbar}, which is this one's optional dependency.
 *
 * <pre>{@code
 * try (var progress = TerminalProgress.of("pages");
 *         var pool = MultiJvm.pool(PoolOptions.defaults().listener(progress))) {
 *     pool.map(Crawler::get, pages, 1);
 * }
 * }</pre>
 *
 * <p>A chunk of arguments counts as one task. Tasks that are submitted as others end, as by {@code imap}, are known one by one:
 * {@link #of(String, long)} says beforehand how many there will be.
 */
public final class TerminalProgress implements PoolListener, AutoCloseable {
    private final ProgressBar bar;
    private final long expected;
    // The callbacks' thread's:
    private long submitted;
    private long failed;
    private long retried;
    private long died;

    private TerminalProgress(ProgressBar bar, long expected) {
        this.bar = bar;
        this.expected = expected;
    }

    /** A bar of that name, on standard error; where that is no terminal, one line at the end. */
    public static TerminalProgress of(String name) {
        return of(name, 0);
    }

    /** A bar of that name, for so many tasks or more. */
    public static TerminalProgress of(String name, long expectedTasks) {
        var line = BarLine.onStandardError();
        var look = new ProgressBarBuilder()
                .setTaskName(Objects.requireNonNull(name))
                .setStyle(line.isOnTerminal() ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK : ProgressBarStyle.ASCII)
                .setConsumer(line);
        return of(look, expectedTasks);
    }

    /**
     * A bar that looks as the builder says, and is drawn as its consumer does, for so many tasks or more. Without a consumer of its
     * own the library asks the terminal for its width, by native code, of which JDK 24 and later warn.
     */
    public static TerminalProgress of(ProgressBarBuilder look, long expectedTasks) {
        if (expectedTasks < 0) {
            throw new IllegalArgumentException("expectedTasks: " + expectedTasks + ", at least 0 expected");
        }
        return new TerminalProgress(look.setInitialMax(expectedTasks).build(), expectedTasks);
    }

    @Override
    public void taskSubmitted(long task) {
        submitted++;
        if (submitted > expected) {
            bar.maxHint(submitted);
        }
    }

    @Override
    public void taskDone(long task, @Nullable Throwable failure) {
        bar.step();
        if (failure != null) {
            failed++;
            remark();
        }
    }

    @Override
    public void taskRetried(long task, int attempt, Throwable failure) {
        retried++;
        remark();
    }

    @Override
    public void workerEnded(String worker, long pid, int exitCode, @Nullable String reason) {
        if (reason == null) {
            died++;
            remark();
        }
    }

    private void remark() {
        var remarks = new StringBuilder();
        add(remarks, failed, "failed");
        add(remarks, retried, "retried");
        add(remarks, died, died == 1 ? "worker died" : "workers died");
        bar.setExtraMessage(remarks.toString());
    }

    private static void add(StringBuilder remarks, long count, String what) {
        if (count > 0) {
            remarks.append(remarks.length() == 0 ? " " : ", ")
                    .append(count)
                    .append(' ')
                    .append(what);
        }
    }

    /** Draws it for the last time; behind the pool's end, if everything is to be on it. */
    @Override
    public void close() {
        bar.close();
    }
}
