package io.multijvm.contract;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A number that any process may add to, made of nothing that is under test: the size of a file. */
public record Tally(String file) implements Serializable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A new one, called {@code name}, at 0. */
    public static Tally in(Path directory, String name) throws IOException {
        return new Tally(Files.createFile(directory.resolve(name)).toString());
    }

    public void add() throws IOException {
        Files.write(Path.of(file), new byte[1], StandardOpenOption.APPEND);
    }

    public int count() throws IOException {
        return Math.toIntExact(Files.size(Path.of(file)));
    }

    /** Waits until it is at least {@code count}; returns what it is then. */
    public int await(int count) {
        return Awaitility.await("at least " + count + " in " + file)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(PATIENCE)
                .until(this::count, seen -> seen >= count);
    }
}
