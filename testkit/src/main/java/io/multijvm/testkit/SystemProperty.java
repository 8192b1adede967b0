package io.multijvm.testkit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A system property that has a value of its own during each test, and its former one after it. */
public final class SystemProperty implements BeforeEachCallback, AfterEachCallback {
    private final String name;
    private final @Nullable String value;
    private @Nullable String before;

    private SystemProperty(String name, @Nullable String value) {
        this.name = name;
        this.value = value;
    }

    /** Sets the property for each test. */
    public static SystemProperty set(String name, String value) {
        return new SystemProperty(name, value);
    }

    /** Restores the property after each test, which may set it. */
    public static SystemProperty restored(String name) {
        return new SystemProperty(name, null);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        before = System.getProperty(name);
        if (value != null) {
            System.setProperty(name, value);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (before == null) {
            System.clearProperty(name);
        } else {
            System.setProperty(name, before);
        }
    }
}
