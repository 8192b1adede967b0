package io.multijvm.manager;

import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The managed objects whose text, hash code or equality the current thread is computing. An object may contain itself,
 * directly or by way of others; the computation ends where it comes back to an object that it is in the middle of.
 *
 * <p>Objects that contain themselves are equal when no path into them shows a difference. Their hash code is their size:
 * equal objects of that kind may come back to themselves at different depths, so that nothing else is the same for both.
 */
final class Traversal {
    private static final ThreadLocal<@Nullable Traversal> CURRENT = new ThreadLocal<>();

    private final Set<Remote> texts = new HashSet<>();
    private final Set<Remote> hashes = new HashSet<>();
    private final Set<Pair> pairs = new HashSet<>();
    private boolean cyclic; // found so in the hash code under way

    private Traversal() {}

    /** Two objects that are being compared. */
    private record Pair(Remote left, Object right) {}

    /** An object that is no managed one, equal to itself only. */
    private record Identity(Object object) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity identity && identity.object == object;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(object);
        }
    }

    private static Traversal current() {
        Traversal present = CURRENT.get();
        if (present == null) {
            present = new Traversal();
            CURRENT.set(present);
        }
        return present;
    }

    private void end() {
        if (texts.isEmpty() && hashes.isEmpty() && pairs.isEmpty()) {
            CURRENT.remove();
        }
    }

    /** Returns the text form of {@code object}, or {@code itself} inside of that. */
    static String text(Remote object, String itself, Supplier<String> text) {
        Traversal traversal = current();
        if (!traversal.texts.add(object)) {
            return itself;
        }
        try {
            return text.get();
        } finally {
            traversal.texts.remove(object);
            traversal.end();
        }
    }

    /** Returns the hash code of a copy of {@code object}, or its size if the object contains itself. */
    static <T> int hashCode(Remote object, Supplier<T> copy, ToIntFunction<T> size) {
        Traversal traversal = current();
        if (!traversal.hashes.add(object)) {
            traversal.cyclic = true;
            return 0;
        }
        boolean outermost = traversal.hashes.size() == 1;
        try {
            T copied = copy.get();
            int hash = copied.hashCode();
            return outermost && traversal.cyclic ? size.applyAsInt(copied) : hash;
        } finally {
            traversal.hashes.remove(object);
            traversal.cyclic &= !outermost;
            traversal.end();
        }
    }

    /** Returns what {@code comparison} does, or true inside of the same comparison. */
    static boolean equal(Remote left, Object right, BooleanSupplier comparison) {
        Traversal traversal = current();
        var pair = new Pair(left, right instanceof AbstractProxy<?> proxy ? proxy.remote() : new Identity(right));
        if (!traversal.pairs.add(pair)) {
            return true;
        }
        try {
            return comparison.getAsBoolean();
        } finally {
            traversal.pairs.remove(pair);
            traversal.end();
        }
    }
}
