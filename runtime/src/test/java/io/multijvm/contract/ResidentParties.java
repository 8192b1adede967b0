package io.multijvm.contract;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.Target;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Processes that run one target after another, for tests in which a party's start and end do not matter.
 *
 * <p>They are started when first needed and live until the test class ends. One that is still busy after a test is
 * killed, so that no test finds another's leftovers at work.
 */
public final class ResidentParties implements Workers {
    private static final String DONE = "";
    /** The pids of all residents of this JVM, for the leak guard. */
    private static final Set<Long> PIDS = ConcurrentHashMap.newKeySet();

    private Context context = MultiJvm.getContext(StartMethod.FORKSERVER);
    private final List<Resident> residents = new ArrayList<>();

    /** One process, seen from the test. */
    private static final class Resident implements Worker {
        private final JvmProcess process;
        private final Connection connection;
        private boolean isBusy;

        Resident(Context context) {
            Pipe pipe = context.pipe();
            connection = pipe.first();
            Connection theirs = pipe.second();
            process = context.process("resident", () -> serve(theirs));
            process.start();
            theirs.close();
            PIDS.add(process.pid());
        }

        void start(Target target) {
            try {
                isBusy = true;
                connection.send(target);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void join() throws IOException {
            String failure = connection.recv(String.class);
            isBusy = false;
            if (!failure.equals(DONE)) {
                throw new AssertionError("in process " + process.pid() + ": " + failure);
            }
        }

        void end() {
            connection.close();
            process.kill();
            PIDS.remove(process.pid());
        }
    }

    /** Whether {@code pid} is one of the residents, which outlive a test by design. */
    public static boolean isResident(long pid) {
        return PIDS.contains(pid);
    }

    @Override
    public Worker start(Target target) {
        Resident idle = residents.stream()
                .filter(resident -> !resident.isBusy)
                .findFirst()
                .orElseGet(this::add);
        idle.start(target);
        return idle;
    }

    private Resident add() {
        var resident = new Resident(context);
        residents.add(resident);
        return resident;
    }

    /** Kills those that still run a target. */
    void endBusy() {
        residents.removeIf(resident -> {
            if (resident.isBusy) {
                resident.end();
            }
            return resident.isBusy;
        });
    }

    void endAll() {
        residents.forEach(Resident::end);
        residents.clear();
        context.close();
        context = MultiJvm.getContext(StartMethod.FORKSERVER);
    }

    /** The process: runs what it is sent until nobody can send any more. */
    private static void serve(Connection connection) throws IOException {
        try {
            while (true) {
                connection.send(outcome(connection.recv(Target.class)));
            }
        } catch (EOFException e) {
            connection.close();
        }
    }

    private static String outcome(Target target) {
        try {
            target.run();
            return DONE;
        } catch (Throwable e) { // the boundary: it goes to the test
            var stack = new StringWriter();
            e.printStackTrace(new PrintWriter(stack, true));
            return stack.toString();
        }
    }
}
