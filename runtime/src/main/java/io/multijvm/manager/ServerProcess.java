package io.multijvm.manager;

import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import io.multijvm.process.RemoteFailure;
import io.multijvm.process.Target;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server's process, seen from the one that has started it. */
final class ServerProcess {
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final JvmProcess process;
    private final Server server;

    private ServerProcess(JvmProcess process, Server server) {
        this.process = process;
        this.server = server;
    }

    /** Starts it, and waits until it serves; see {@link Manager#start(ProcessContext, ManagerOptions)}. */
    static ServerProcess start(ProcessContext context, ManagerOptions options) {
        byte[] wanted = options.authkey();
        byte[] key = wanted == null ? JvmProcess.currentProcess().authKey() : wanted;
        String name = options.name() == null ? "Manager-" + STARTED.incrementAndGet() : options.name();
        String address = options.address() == null ? null : Addresses.toText(options.address());
        Pipe pipe = Pipe.open(false);
        try (Connection told = pipe.first()) {
            JvmProcess process;
            try (Connection tells = pipe.second()) {
                process = ProcessContext.serving(context, name, main(tells, address, key, options));
                if (options.jvm() != null) {
                    process.options(options.jvm());
                }
                process.start();
            }
            return started(process, told, key);
        }
    }

    private static Target main(Connection tells, @Nullable String address, byte[] key, ManagerOptions options) {
        String filter = options.filter();
        Target initializer = options.initializer();
        List<Registration> types = options.types();
        return () -> ServerMain.run(tells, address, key, filter, initializer, types);
    }

    private static ServerProcess started(JvmProcess process, Connection told, byte[] key) {
        boolean done = false;
        try {
            Object answer = told.recv();
            if (answer instanceof byte[] failure) {
                throw notStarted(RemoteFailure.of(failure).toThrowable(Codec.loader()));
            }
            Server server = Servers.at(Addresses.of((String) Objects.requireNonNull(answer)), key);
            done = true;
            return new ServerProcess(process, server);
        } catch (InterruptedIOException e) {
            throw new IllegalStateException("interrupted while a manager's server was started", e); // status is set
        } catch (IOException e) {
            throw new UncheckedIOException("the manager's server " + process + " does not answer", e);
        } finally {
            if (!done) {
                process.kill();
            }
        }
    }

    private static RuntimeException notStarted(Throwable reason) {
        if (reason instanceof IOException failure) {
            return new UncheckedIOException(
                    "a manager's server could not be started: " + failure.getMessage(), failure);
        }
        return reason instanceof RuntimeException failure
                ? failure
                : new IllegalStateException("a manager's server could not be started: " + reason, reason);
    }

    JvmProcess process() {
        return process;
    }

    /** What it serves. */
    Server server() {
        return server;
    }

    /** Waits until it has ended, as it was asked to; from the deadline on it is terminated, and at last killed. */
    void endBy(Deadline deadline) throws InterruptedException {
        if (process.join(Duration.ofNanos(deadline.remainingNanos()))) {
            return;
        }
        process.terminate();
        if (!process.join(GRACE)) {
            process.kill();
        }
    }

    void kill() {
        process.kill();
    }
}
