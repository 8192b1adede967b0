package io.multijvm.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The JVM that a child needs. A warm spare of one profile serves any start of an equal one.
 *
 * @param command the whole command line
 * @param environment the whole environment
 * @param directory the working directory, or null for the parent's
 */
public record Profile(
        List<String> command,
        Map<String, String> environment,
        @Nullable Path directory) {
    public Profile {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    // What a record has by itself takes a JVM 10 ms to link for the first time, and every first start compares
    // profiles.

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Profile that
                        && command.equals(that.command)
                        && environment.equals(that.environment)
                        && Objects.equals(directory, that.directory));
    }

    @Override
    public int hashCode() {
        return 31 * command.hashCode() + environment.hashCode();
    }
}
