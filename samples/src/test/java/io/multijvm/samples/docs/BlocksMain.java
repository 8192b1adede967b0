package io.multijvm.samples.docs;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Runs the classes named by its arguments one after another: their {@code main}, or their tests. */
final class BlocksMain {
    /** Begins the line that comes before what a class prints. */
    static final String MARK = "=== ";

    private BlocksMain() {}

    public static void main(String[] args) throws Exception {
        for (var name : args) {
            System.out.println(MARK + name);
            try {
                run(Class.forName(name));
            } catch (InvocationTargetException e) {
                throw new AssertionError(name + " threw " + e.getCause(), e.getCause());
            }
        }
    }

    private static void run(Class<?> program) throws Exception {
        var tests = Arrays.stream(program.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .toList();
        for (var test : tests) {
            var constructor = program.getDeclaredConstructor();
            constructor.setAccessible(true);
            test.setAccessible(true);
            test.invoke(constructor.newInstance());
        }
        if (tests.isEmpty()) {
            var main = program.getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[0]);
        }
    }
}
