package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSource;
import java.io.IOException;
import java.io.InvalidClassException;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The receiver's classes of a snapshot's {@link ClassTable}, found when they are asked for. */
final class KnownTypes {
    private static final Map<String, Class<?>> PRIMITIVES = Map.of(
            "boolean", boolean.class,
            "byte", byte.class,
            "short", short.class,
            "char", char.class,
            "int", int.class,
            "long", long.class,
            "float", float.class,
            "double", double.class,
            "void", void.class);

    private final ClassLoader loader;
    private final String[] names;
    private final int[] checks;
    private final @Nullable Class<?>[] classes;
    private final @Nullable ClassForm[] forms;
    private final LambdaForm[] lambdas;
    private final @Nullable MethodHandle[] factories;

    KnownTypes(ByteSource in, ClassLoader loader) throws IOException, ClassNotFoundException {
        this.loader = loader;
        int count = in.readCount(5);
        names = new String[count];
        checks = new int[count];
        for (int i = 0; i < count; i++) {
            names[i] = Text.read(in);
            checks[i] = in.readInt();
        }
        classes = new @Nullable Class<?>[count];
        forms = new @Nullable ClassForm[count];
        lambdas = new LambdaForm[in.readCount(1)];
        for (int i = 0; i < lambdas.length; i++) {
            lambdas[i] = LambdaForm.read(in, loader);
        }
        factories = new @Nullable MethodHandle[lambdas.length];
    }

    Class<?> get(int number) throws ClassNotFoundException {
        Class<?> type = classes[number];
        if (type == null) {
            Class<?> primitive = PRIMITIVES.get(names[number]);
            type = primitive == null ? Class.forName(names[number], false, loader) : primitive;
            classes[number] = type;
        }
        return type;
    }

    /** The form of a class whose objects are copied by field. */
    ClassForm form(int number) throws InvalidClassException, ClassNotFoundException {
        ClassForm form = forms[number];
        if (form == null) {
            form = ClassForm.of(get(number));
            if (form.plan.check != checks[number]) {
                throw new InvalidClassException(names[number], "has other fields here");
            }
            forms[number] = form;
        }
        return form;
    }

    LambdaForm lambda(int number) {
        return lambdas[number];
    }

    MethodHandle factory(int number) throws IOException, ClassNotFoundException {
        MethodHandle factory = factories[number];
        if (factory == null) {
            factory = Objects.requireNonNull(lambdas[number].factory(loader));
            factories[number] = factory;
        }
        return factory;
    }
}
