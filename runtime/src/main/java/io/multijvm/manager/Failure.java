package io.multijvm.manager;

import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.codec.Passable;
import io.multijvm.process.RemoteFailure;
import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The answer to a call that threw. */
final class Failure implements Handle {
    private static final long serialVersionUID = 1;
    private static final StackTraceElement CALLED_FROM = new StackTraceElement(
            "-- called by process " + ProcessHandle.current().pid(), "", "", -1);

    /** Its text is made when there is memory for it. */
    private static final Failure UNTOLD = new Failure(
            RemoteFailure.of(new OutOfMemoryError("the manager's server has no memory to say what has failed"))
                    .toBytes());

    private final transient byte[] encoded;

    private Failure(byte[] encoded) {
        this.encoded = encoded;
    }

    /** Never throws, whatever the code of {@code thrown} itself does. */
    static Failure of(Throwable thrown) {
        try {
            FaultPoint.reach("manager-failure");
            return new Failure(RemoteFailure.of(thrown).toBytes());
        } catch (RuntimeException | Error e) { // out of its getMessage, say, or for want of memory
            return named(thrown);
        }
    }

    private static Failure named(Throwable thrown) {
        try {
            return new Failure(RemoteFailure.named(thrown).toBytes());
        } catch (RuntimeException | Error e) {
            return UNTOLD;
        }
    }

    /** What was thrown there, with the stack it had there and, below that, this thread's. */
    Throwable toThrowable(ClassLoader loader) {
        Throwable thrown = RemoteFailure.of(encoded).toThrowable(loader);
        try {
            addStack(thrown);
        } catch (RuntimeException | Error e) {
            return thrown; // its own code fails; so it goes without this thread's
        }
        return thrown;
    }

    private static void addStack(Throwable thrown) {
        StackTraceElement[] there = thrown.getStackTrace();
        StackTraceElement[] here = Thread.currentThread().getStackTrace();
        var both = new StackTraceElement[there.length + 1 + here.length];
        System.arraycopy(there, 0, both, 0, there.length);
        both[there.length] = CALLED_FROM;
        System.arraycopy(here, 0, both, there.length + 1, here.length);
        thrown.setStackTrace(both);
    }

    @Serial
    private Object writeReplace() {
        return new Sent(encoded);
    }

    /** A failure under way. */
    static final class Sent implements Passable {
        private static final long serialVersionUID = 1;

        private final byte[] encoded;

        private Sent(byte[] encoded) {
            this.encoded = encoded;
        }

        @Override
        public @Nullable Object[] parts() {
            return new Object[] {encoded};
        }

        /** The failure of which {@link #parts} has told. */
        static Object arrived(@Nullable Object[] parts) {
            return new Failure((byte[]) Objects.requireNonNull(parts[0]));
        }

        @Serial
        private Object readResolve() {
            return new Failure(encoded);
        }
    }
}
