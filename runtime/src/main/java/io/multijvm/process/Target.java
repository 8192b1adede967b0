package io.multijvm.process;

import java.io.Serializable;

/**
 * What a process runs: a serialisable lambda or method reference. Captured variables are its arguments; they are copied
 * to the process.
 */
@FunctionalInterface
public interface Target extends Serializable {
    /** Runs in the process; an exception ends it with exit code 1. */
    void run() throws Exception;
}
