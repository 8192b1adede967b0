package io.multijvm.launcher;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Poller;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A daemon thread that calls back when one of many descriptors becomes readable. */
final class Monitor implements AutoCloseable {
    private final Poller<Runnable> poller;
    private volatile boolean closed;

    private Monitor(Poller<Runnable> poller) {
        this.poller = poller;
    }

    static Monitor start(String threadName) {
        try {
            var monitor = new Monitor(new Poller<>());
            var thread = new Thread(monitor::loop, threadName);
            thread.setDaemon(true);
            thread.start();
            return monitor;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls {@code onReadable} on the monitor's thread as long as {@code descriptor} is readable or at its end. */
    void watch(Descriptor descriptor, Runnable onReadable) throws IOException {
        poller.add(descriptor, onReadable);
    }

    /** Ends the watching and closes the descriptor. */
    void close(Descriptor descriptor) {
        poller.remove(descriptor);
        descriptor.close();
    }

    @Override
    public void close() {
        closed = true;
        poller.wakeUp();
    }

    private void loop() {
        while (!closed) {
            try {
                for (Runnable ready : poller.await(Deadline.never())) {
                    call(ready);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot watch child processes", e);
            }
        }
        poller.close();
    }

    private static void call(Runnable ready) {
        try {
            ready.run();
        } catch (RuntimeException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.ERROR, "while watching child processes", e);
        }
    }
}
