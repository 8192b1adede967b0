package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.shared.SharedArray;
import java.util.List;

/**
 * An array in shared memory: processes set its elements, its type and its length stay what they are.
 *
 * <p>Expect: what the child sets, one by one and as a slice, the parent reads, one by one and as a slice; an index
 * outside, a value of another type and a value out of range are errors and change nothing.
 */
public final class ArrayBasic {
    private ArrayBasic() {}

    public static void main(String[] args) throws Exception {
        try (SharedArray<Integer> array = MultiJvm.array('i', List.of(11, 22, 33, 44))) {
            var child = MultiJvm.process(() -> {
                array.set(0, 666);
                array.setSlice(2, List.of(777, 888));
            });
            child.start();
            child.join();
            System.out.println("element 0: " + array.get(0));
            System.out.println("elements 1 and 2: " + array.slice(1, 3));
            System.out.println("all of them: " + array.slice(0, array.length()));
            System.out.println("length: " + array.length());

            attempt("get(4)", () -> array.get(4));
            attempt("get(-1)", () -> array.get(-1));
            attempt("set(4, 55)", () -> array.set(4, 55));
            attempt("setSlice(3, two elements)", () -> array.setSlice(3, List.of(55, 66)));
            System.out.println("all of them: " + array.slice(0, array.length()));
        }

        try (SharedArray<Object> untyped = MultiJvm.array('h', List.of(1, 2))) {
            attempt("set(0, \"text\")", () -> untyped.set(0, "text"));
            attempt("set(0, 40000)", () -> untyped.set(0, 40000));
            System.out.println("all of them: " + untyped.slice(0, untyped.length()));
        }
    }

    private static void attempt(String what, Runnable access) {
        try {
            access.run();
            System.out.println(what + " works");
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            System.out.println(what + " is refused: " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
