package io.multijvm.testkit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test, or a test class, that leaves a process, a non-daemon thread or a dead run directory behind.
 *
 * <p>Registered for every test through {@code META-INF/services}. What a test class makes in {@code @BeforeAll} is part
 * of the picture its tests start from, and is asked for when the class ends. The picture after a test serves as the one
 * before the next.
 */
public final class LeakGuard implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakGuard.class);
    /** The picture after the latest test, unless code outside of tests may have run since. */
    private static final String LATEST = "latest";

    @Override
    public void beforeAll(ExtensionContext context) {
        latest(context).remove(LATEST);
        remember(context, Belongings.now());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        var latest = latest(context).remove(LATEST, Belongings.class);
        remember(context, latest == null ? Belongings.now() : latest);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        latest(context).remove(LATEST);
        var after = check(context);
        if (after != null) {
            latest(context).put(LATEST, after);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        latest(context).remove(LATEST);
        check(context);
    }

    /** Shared by all tests of a run. */
    private static ExtensionContext.Store latest(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE);
    }

    private static void remember(ExtensionContext context, Belongings before) {
        context.getStore(NAMESPACE).put(context.getUniqueId(), before);
    }

    /** Returns the picture now; fails when something was left, and ends the processes among it. */
    private static @Nullable Belongings check(ExtensionContext context) {
        var before = context.getStore(NAMESPACE).remove(context.getUniqueId(), Belongings.class);
        if (before == null) {
            return null;
        }
        var now = before.awaitNothingNew();
        var leaks = now.newSince(before);
        if (!leaks.isEmpty()) {
            var lines = leaks.describe();
            leaks.processes().forEach(ProcessHandle::destroyForcibly);
            context.getParent().ifPresent(parent -> forgive(parent, leaks));
            throw new AssertionError("left behind: " + String.join("; ", lines));
        }
        return now;
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
