package io.multijvm.ipc.snapshot;

/** What of a program's state belongs to the program. */
public interface Scope {
    /** Whether the fields of this class's enum constants are state of the program. */
    boolean isApplication(Class<?> type);

    /** Whether objects of this class mean nothing outside the process they were made in. */
    boolean isLocal(Class<?> type);
}
