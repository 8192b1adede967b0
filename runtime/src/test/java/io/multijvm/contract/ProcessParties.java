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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/**
 * A test whose parties are processes, of which none is left after it. Where processes come from the fork server, parties
 * are {@link ResidentParties}; other start methods start a process for each party.
 */
public abstract class ProcessParties {
    private static final ResidentParties RESIDENTS = new ResidentParties();

    protected final Context context;
    private final Workers workers;

    protected ProcessParties(StartMethod method) {
        context = MultiJvm.getContext(method);
        workers = method == StartMethod.FORKSERVER ? RESIDENTS : Workers.processes(context);
    }

    public Workers workers() {
        return workers;
    }

    /** Parties each of which ends its process when it is done. */
    public Workers mortalWorkers() {
        return Workers.processes(context);
    }

    @AfterEach
    void endWhatIsLeft() {
        RESIDENTS.endBusy();
        context.close();
    }

    @AfterAll
    static void endResidents() {
        RESIDENTS.endAll();
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
