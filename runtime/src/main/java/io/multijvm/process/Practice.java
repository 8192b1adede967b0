package io.multijvm.process;

import io.multijvm.ipc.codec.Handle;
import io.multijvm.ipc.codec.Passable;
import java.io.Serial;

/** A handle of nothing, for a spare to practise on. */
final class Practice implements Handle {
    private static final long serialVersionUID = 1;

    /** A method, to be called or not. */
    void touch() {}

    @Serial
    private Object writeReplace() {
        return new Passed();
    }

    /** Nothing, under way. */
    static final class Passed implements Passable {
        private static final long serialVersionUID = 1;

        @Override
        public Object[] parts() {
            return new Object[] {1};
        }

        /** Another one. */
        static Object arrived(Object[] parts) {
            return new Practice();
        }

        @Serial
        private Object readResolve() {
            return new Practice();
        }
    }
}
