package io.multijvm.samples.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The words in which expectations are written; each throws a {@link NotShownException} when it is not so. */
final class Require {
    private Require() {}

    static void that(boolean condition, String what) {
        if (!condition) {
            throw new NotShownException("it is not so that " + what);
        }
    }

    static void equal(@Nullable Object actual, @Nullable Object expected) {
        that(Objects.equals(actual, expected), actual + " is " + expected);
    }

    static void numbers(List<Long> actual, long... expected) {
        equal(actual, LongStream.of(expected).boxed().toList());
    }

    /** {@code actual} has what is expected, as often, in any order. */
    static <T> void inAnyOrder(Collection<T> actual, Collection<? extends T> expected) {
        Collection<T> surplus = new ArrayList<>(actual);
        Collection<T> missing = new ArrayList<>();
        for (T one : expected) {
            if (!surplus.remove(one)) {
                missing.add(one);
            }
        }
        that(
                surplus.isEmpty() && missing.isEmpty(),
                actual + " is " + expected + ", missing " + missing + ", surplus " + surplus);
    }

    /** {@code actual} has the expected ones, in that order, and possibly others between. */
    static <T> void inOrder(List<T> actual, List<T> expected) {
        int next = 0;
        for (T one : actual) {
            if (next < expected.size() && one.equals(expected.get(next))) {
                next++;
            }
        }
        that(next == expected.size(), "the next of these is there: " + expected.subList(next, expected.size()));
    }

    /** There are {@code count} of them, no two the same. */
    static void different(Collection<?> actual, int count) {
        that(
                actual.size() == count && new HashSet<>(actual).size() == count,
                actual + " has " + count + ", no two the same");
    }

    static void none(Collection<?> actual, Object unwanted) {
        that(!actual.contains(unwanted), actual + " is without " + unwanted);
    }

    static void size(Collection<?> actual, int size) {
        that(actual.size() == size, "there are " + size + " in " + actual);
    }

    static void atLeast(long actual, long least) {
        that(actual >= least, actual + " is at least " + least);
    }

    static void atLeast(double actual, double least) {
        that(actual >= least, actual + " is at least " + least);
    }

    /** 0, 1, 2 … */
    static List<Long> upTo(long end) {
        return LongStream.range(0, end).boxed().toList();
    }
}
