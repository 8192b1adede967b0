package io.multijvm.launcher;

import io.multijvm.ipc.snapshot.ForkedByField;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where a child's standard output or standard error goes. */
@ForkedByField
public final class Output {
    private static final Output INHERIT = new Output(Kind.INHERIT, null, null);
    private static final Output DISCARD = new Output(Kind.DISCARD, null, null);

    private final Kind kind;
    private final @Nullable Path file;
    private final @Nullable Consumer<String> consumer;

    enum Kind {
        INHERIT,
        DISCARD,
        TRUNCATE,
        APPEND,
        LINES
    }

    private Output(Kind kind, @Nullable Path file, @Nullable Consumer<String> consumer) {
        this.kind = kind;
        this.file = file;
        this.consumer = consumer;
    }

    /**
     * To where the parent's goes. Standard error passes through the parent, which keeps the last lines for its error
     * messages, so a child sees a pipe there and not a terminal.
     */
    public static Output inherit() {
        return INHERIT;
    }

    /** To nowhere. */
    public static Output discard() {
        return DISCARD;
    }

    /** To {@code file}, made when missing and emptied first. */
    public static Output toFile(Path file) {
        return new Output(Kind.TRUNCATE, file.toAbsolutePath(), null);
    }

    /** To the end of {@code file}, made when missing. */
    public static Output appendTo(Path file) {
        return new Output(Kind.APPEND, file.toAbsolutePath(), null);
    }

    /**
     * Line by line to {@code consumer}, in the parent, each with {@code "[name of the process] "} before it.
     *
     * <p>The consumer is called on one thread for all children that were given this object, which has no other task: a
     * consumer that is slow holds up the children whose output it takes, once the pipe is full, and nobody else; neither
     * does it hold up that their end is told. What it throws is logged, and the next line follows. After it has called
     * {@link System#exit}, further lines are discarded. A line of more than 64 KiB arrives in pieces: all but the last
     * end in {@code " [line continues]"}, and all but the first begin with {@code "[line continued] "} after the name.
     */
    public static Output toLines(Consumer<String> consumer) {
        return new Output(Kind.LINES, null, Objects.requireNonNull(consumer));
    }

    /** Whether there is one such object for all children. */
    boolean isCommon() {
        return kind == Kind.INHERIT || kind == Kind.DISCARD;
    }

    Kind kind() {
        return kind;
    }

    Path file() {
        return Objects.requireNonNull(file);
    }

    Consumer<String> consumer() {
        return Objects.requireNonNull(consumer);
    }
}
