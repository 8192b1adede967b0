package io.multijvm.ipc.os;

import java.lang.invoke.CallSite;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The hidden classes that lambdas are of: which method they call, and how another of the kind is made. */
public final class LambdaClass {
    private static final String SEPARATOR = "$$Lambda";
    /** Classes of which a lambda makes objects on its own account. */
    private static final Set<String> OF_EVERY_LAMBDA =
            Set.of("java/lang/Object", "java/lang/invoke/SerializedLambda", "java/io/NotSerializableException");

    private LambdaClass() {}

    /**
     * A method or constructor by name.
     *
     * @param owner name of its class
     * @param name its own name; {@code <init>} for a constructor
     * @param descriptor its types, as in a class file
     */
    public record Body(String owner, String name, String descriptor) {}

    /** Whether {@code type} is such a class. */
    public static boolean isOne(Class<?> type) {
        return type.isHidden() && type.getName().contains(SEPARATOR);
    }

    /** Name of the class whose code had the lambda made. */
    public static String capturingClass(Class<?> lambda) {
        return lambda.getName().substring(0, lambda.getName().indexOf(SEPARATOR));
    }

    /** What lambdas of this class call; null when that cannot be told. */
    public static @Nullable Body bodyOf(Class<?> lambda) {
        try {
            MethodHandles.Lookup lookup = JdkInternals.trusted();
            Object data =
                    lookup.findGetter(Class.class, "classData", Object.class).invoke(lambda);
            if (data instanceof MethodHandle handle) {
                MethodHandleInfo info = lookup.revealDirect(handle);
                return info.getReferenceKind() == MethodHandleInfo.REF_invokeSpecial
                        ? null
                        : new Body(
                                info.getDeclaringClass().getName(),
                                info.getName(),
                                info.getMethodType().toMethodDescriptorString());
            }
            return bodyInConstants(lambda, lookup);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw JdkInternals.unavailable("Class.getConstantPool", e);
        }
    }

    /** Its constants name few methods: Object's constructor, those that put values into boxes, and the one in question. */
    private static @Nullable Body bodyInConstants(Class<?> lambda, MethodHandles.Lookup lookup) throws Throwable {
        Class<?> poolType = Class.forName("jdk.internal.reflect.ConstantPool");
        Class<?> tagType = Class.forName("jdk.internal.reflect.ConstantPool$Tag");
        Object pool = lookup.findVirtual(Class.class, "getConstantPool", MethodType.methodType(poolType))
                .invoke(lambda);
        MethodHandle tagAt = lookup.findVirtual(poolType, "getTagAt", MethodType.methodType(tagType, int.class));
        MethodHandle memberAt =
                lookup.findVirtual(poolType, "getMemberRefInfoAt", MethodType.methodType(String[].class, int.class));
        int size = (int) lookup.findVirtual(poolType, "getSize", MethodType.methodType(int.class))
                .invoke(pool);
        Body found = null;
        Body box = null;
        for (int i = 1; i < size; i++) {
            String tag = String.valueOf((Object) tagAt.invoke(pool, i));
            if (!tag.equals("METHODREF") && !tag.equals("INTERFACEMETHODREF")) {
                continue;
            }
            String[] member = (String[]) memberAt.invoke(pool, i);
            if (member[1].equals("<init>") && OF_EVERY_LAMBDA.contains(member[0])) {
                continue;
            }
            var body = new Body(member[0].replace('/', '.'), member[1], member[2]);
            if (isBoxing(body)) {
                box = body;
            } else if (found == null) {
                found = body;
            } else {
                return null;
            }
        }
        return found == null ? box : found;
    }

    private static boolean isBoxing(Body body) {
        return switch (body.owner) {
            case "java.lang.Integer",
                    "java.lang.Long",
                    "java.lang.Short",
                    "java.lang.Byte",
                    "java.lang.Character",
                    "java.lang.Boolean",
                    "java.lang.Float",
                    "java.lang.Double",
                    "java.lang.Number" -> body.name.equals("valueOf") || body.name.endsWith("Value");
            default -> false;
        };
    }

    /**
     * What a lambda is to be.
     *
     * @param caller the class in whose name it is made
     * @param method name of the interface's method
     * @param captured types of the captured variables
     * @param interfaces the interface, and those it has beside
     * @param interfaceTypes the types of the interface's method, and of those it overrides with other ones
     * @param types the same as the lambda has them
     * @param isSerialisable whether it can be serialised
     */
    public record Shape(
            Class<?> caller,
            String method,
            Class<?>[] captured,
            Class<?>[] interfaces,
            MethodType[] interfaceTypes,
            MethodType types,
            boolean isSerialisable) {}

    /** What makes lambdas that call {@code body}, of an array of the captured variables. */
    public static MethodHandle factory(Shape shape, Executable body) {
        try {
            MethodHandles.Lookup caller = JdkInternals.trusted().in(shape.caller);
            MethodHandle called = body instanceof Constructor<?> constructor
                    ? caller.unreflectConstructor(constructor)
                    : caller.unreflect((Method) body);
            var arguments = new ArrayList<Object>();
            arguments.add(shape.interfaceTypes[0]);
            arguments.add(called);
            arguments.add(shape.types);
            arguments.add(LambdaMetafactory.FLAG_MARKERS
                    | LambdaMetafactory.FLAG_BRIDGES
                    | (shape.isSerialisable ? LambdaMetafactory.FLAG_SERIALIZABLE : 0));
            addAllButFirst(arguments, shape.interfaces);
            addAllButFirst(arguments, shape.interfaceTypes);
            CallSite site = LambdaMetafactory.altMetafactory(
                    caller,
                    shape.method,
                    MethodType.methodType(shape.interfaces[0], shape.captured),
                    arguments.toArray());
            return site.getTarget()
                    .asSpreader(Object[].class, shape.captured.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (Throwable e) {
            throw new IllegalStateException("cannot make a lambda of " + body, e);
        }
    }

    /** How many, and they. */
    private static void addAllButFirst(List<Object> arguments, Object[] values) {
        arguments.add(values.length - 1);
        arguments.addAll(Arrays.asList(values).subList(1, values.length));
    }
}
