package io.multijvm.ipc;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The two ends of a pipe or of a connection. As a registered extension they are closed after each test. */
public record Ends<T extends AutoCloseable>(T near, T far) implements AutoCloseable, AfterEachCallback {
    /** A method that opens both ends. */
    public interface Opening<T> {
        T[] open() throws IOException;
    }

    public static <T extends AutoCloseable> Ends<T> of(Opening<T> opening) {
        try {
            T[] ends = opening.open();
            return new Ends<>(ends[0], ends[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    /** Closes both ends, the near one first. */
    @Override
    public void close() {
        try (far;
                near) {
            // both are closed, whatever one of them throws
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
