package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;

/** A test whose parties are processes, of which none is left after it. */
public abstract class ProcessParties {
    protected final Context context;

    protected ProcessParties(StartMethod method) {
        context = MultiJvm.getContext(method);
    }

    public Workers workers() {
        return Workers.processes(context);
    }

    @AfterEach
    void endWhatIsLeft() {
        context.close();
    }

    protected JvmProcess started(Target target) {
        JvmProcess process = context.process(target);
        process.start();
        return process;
    }

    /** A process that has done {@code deed}, and does nothing more. */
    protected JvmProcess after(Target deed) throws IOException {
        return after(context, deed);
    }

    protected static JvmProcess after(Context context, Target deed) throws IOException {
        try (Pipe pipe = context.pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess process = context.process(() -> {
                deed.run();
                writer.send("done");
                writer.close();
                Answers.waitForEver();
            });
            process.start();
            writer.close();
            assertThat(pipe.reader().recv()).isEqualTo("done");
            return process;
        }
    }

    /** A process whose main thread is in {@code call}, and waits there for somebody else. */
    protected JvmProcess waitingIn(Target call) throws IOException {
        return waitingIn(call, "Backend.sleep(");
    }

    /** As the other; {@code frame} is how its thread dump shows that. */
    protected JvmProcess waitingIn(Target call, String frame) throws IOException {
        try (Pipe pipe = context.pipe(false)) {
            Connection writer = pipe.writer();
            JvmProcess process = started(() -> {
                writer.send("coming");
                writer.close();
                call.run();
            });
            writer.close();
            assertThat(pipe.reader().recv()).isEqualTo("coming");
            Waits.until(() -> process.threadDump().contains(frame));
            return process;
        }
    }
}
