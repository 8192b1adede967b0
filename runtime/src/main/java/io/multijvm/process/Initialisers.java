package io.multijvm.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The static initialisers that start processes.
 *
 * <p>A process that uses such a class initialises it again, which would start processes that use it, and so on without
 * end. So each process is told at its start which initialisers were at work in its parent, and which its parent was
 * told; in the process, these may start nothing.
 */
final class Initialisers {
    private static final String INITIALISER = "<clinit>";

    private Set<String> refused = Set.of(); // guarded by this, as is the next
    private final Map<String, Thread> atWork = new HashMap<>();

    /** The classes whose initialisers may start nothing here. */
    synchronized void refuse(List<String> classes) {
        refused = Set.copyOf(classes);
    }

    /**
     * Notes the static initialisers that this thread is in.
     *
     * @throws IllegalStateException if one of them may start nothing
     */
    void require() {
        for (StackTraceElement frame : Thread.currentThread().getStackTrace()) {
            if (frame.getMethodName().equals(INITIALISER)) {
                note(frame.getClassName());
            }
        }
    }

    private synchronized void note(String name) {
        if (refused.contains(name)) {
            throw new IllegalStateException("the static initialiser of " + name
                    + " starts processes, and this process is one of them: it would start others in turn, without end");
        }
        atWork.put(name, Thread.currentThread());
    }

    /** The classes whose initialisers may start nothing in a process that is started now. */
    synchronized List<String> refusedInChild() {
        if (refused.isEmpty() && atWork.isEmpty()) {
            return List.of();
        }
        atWork.entrySet().removeIf(entry -> !isIn(entry.getValue(), entry.getKey()));
        var classes = new LinkedHashSet<>(refused);
        classes.addAll(atWork.keySet());
        return new ArrayList<>(classes);
    }

    private static boolean isIn(Thread thread, String name) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getMethodName().equals(INITIALISER)
                    && frame.getClassName().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
