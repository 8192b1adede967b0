package io.multijvm.samples;

import io.multijvm.MultiJvm;

/**
 * A daemon may not start processes: it can be ended at any moment and would leave them behind.
 *
 * <p>Expect: the daemon's attempt is refused with an error that says so; no grandchild ever runs.
 */
public final class ProcDaemonNoChildren {
    private ProcDaemonNoChildren() {}

    public static void main(String[] args) throws Exception {
        var daemon = MultiJvm.process(ProcDaemonNoChildren::tryToStartOne).daemon(true);
        daemon.start();
        daemon.join();
        System.out.println("exit code of the daemon: " + daemon.exitCode());
    }

    private static void tryToStartOne() {
        try {
            MultiJvm.process(() -> System.out.println("grandchild runs")).start();
        } catch (IllegalStateException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }
}
