package io.multijvm.ipc;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A named place in the engine at which a test can make the thread that comes by fail, wait or be interrupted.
 *
 * <p>The places are the heads of the engine's loops and the calls of user code. Outside tests there is no injector, and a
 * place costs the read of one field.
 */
public final class FaultPoint {
    private static volatile @Nullable Consumer<String> injector;

    private FaultPoint() {}

    /** Calls the injector, if a test has set one; what that throws is thrown here. */
    public static void reach(String name) {
        Consumer<String> current = injector;
        if (current != null) {
            current.accept(name);
        }
    }

    /** Sets the injector of this process; null for none. */
    public static void inject(@Nullable Consumer<String> next) {
        injector = next;
    }
}
