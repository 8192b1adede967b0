package io.multijvm;

import java.util.Locale;

/** How a child JVM comes about. Python: {@code multiprocessing.set_start_method}. */
public enum StartMethod {
    /** A fresh JVM: only the serialised target, class state as after class initialisation. */
    SPAWN,
    /** A warm JVM that a server process keeps ready; to the target the same as {@link #SPAWN}. The default. */
    FORKSERVER,
    /** A warm JVM with a snapshot of the parent's state. */
    FORK;

    String pythonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static StartMethod ofPythonName(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
