package io.multijvm.launcher;

import io.multijvm.ipc.codec.Encoded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shells in the place of child JVMs: a script starts in a millisecond, and its descriptor 0 is the control channel as a
 * JVM's is, so that it can answer with frames.
 */
final class Shells {
    static final String RUNNING = "printf '\\000\\000\\000\\000\\003\\000\\000\\000' >&0\n";
    static final String READY = "printf '\\000\\000\\000\\000\\002\\000\\000\\000' >&0\n";
    static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

    private Shells() {}

    /** A profile whose JVM is a shell that runs {@code script}, with {@code arguments} from {@code $1} on. */
    static Profile profile(String script, Object... arguments) {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", script, "fake"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        @Nullable Path sameDirectory = null;
        return new Profile(command, PATH, sameDirectory);
    }

    static LaunchSpec spec(Profile profile) {
        return spec(profile, "subject", Output.discard(), new byte[] {1, 2, 3});
    }

    static LaunchSpec spec(Profile profile, String subject, Output stdout, byte[] payload) {
        return new LaunchSpec(
                "fake",
                profile,
                "io.multijvm.Entry",
                new Encoded(payload, List.of()),
                subject,
                List.of("a.B"),
                stdout,
                Output.discard(),
                failure -> {});
    }
}
