package io.multijvm.launcher;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.ProcessControl;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The main class of every child JVM.
 *
 * <p>A cold child loads as little as it can before the target's first instruction; what may come later (watching the
 * parent, signal handlers) is done by the watcher thread beside it. A spare has done all of that when its start comes.
 */
public final class ChildMain {
    private static final Thread.UncaughtExceptionHandler SILENCE = new Silence();

    private ChildMain() {}

    /** Waits for orders on descriptor 0; see {@link Frame}. */
    public static void main(String[] args) throws Throwable {
        ParentChannel.emptyStandardInput();
        var parent = new ParentChannel();
        var watcher = new ParentWatcher(parent, Thread.currentThread());
        EntryPoint warm = null;
        ParentChannel.Received received;
        while ((received = parent.receive()) != null) {
            if (received.frame() == Frame.START) {
                start(received, warm, parent, watcher);
                return;
            }
            warm = Spare.warmUp(received.body(), parent, watcher);
        }
    }

    private static void start(
            ParentChannel.Received received, @Nullable EntryPoint warm, ParentChannel parent, ParentWatcher watcher)
            throws Throwable {
        Start start = Start.of(received.body());
        List<Descriptor> descriptors = received.descriptors();
        Family.adopt(start);
        if (warm != null) {
            takePlace(start);
        }
        if (start.replacesStdout()) {
            try (Descriptor stdout = descriptors.remove(0)) {
                stdout.duplicateOnto(1);
            }
        }
        parent.onRunning(watcher, start.isAwaited());
        EntryPoint entry = warm == null ? Spare.entryPoint(start.entryPoint()) : warm;
        // The entry point reports by itself what it throws; the exit code 1 is all that is left to do.
        Thread.currentThread().setUncaughtExceptionHandler(SILENCE);
        entry.run(start, descriptors, parent);
    }

    /** No lambda: a cold JVM would link its first one here, which takes 5 ms and more. */
    private static final class Silence implements Thread.UncaughtExceptionHandler {
        @Override
        public void uncaughtException(Thread thread, Throwable failure) {
            // the entry point has reported it
        }
    }

    /** A spare was started into the server's group. */
    private static void takePlace(Start start) throws IOException {
        if (start.processGroup() != 0) {
            ProcessControl.joinGroup(start.processGroup());
        }
    }
}
