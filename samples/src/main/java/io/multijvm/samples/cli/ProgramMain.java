package io.multijvm.samples.cli;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The main class of the JVM in which {@code run} runs a source file, or a class with a start method of its own:
 * {@code [--start-method=METHOD] [--full-stacks] CLASS|FILE.java [ARG…]}.
 */
final class ProgramMain {
    static final String START_METHOD = "--start-method=";
    static final String FULL_STACKS = "--full-stacks";

    private ProgramMain() {}

    /** Throws what the program's main throws, so that the JVM does with it what it always does. */
    public static void main(String[] args) throws Throwable {
        int next = 0;
        if (args[next].startsWith(START_METHOD)) {
            MultiJvm.setStartMethod(StartMethod.valueOf(args[next++].substring(START_METHOD.length())));
        }
        boolean fullStacks = args[next].equals(FULL_STACKS);
        next += fullStacks ? 1 : 0;
        var program = find(args[next++]);
        Thread.currentThread().setContextClassLoader(program.getClassLoader());
        try {
            run(program, Arrays.copyOfRange(args, next, args.length));
        } catch (InvocationTargetException e) {
            var thrown = e.getTargetException();
            if (!fullStacks) {
                shorten(thrown, program.getClassLoader());
            }
            throw thrown;
        }
    }

    private static Class<?> find(String target) throws ClassNotFoundException, IOException {
        if (!target.endsWith(".java")) {
            return Class.forName(target);
        }
        var file = Path.of(target);
        try {
            return CompiledFile.of(file).program(file);
        } catch (CompiledFile.CompilationException e) {
            System.err.println("multijvm: " + e.getMessage());
            System.exit(1);
            throw new AssertionError(e);
        }
    }

    private static void run(Class<?> program, String[] args) throws ReflectiveOperationException {
        var main = mainOf(program);
        if (main == null) {
            throw new NoSuchMethodException("no main method: " + program.getName());
        }
        main.setAccessible(true);
        Object instance = null;
        if (!Modifier.isStatic(main.getModifiers())) {
            var constructor = program.getDeclaredConstructor();
            constructor.setAccessible(true);
            instance = constructor.newInstance();
        }
        if (main.getParameterCount() == 0) {
            main.invoke(instance);
        } else {
            main.invoke(instance, (Object) args);
        }
    }

    /** Its main method as Java 25 has it, on every JDK: static or not, with arguments or without. */
    static @Nullable Method mainOf(Class<?> program) {
        for (var parameters : List.of(new Class<?>[] {String[].class}, new Class<?>[0])) {
            try {
                return program.getDeclaredMethod("main", parameters);
            } catch (NoSuchMethodException e) {
                // the other one
            }
        }
        return null;
    }

    /**
     * Leaves in each stack what is of the program: where it called the library and what of it a worker was running. One that
     * has nothing of it stays whole, as nobody but the library knows why it was thrown.
     */
    private static void shorten(Throwable thrown, ClassLoader loader) {
        Set<Throwable> done = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable each = thrown; each != null && done.add(each); each = each.getCause()) {
            var own = Arrays.stream(each.getStackTrace())
                    .filter(frame -> isOf(loader, frame.getClassName()))
                    .toArray(StackTraceElement[]::new);
            if (own.length > 0) {
                each.setStackTrace(own);
            }
        }
    }

    private static boolean isOf(ClassLoader loader, String className) {
        return loader instanceof CompiledFile file && file.has(className);
    }
}
