package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.os.RawObjects;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Threads of the snapshot's process: in another one they have ended, unless they were never started. */
final class ThreadCopy {
    private static final int TERMINATED = 2; // in the JVM's tool interface, whose bits the status is made of

    private static final boolean HAS_HOLDER = RawObjects.hasField(Thread.class, "holder");

    private ThreadCopy() {}

    /** What the copy of a thread of {@code type} is of: a virtual one's is an ordinary one. */
    static Class<?> typeFor(Class<?> type) {
        return type.getPackageName().equals("java.lang") ? Thread.class : type;
    }

    /** What a thread that was never started is to run. */
    static @Nullable Object taskOf(Thread thread) {
        if (thread.getState() != Thread.State.NEW || thread.getClass().getName().equals("java.lang.VirtualThread")) {
            return null;
        }
        return RawObjects.getReference(holder(thread), HAS_HOLDER ? offset("task") : offset("target"));
    }

    static void setTask(Thread thread, @Nullable Object task) {
        RawObjects.putReference(holder(thread), HAS_HOLDER ? offset("task") : offset("target"), task);
    }

    /** The thread itself, or since release 19 the object beside it that has most of its fields. */
    private static Object holder(Thread thread) {
        return HAS_HOLDER
                ? Objects.requireNonNull(RawObjects.getReference(thread, RawObjects.offset(Thread.class, "holder")))
                : thread;
    }

    private static long offset(String field) {
        try {
            return RawObjects.offset(HAS_HOLDER ? Class.forName("java.lang.Thread$FieldHolder") : Thread.class, field);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the type of a field", e);
        }
    }

    /** A thread of {@code type}, made without its constructors. */
    static Thread make(Class<?> type, String name, boolean hasEnded, boolean isDaemon, int priority) {
        var thread = new Thread(null, null, name);
        thread.setDaemon(isDaemon);
        setPriority(thread, priority);
        if (hasEnded) {
            RawObjects.putInt(holder(thread), offset("threadStatus"), TERMINATED);
        }
        return type == Thread.class ? thread : (Thread) MapKind.withFieldsOf(thread, RawObjects.allocate(type));
    }

    @SuppressWarnings("ThreadPriorityCheck") // it is what the program has set
    private static void setPriority(Thread thread, int priority) {
        thread.setPriority(priority);
    }

    /** A thread's number, as locks see it, whatever a subclass says. */
    static long numberOf(Thread thread) {
        return RawObjects.getLong(thread, RawObjects.offset(Thread.class, "tid"));
    }
}
