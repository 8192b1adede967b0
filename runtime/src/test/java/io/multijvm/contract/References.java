package io.multijvm.contract;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/** Objects that are to become garbage. */
public final class References {
    private final List<WeakReference<?>> all = new ArrayList<>();

    /** What a test does with an object. */
    @FunctionalInterface
    public interface Use {
        Object of(int[] value) throws Exception;
    }

    /** Has {@code use} of so many objects; those, and what it gives, are to be gone afterwards. */
    public static References of(int count, Use use) throws Exception {
        var references = new References();
        for (int i = 0; i < count; i++) {
            int[] value = {i};
            references.add(value);
            references.add(use.of(value));
        }
        return references;
    }

    public void add(Object object) {
        all.add(new WeakReference<>(object));
    }

    /** Waits until all of them are garbage. */
    public void awaitGone() {
        Waits.until(() -> {
            System.gc();
            return all.stream().allMatch(each -> each.get() == null);
        });
    }
}
