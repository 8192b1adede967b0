package io.multijvm.process;

import io.multijvm.ipc.os.ProcessControl;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The current-process slot: who this process is, and what it has started. */
final class CurrentProcess {
    private static final int AUTH_KEY_BYTES = 32;
    private static final CurrentProcess INSTANCE = new CurrentProcess();

    private final Children children = new Children();
    private final AtomicInteger lastChild = new AtomicInteger();
    private @Nullable JvmProcess self; // guarded by this, as is all below
    private @Nullable ParentProcess parent;
    private @Nullable String startMethod;
    private boolean booting;

    private CurrentProcess() {}

    /** Called once, in a child, before anything else of this package is. */
    static void become(Description description) {
        INSTANCE.take(description);
    }

    private synchronized void take(Description description) {
        booting = true;
        startMethod = description.startMethod();
        self = JvmProcess.current(description);
        parent = new ParentProcess(description.parentPid(), description.parentName());
    }

    /** Does what {@link #become} does, to nobody. */
    static void warmUp(Description description) {
        new CurrentProcess().take(description);
    }

    /** The child runs a subclass of {@link JvmProcess}: that object is the current process. */
    static void is(JvmProcess subclass) {
        synchronized (INSTANCE) {
            subclass.becomeCurrent(self());
            INSTANCE.self = subclass;
        }
    }

    /** The target's class is initialised: from here on the child may start processes. */
    static void booted() {
        synchronized (INSTANCE) {
            INSTANCE.booting = false;
        }
    }

    static boolean isBooting() {
        synchronized (INSTANCE) {
            return INSTANCE.booting;
        }
    }

    static JvmProcess self() {
        synchronized (INSTANCE) {
            if (INSTANCE.self == null) {
                INSTANCE.self = JvmProcess.main(ProcessControl.randomBytes(AUTH_KEY_BYTES));
            }
            return INSTANCE.self;
        }
    }

    static @Nullable ParentProcess parent() {
        synchronized (INSTANCE) {
            return INSTANCE.parent;
        }
    }

    /** The start method this process was started by; null in the main process. */
    static @Nullable String startMethod() {
        synchronized (INSTANCE) {
            return INSTANCE.startMethod;
        }
    }

    static Children children() {
        return INSTANCE.children;
    }

    /** The identity of the next child. */
    static List<Integer> nextIdentity() {
        var identity = new java.util.ArrayList<>(self().identity());
        identity.add(INSTANCE.lastChild.incrementAndGet());
        return List.copyOf(identity);
    }
}
