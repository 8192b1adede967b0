package io.multijvm.testkit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/** Writes down what hangs when a test runs into its timeout, before the test is interrupted. */
public final class Watchdog implements PreInterruptCallback {
    @Override
    @SuppressWarnings("SystemOut") // Surefire keeps it with the failed test
    public void beforeThreadInterrupt(PreInterruptContext context, ExtensionContext test) {
        System.err.println("Timeout in " + test.getDisplayName() + ", thread "
                + context.getThreadToInterrupt().getName());
        System.err.println(Evidence.ofThisJvm());
        Family.living().forEach(process -> System.err.println(Evidence.of(process)));
        RunDirectories.listing().forEach(System.err::println);
    }
}
