package io.multijvm.testkit;

/**
 * Processes that live on between tests by design, such as warm spares; a module contributes one through
 * {@link java.util.ServiceLoader}.
 */
public interface Infrastructure {
    boolean isOurs(ProcessHandle process);
}
