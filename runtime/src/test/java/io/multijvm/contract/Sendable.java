package io.multijvm.contract;

import java.io.Serializable;
import java.util.Comparator;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The JDK's functional types for functions that may have to travel to where a collection is. */
final class Sendable {
    private Sendable() {}

    interface Fn<T, R> extends Function<T, R>, Serializable {}

    interface BiFn<T, U, R> extends BiFunction<T, U, R>, Serializable {}

    interface Operator<T> extends UnaryOperator<T>, Serializable {}

    interface Test<T> extends Predicate<T>, Serializable {}

    interface Order<T> extends Comparator<T>, Serializable {}

    static <T, R> Function<T, R> fn(Fn<T, R> function) {
        return function;
    }

    static <T, U, R> BiFunction<T, U, R> biFn(BiFn<T, U, R> function) {
        return function;
    }

    static <T> UnaryOperator<T> operator(Operator<T> operator) {
        return operator;
    }

    static <T> Predicate<T> test(Test<T> predicate) {
        return predicate;
    }

    static <T> Comparator<T> order(Order<T> comparator) {
        return comparator;
    }
}
