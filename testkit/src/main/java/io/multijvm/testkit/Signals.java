package io.multijvm.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to any process of this user. */
public final class Signals {
    private Signals() {}

    /** Sends a signal by its name without SIG, as in {@code send("STOP", pid)}. */
    public static void send(String name, long pid) throws InterruptedException {
        try {
            var kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new AssertionError("kill failed: signal " + name + ", pid " + pid);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kill -" + name + " " + pid, e);
        }
    }
}
