package io.multijvm.manager;

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

    private final transient byte[] encoded;

    private Failure(byte[] encoded) {
        this.encoded = encoded;
    }

    static Failure of(Throwable thrown) {
        try {
            return new Failure(RemoteFailure.of(thrown).toBytes());
        } catch (OutOfMemoryError e) {
            return new Failure(RemoteFailure.named(thrown).toBytes());
        }
    }

    /** What was thrown there, with the stack it had there and, below that, this thread's. */
    Throwable toThrowable(ClassLoader loader) {
        Throwable thrown = RemoteFailure.of(encoded).toThrowable(loader);
        StackTraceElement[] there = thrown.getStackTrace();
        StackTraceElement[] here = Thread.currentThread().getStackTrace();
        var both = new StackTraceElement[there.length + 1 + here.length];
        System.arraycopy(there, 0, both, 0, there.length);
        both[there.length] = CALLED_FROM;
        System.arraycopy(here, 0, both, there.length + 1, here.length);
        thrown.setStackTrace(both);
        return thrown;
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
