package io.multijvm.pool;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import me.tongfei.progressbar.ProgressBarConsumer;

/**
 * One line of the terminal, drawn again and again; where there is no terminal, written once, at the end. The library's own asks
 * the terminal for its width, for which it loads native code, of which JDK 24 and later warn.
 */
final class BarLine implements ProgressBarConsumer {
    private static final int WIDTH = 80;

    private final PrintStream out;
    private final boolean terminal;
    private String last = ""; // guarded by this, as is the next
    private boolean closed;

    BarLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** One on standard error. */
    static BarLine onStandardError() {
        return new BarLine(System.err, isTerminal());
    }

    private static boolean isTerminal() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/2")).startsWith("/dev");
        } catch (IOException e) {
            return true; // another system, where it is not as easily known
        }
    }

    boolean isOnTerminal() {
        return terminal;
    }

    @Override
    public int getMaxRenderedLength() {
        return WIDTH - 1; // the last column may wrap
    }

    @Override
    public synchronized void accept(String line) {
        last = line;
        if (terminal) {
            out.print('\r' + line);
            out.flush();
        }
    }

    /** Writes the line once. The library calls this twice if its timer fires while the bar is closed. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            out.println(terminal ? "" : last);
        }
    }
}
