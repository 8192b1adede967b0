package io.multijvm.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
}
