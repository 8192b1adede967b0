package io.multijvm.benchmarks;

import io.multijvm.process.Target;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the started children run; apart from the rest, so that a child loads no more than this. */
final class StartTargets {
    private StartTargets() {}

    /** Notes the moment of its first instruction. */
    static Target stamp(String file) {
        return () -> {
            long now = System.nanoTime();
            Files.writeString(Path.of(file), Long.toString(now));
        };
    }

    static Target nothing() {
        return () -> {};
    }
}
