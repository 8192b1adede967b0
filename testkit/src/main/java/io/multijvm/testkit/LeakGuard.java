package io.multijvm.testkit;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test, or a test class, that leaves a process, a non-daemon thread or a dead run directory behind.
 *
 * <p>Registered for every test through {@code META-INF/services}. What a test class makes in {@code @BeforeAll} is part
 * of the picture its tests start from, and is asked for when the class ends.
 */
public final class LeakGuard implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakGuard.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        remember(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        remember(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        check(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        check(context);
    }

    private static void remember(ExtensionContext context) {
        context.getStore(NAMESPACE).put(context.getUniqueId(), Belongings.now());
    }

    /** Ends the processes that were left, and fails. */
    private static void check(ExtensionContext context) {
        var before = context.getStore(NAMESPACE).remove(context.getUniqueId(), Belongings.class);
        if (before == null) {
            return;
        }
        var leaks = before.awaitNothingNew();
        if (!leaks.isEmpty()) {
            var lines = leaks.describe();
            leaks.processes().forEach(ProcessHandle::destroyForcibly);
            context.getParent().ifPresent(parent -> forgive(parent, leaks));
            throw new AssertionError("left behind: " + String.join("; ", lines));
        }
    }

    /** What a test is blamed for, its class is not blamed for once more. */
    private static void forgive(ExtensionContext context, Belongings leaks) {
        var store = context.getStore(NAMESPACE);
        var before = store.get(context.getUniqueId(), Belongings.class);
        if (before != null) {
            store.put(context.getUniqueId(), before.plus(leaks));
        }
        context.getParent().ifPresent(parent -> forgive(parent, leaks));
    }
}
