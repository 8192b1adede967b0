package io.multijvm.process;

import io.multijvm.ipc.os.ProcessControl;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The current-process slot: who this process is, and what it has started. */
final class CurrentProcess {
    private static final int AUTH_KEY_BYTES = 32;
    private static final CurrentProcess INSTANCE = new CurrentProcess();

    private final AtomicInteger lastChild = new AtomicInteger();
    private @Nullable Description description; // guarded by this, as is all below; null in the main process
    private @Nullable JvmProcess self;
    private @Nullable ParentProcess parent;
    private @Nullable Children children;
    private boolean booting;
    private final Initialisers initialisers = new Initialisers();
    private @Nullable List<Runnable> whenCompleted; // null until there is one
    private @Nullable List<String> program; // null until asked for
    private final Set<String> news = new HashSet<>();
    private final Set<ClassLoader> loaders =
            Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));

    private CurrentProcess() {}

    /** Called once, in a child, before anything else of this package is. What follows from it is made when asked for. */
    static void become(Description description) {
        synchronized (INSTANCE) {
            INSTANCE.description = description;
            INSTANCE.booting = true;
            if (!description.initialisers().isEmpty()) {
                INSTANCE.initialisers.refuse(description.initialisers());
            }
        }
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

    static void whenCompleted(Runnable action) {
        synchronized (INSTANCE) {
            if (INSTANCE.whenCompleted == null) {
                INSTANCE.whenCompleted = new ArrayList<>();
            }
            INSTANCE.whenCompleted.add(action);
        }
    }

    /** The target has returned. */
    static void completed() {
        List<Runnable> actions;
        synchronized (INSTANCE) {
            actions = INSTANCE.whenCompleted;
            INSTANCE.whenCompleted = null;
        }
        if (actions != null) {
            actions.forEach(Runnable::run);
        }
    }

    /** See {@link ProcessContext#requireStarted}. */
    static void requireStarted() {
        synchronized (INSTANCE) {
            if (INSTANCE.booting) {
                throw new IllegalStateException("this process is still being started and cannot start another: "
                        + "a static initialiser of its target's class seems to try");
            }
        }
        INSTANCE.initialisers.require();
    }

    static Initialisers initialisers() {
        return INSTANCE.initialisers;
    }

    static JvmProcess self() {
        synchronized (INSTANCE) {
            if (INSTANCE.self == null) {
                INSTANCE.self = INSTANCE.description == null
                        ? JvmProcess.main(ProcessControl.randomBytes(AUTH_KEY_BYTES))
                        : JvmProcess.current(INSTANCE.description);
            }
            return INSTANCE.self;
        }
    }

    /** The parent; null in the main process. */
    static @Nullable ParentProcess parent() {
        synchronized (INSTANCE) {
            Description told = INSTANCE.description;
            if (INSTANCE.parent == null && told != null) {
                INSTANCE.parent = new ParentProcess(told.parentPid(), told.parentName());
            }
            return INSTANCE.parent;
        }
    }

    /** The start method this process was started by; null in the main process. */
    static @Nullable String startMethod() {
        synchronized (INSTANCE) {
            return INSTANCE.description == null ? null : INSTANCE.description.startMethod();
        }
    }

    /** Where the program's classes come from; see {@link ForkScope}. */
    static List<String> program() {
        synchronized (INSTANCE) {
            if (INSTANCE.program == null) {
                INSTANCE.program =
                        INSTANCE.description == null ? List.of(MainClass.unresolved()) : INSTANCE.description.program();
            }
            return INSTANCE.program;
        }
    }

    static void program(List<String> known) {
        synchronized (INSTANCE) {
            INSTANCE.program = known;
        }
    }

    /** The loaders of the program's classes that are on no class path, as far as is known by now; may be added to. */
    static Set<ClassLoader> loaders() {
        return INSTANCE.loaders;
    }

    /** Whether {@code what} was not said before in this process. */
    static boolean isNews(String what) {
        synchronized (INSTANCE) {
            return INSTANCE.news.add(what);
        }
    }

    static Children children() {
        synchronized (INSTANCE) {
            if (INSTANCE.children == null) {
                INSTANCE.children = new Children();
            }
            return INSTANCE.children;
        }
    }

    /** The identity of the next child. */
    static List<Integer> nextIdentity() {
        var identity = new ArrayList<>(self().identity());
        identity.add(INSTANCE.lastChild.incrementAndGet());
        return List.copyOf(identity);
    }
}
