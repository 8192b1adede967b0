package io.multijvm.launcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A child JVM could not be started. The message says which, how far it came, the command line, and the last lines
 * of its standard error; nothing of the child is left.
 */
public final class LaunchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final List<String> command;

    LaunchException(String what, LaunchSpec spec, @Nullable Child child, @Nullable Throwable cause) {
        super(message(what, spec, child), cause);
        this.command = List.copyOf(spec.profile().command());
    }

    /** The child's command line. */
    public List<String> command() {
        return command;
    }

    private static String message(String what, LaunchSpec spec, @Nullable Child child) {
        var message = new StringBuilder(what)
                .append(": process '")
                .append(spec.name())
                .append('\'');
        if (child != null) {
            message.append(", pid ").append(child.pid());
        }
        message.append(", command ").append(spec.profile().command());
        String stderr = child == null ? "" : child.stderrTail();
        if (!stderr.isEmpty()) {
            message.append(", stderr \"").append(stderr.strip()).append('"');
        }
        return message.toString();
    }
}
