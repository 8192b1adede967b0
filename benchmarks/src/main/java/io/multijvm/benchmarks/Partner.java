package io.multijvm.benchmarks;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.process.JvmProcess;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;

/**
 * A child that does one task as often as it is told, and so becomes as warm as this process. It is spawned: no spare JVM
 * is made in its place while something is measured.
 */
final class Partner implements AutoCloseable {
    /** What the child does; a serialisable lambda. */
    @FunctionalInterface
    interface Task extends Serializable {
        long run(long argument) throws Exception;
    }

    private final JvmProcess child;
    private final Connection connection;

    private Partner(JvmProcess child, Connection connection) {
        this.child = child;
        this.connection = connection;
    }

    static Partner start(Task task) {
        Context context = MultiJvm.getContext(StartMethod.SPAWN);
        Pipe pipe = context.pipe();
        Connection far = pipe.second();
        JvmProcess child = context.process(() -> serve(far, task));
        child.daemon(true);
        child.start();
        far.close();
        return new Partner(child, pipe.first());
    }

    private static void serve(Connection far, Task task) throws Exception {
        try (far) {
            while (true) {
                far.send(task.run(far.recv(Long.class)));
            }
        } catch (EOFException e) {
            return; // the benchmark is over
        }
    }

    void begin(long argument) throws IOException {
        connection.send(argument);
    }

    /** Whether {@link #result} would not wait. */
    boolean isDone() throws IOException {
        return connection.poll();
    }

    long result() throws IOException {
        return connection.recv(Long.class);
    }

    long pid() {
        return child.pid();
    }

    /** Ends the child after its task. */
    @Override
    public void close() throws IOException {
        connection.close();
        try {
            child.joinOrThrow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            child.kill();
        }
        child.close();
    }
}
