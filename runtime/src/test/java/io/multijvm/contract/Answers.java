package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Context;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.JvmProcess;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.util.concurrent.CountDownLatch;

/** What processes say, and processes that are known to be under way. */
public final class Answers {
    private Answers() {}

    /** What a process computes. */
    @FunctionalInterface
    public interface Question<T> extends Serializable {
        T answer() throws Exception;
    }

    /** What {@code question} gives in a process of {@code context}. */
    public static <T> T answer(Context context, Question<T> question) throws IOException, InterruptedException {
        return answer(context, JvmOptions.defaults(), question);
    }

    /** As the other, in a process that is started with {@code options}. */
    @SuppressWarnings("unchecked") // it is what the question gives
    public static <T> T answer(Context context, JvmOptions options, Question<T> question)
            throws IOException, InterruptedException {
        try (Pipe pipe = context.pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess process =
                    context.process(() -> writer.send(question.answer())).options(options);
            process.start();
            writer.close();
            T answer;
            try {
                answer = (T) pipe.reader().recv();
            } catch (EOFException e) {
                process.joinOrThrow();
                throw e;
            }
            process.join();
            assertThat(process.exitCode()).isZero();
            return answer;
        }
    }

    /** A process that waits for ever, and has begun to. */
    public static JvmProcess waiting(Context context) throws IOException {
        return underWay(context, Answers::waitForEver);
    }

    /** A process that runs {@code activity}, and has begun to; its signal handlers are in place. */
    public static JvmProcess underWay(Context context, Question<?> activity) throws IOException {
        try (Pipe pipe = context.pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess process = context.process(() -> {
                awaitSignalHandlers();
                writer.send("under way");
                writer.close();
                activity.answer();
            });
            process.start();
            writer.close();
            assertThat(pipe.reader().recv()).isEqualTo("under way");
            return process;
        }
    }

    /** Ends only with the process, or by an interrupt. */
    public static Object waitForEver() throws InterruptedException {
        new CountDownLatch(1).await();
        throw new AssertionError("nobody opens the latch");
    }

    /** In a process, waits until it listens to its parent and has its signal handlers. */
    public static void awaitSignalHandlers() {
        while (Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> entry.getKey().getName().equals("multijvm-parent-watcher"))
                .flatMap(entry -> java.util.Arrays.stream(entry.getValue()))
                .noneMatch(frame -> frame.getMethodName().equals("awaitEnd"))) {
            Thread.onSpinWait();
        }
    }
}
