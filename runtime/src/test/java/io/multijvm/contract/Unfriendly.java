package io.multijvm.contract;

import io.multijvm.pool.Task;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;

/** What cannot be sent, or not be rebuilt, or ends the process that tries. */
public final class Unfriendly {
    private Unfriendly() {}

    /** Does something, where it is asked to. */
    @FunctionalInterface
    public interface Deed extends Serializable {
        void run() throws IOException;
    }

    /** Not for other processes. */
    public static final class Unsendable {
        @Override
        public String toString() {
            return "an unsendable thing";
        }
    }

    /** Does {@code deed} when it is written. */
    public record Unwritable(Deed deed) implements Serializable {
        public Object writeReplace() {
            return new Written(deed);
        }

        private static final class Written implements Serializable {
            private static final long serialVersionUID = 1;
            private final transient Deed deed;

            Written(Deed deed) {
                this.deed = deed;
            }

            @Serial
            private void writeObject(ObjectOutputStream out) throws IOException {
                deed.run();
                out.defaultWriteObject();
            }
        }
    }

    /** Does {@code deed} when it is rebuilt. */
    public static final class Unreadable implements Task<String>, Serializable {
        private static final long serialVersionUID = 1;
        private final Deed deed;

        public Unreadable(Deed deed) {
            this.deed = deed;
        }

        @Override
        public String call() {
            return "rebuilt";
        }

        @Serial
        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            deed.run();
        }
    }

    /** An exception that does {@code deed} when it is rebuilt. */
    public static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1;
        private final Deed deed;

        public UnreadableException(Deed deed) {
            super("unreadable");
            this.deed = deed;
        }

        @Serial
        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            deed.run();
        }
    }

    /** An exception with something unsendable in it. */
    public static final class UnsendableException extends Exception {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial")
        private final Object what = new Unsendable();

        public UnsendableException(String message) {
            super(message);
        }

        public Object what() {
            return what;
        }
    }
}
