package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.Calls;
import java.io.ObjectInputFilter;
import java.security.Security;
import org.jspecify.annotations.Nullable;

/**
 * The filter that this JVM asks of every class it deserialises. The class it is kept in takes a cold JVM 15 to 40 ms to
 * initialise, mostly to find that there is none; nobody has set one as long as that has not happened.
 */
final class JvmFilter {
    private static final String PROPERTY = "jdk.serialFilter";
    private static final int OFTEN = 5_000; // when looking costs more than initialising

    private static int looked; // roughly: threads may do it at once
    private static volatile boolean needed;

    private JvmFilter() {}

    static @Nullable ObjectInputFilter get() {
        return needed || mayBeThere() ? ObjectInputFilter.Config.getSerialFilter() : null;
    }

    private static boolean mayBeThere() {
        if (looked++ < OFTEN
                && System.getProperty(PROPERTY) == null
                && Security.getProperty(PROPERTY) == null
                && isUntouched()) {
            return false;
        }
        needed = true;
        return true;
    }

    private static boolean isUntouched() {
        try {
            return !Calls.isInitialised(Class.forName("java.io.ObjectInputFilter$Config", false, null));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
