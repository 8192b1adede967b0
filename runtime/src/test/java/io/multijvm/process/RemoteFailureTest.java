package io.multijvm.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exceptions whose own code fails, on their way to another process. */
final class RemoteFailureTest {
    private static final int MOST = 8 << 20; // of a frame

    @Test
    void of_ordinaryException_isRebuilt() {
        var thrown = new IOException("no such luck", new IllegalStateException("the cause"));

        Throwable rebuilt = sent(thrown);

        assertThat(rebuilt)
                .isInstanceOf(IOException.class)
                .hasMessage("no such luck")
                .hasRootCauseMessage("the cause");
        assertThat(rebuilt.getStackTrace()[0].getMethodName()).isEqualTo(thrown.getStackTrace()[0].getMethodName());
    }

    static List<Failing> of_codeThatFails_isAStandInThatSaysSo() {
        return Failing.all();
    }

    @ParameterizedTest
    @MethodSource
    void of_codeThatFails_isAStandInThatSaysSo(Failing thrown) {
        for (Throwable with : List.of(
                new NoClassDefFoundError("org/lib/Gone"),
                new AssertionError("expected"),
                new StackOverflowError(),
                new OutOfMemoryError("expected"),
                new ThreadDeath(),
                new IllegalStateException("expected"))) {
            thrown.failure = with;

            Throwable arrived = sent(thrown);

            assertThat(arrived).isInstanceOf(RemoteException.class);
            assertThat(arrived).hasMessageContaining(thrown.getClass().getName());
            boolean isTooDeep =
                    thrown instanceof Failing.Write && with instanceof StackOverflowError; // so it is not sendable
            assertThat(isTooDeep
                            || arrived.getMessage().contains(with.getClass().getName()))
                    .as(arrived.getMessage())
                    .isTrue();
        }
    }

    @Test
    void of_failureThatCannotBePrintedEither_isNamed() {
        var thrown = new Failing.Message();
        thrown.failure = new Failing.Message().with(new AssertionError("expected"));

        assertThat(sent(thrown)).isInstanceOf(RemoteException.class).hasMessageContaining("Failing$Message");
    }

    @Test
    void of_causesWithoutEnd_areCutOff() {
        RemoteFailure failure = RemoteFailure.of(new EndlessCauses());

        assertThat(failure.stack()).contains("EndlessCauses").hasSizeLessThan(1 << 20);
        assertThat(sent(new EndlessCauses())).hasMessageContaining("EndlessCauses");
    }

    @Test
    void of_causesInACircle_areSent() {
        var outer = new IllegalStateException("outer");
        outer.initCause(new IllegalArgumentException("inner", outer));

        assertThat(sent(outer)).hasMessage("outer").hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void of_manyCauses_areSentAsTextAtLeast() {
        var thrown = new IllegalStateException("the first");
        for (int i = 0; i < 20_000; i++) {
            thrown = new IllegalStateException("another", thrown);
        }

        assertThat(sent(thrown)).hasMessageContaining("another");
    }

    @Test
    void of_hugeMessage_isCutAndKeepsTheStackTrace() {
        RemoteFailure failure = RemoteFailure.of(new IllegalStateException("z".repeat(20_000_000)));

        assertThat(failure.toBytes()).hasSizeLessThan(1 << 20);
        assertThat(failure.message()).startsWith("zzz").endsWith("(20000000 characters in all)");
        assertThat(failure.stack()).contains("at io.multijvm.process.RemoteFailureTest.of_hugeMessage_");
        assertThat(sent(new IllegalStateException("z".repeat(20_000_000)))).isInstanceOf(RemoteException.class);
    }

    @Test
    void of_printsWithoutEnd_isCutOff() {
        assertThat(RemoteFailure.of(new PrintsForEver()).stack())
                .startsWith("and on and on")
                .hasSizeLessThan(1 << 20);
    }

    @Test
    void toThrowable_textFailsHere_isAStandIn() {
        Throwable arrived = sent(new LosesItsText());

        assertThat(arrived).isInstanceOf(RemoteException.class).hasMessageContaining("all of it");
        assertThat(arrived.getSuppressed()).singleElement().isInstanceOf(NullPointerException.class);
    }

    @Test
    void of_bytesOfNoFailure_saysSo() {
        byte[] cut = Arrays.copyOf(RemoteFailure.of(new IOException("cut off")).toBytes(), 20);

        for (byte[] bytes : List.of(new byte[0], new byte[] {-1, -1, -1, -1}, new byte[] {127, 0, 0, 0, 1}, cut)) {
            assertThat(RemoteFailure.of(bytes).toThrowable(loader()))
                    .isInstanceOf(RemoteException.class)
                    .hasMessageContaining("is lost");
        }
    }

    private static Throwable sent(Throwable thrown) {
        byte[] bytes = RemoteFailure.of(thrown).toBytes();
        assertThat(bytes).hasSizeLessThan(MOST);
        return RemoteFailure.of(bytes).toThrowable(loader());
    }

    private static ClassLoader loader() {
        return RemoteFailureTest.class.getClassLoader();
    }

    /** An exception one method of which throws. */
    abstract static class Failing extends RuntimeException {
        private static final long serialVersionUID = 1;

        transient @Nullable Throwable failure;

        Failing() {
            super("its own");
        }

        static List<Failing> all() {
            return List.of(new Message(), new LocalizedMessage(), new Text(), new Cause(), new Print(), new Write());
        }

        Failing with(Throwable thrown) {
            failure = thrown;
            return this;
        }

        @SuppressWarnings("unchecked")
        <E extends Throwable> void fail() throws E {
            if (failure != null) {
                throw (E) failure;
            }
        }

        static final class Message extends Failing {
            private static final long serialVersionUID = 1;

            @Override
            public String getMessage() {
                fail();
                return "a message";
            }
        }

        static final class LocalizedMessage extends Failing {
            private static final long serialVersionUID = 1;

            @Override
            public String getLocalizedMessage() {
                fail();
                return "a message";
            }
        }

        static final class Text extends Failing {
            private static final long serialVersionUID = 1;

            @Override
            @SuppressWarnings("OverrideThrowableToString") // as programs do
            public String toString() {
                fail();
                return "a text";
            }
        }

        static final class Cause extends Failing {
            private static final long serialVersionUID = 1;

            @Override
            public synchronized @Nullable Throwable getCause() {
                fail();
                return null;
            }
        }

        static final class Print extends Failing {
            private static final long serialVersionUID = 1;

            @Override
            public void printStackTrace(PrintWriter out) {
                fail();
            }

            @Override
            public StackTraceElement[] getStackTrace() {
                fail();
                return super.getStackTrace();
            }
        }

        static final class Write extends Failing {
            private static final long serialVersionUID = 1;

            private void writeObject(ObjectOutputStream out) throws IOException {
                fail();
                out.defaultWriteObject();
            }
        }
    }

    private static final class EndlessCauses extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public synchronized Throwable getCause() {
            return new EndlessCauses();
        }
    }

    private static final class PrintsForEver extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public void printStackTrace(PrintWriter out) {
            while (true) {
                out.println("and on and on");
            }
        }
    }

    private static final class LosesItsText extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient StringBuilder text = new StringBuilder("all of it");

        @Override
        public String getMessage() {
            return text.toString();
        }
    }
}
