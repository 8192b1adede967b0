package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSink;
import io.multijvm.ipc.codec.ByteSource;
import io.multijvm.ipc.os.LambdaClass;
import io.multijvm.ipc.os.RawObjects;
import java.io.IOException;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the lambdas of one hidden class have in common, found out from the class: which method they call and which
 * interfaces they have. The receiver has a class of its own made of it.
 *
 * <p>{@code types}, those of the interface's method as the lambda has them, are not kept anywhere; what the body takes and
 * returns says enough of them.
 */
record LambdaForm(
        String caller,
        LambdaClass.Body body,
        String method,
        MethodType captured,
        List<MethodType> interfaceTypes,
        MethodType types,
        List<Class<?>> interfaces,
        boolean isSerialisable) {

    /** The form of what is of this class; null when it cannot be told. */
    static @Nullable LambdaForm of(Class<?> lambda) throws ClassNotFoundException {
        LambdaClass.Body body = LambdaClass.bodyOf(lambda);
        List<Method> methods = methods(lambda);
        if (body == null || methods.isEmpty()) {
            return null;
        }
        Class<?> owner = Class.forName(body.owner(), false, lambda.getClassLoader());
        Executable called = Members.find(owner, body.name(), body.descriptor());
        if (called == null) {
            return null;
        }
        var captured = new ArrayList<Class<?>>();
        for (Field field : fields(lambda)) {
            captured.add(field.getType());
        }
        var interfaceTypes = new ArrayList<MethodType>();
        for (Method each : methods) {
            interfaceTypes.add(MethodType.methodType(each.getReturnType(), each.getParameterTypes()));
        }
        return new LambdaForm(
                LambdaClass.capturingClass(lambda),
                body,
                methods.get(0).getName(),
                MethodType.methodType(void.class, captured),
                interfaceTypes,
                typesOf(called, owner, captured.size(), interfaceTypes.get(0)),
                List.of(lambda.getInterfaces()),
                Serializable.class.isAssignableFrom(lambda));
    }

    /** The captured variables' fields, in their order. */
    static List<Field> fields(Class<?> lambda) {
        var fields = new ArrayList<Field>();
        for (Field field : RawObjects.fieldsOf(lambda)) {
            if (!Modifier.isStatic(field.getModifiers())) {
                fields.add(field);
            }
        }
        return fields;
    }

    /** The interface's method, and the same with the types of interfaces that it stands for as well. */
    private static List<Method> methods(Class<?> lambda) {
        var methods = new ArrayList<Method>();
        for (Method method : lambda.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())) {
                methods.add(method.isBridge() ? methods.size() : 0, method);
            }
        }
        return methods;
    }

    private static MethodType typesOf(Executable called, Class<?> owner, int captured, MethodType wanted) {
        var all = new ArrayList<Class<?>>();
        boolean isMethod = called instanceof Method;
        if (isMethod && !Modifier.isStatic(called.getModifiers())) {
            all.add(owner);
        }
        all.addAll(List.of(called.getParameterTypes()));
        MethodType types = wanted;
        for (int i = 0; i < wanted.parameterCount() && captured + i < all.size(); i++) {
            types = types.changeParameterType(i, narrower(wanted.parameterType(i), all.get(captured + i)));
        }
        Class<?> result = called instanceof Method method ? method.getReturnType() : owner;
        return result == void.class ? types : types.changeReturnType(narrower(wanted.returnType(), result));
    }

    private static Class<?> narrower(Class<?> declared, Class<?> actual) {
        Class<?> boxed = MethodType.methodType(actual).wrap().returnType();
        return !declared.isPrimitive() && declared.isAssignableFrom(boxed) ? boxed : declared;
    }

    void write(ByteSink out) {
        Text.write(out, caller);
        Text.write(out, body.owner());
        Text.write(out, body.name());
        Text.write(out, body.descriptor());
        Text.write(out, method);
        Text.write(out, captured.toMethodDescriptorString());
        Text.write(out, types.toMethodDescriptorString());
        out.writeCount(interfaceTypes.size());
        interfaceTypes.forEach(each -> Text.write(out, each.toMethodDescriptorString()));
        out.writeCount(interfaces.size());
        interfaces.forEach(each -> Text.write(out, each.getName()));
        out.write(isSerialisable ? 1 : 0);
    }

    static LambdaForm read(ByteSource in, ClassLoader loader) throws IOException, ClassNotFoundException {
        String caller = Text.read(in);
        var body = new LambdaClass.Body(Text.read(in), Text.read(in), Text.read(in));
        String method = Text.read(in);
        MethodType captured = readTypes(in, loader);
        MethodType types = readTypes(in, loader);
        var interfaceTypes = new ArrayList<MethodType>();
        for (int i = in.readCount(1); i > 0; i--) {
            interfaceTypes.add(readTypes(in, loader));
        }
        var interfaces = new ArrayList<Class<?>>();
        for (int i = in.readCount(1); i > 0; i--) {
            interfaces.add(Class.forName(Text.read(in), false, loader));
        }
        return new LambdaForm(caller, body, method, captured, interfaceTypes, types, interfaces, in.readByte() != 0);
    }

    private static MethodType readTypes(ByteSource in, ClassLoader loader) throws IOException {
        return MethodType.fromMethodDescriptorString(Text.read(in), loader);
    }

    /** What makes such lambdas of an array of the captured variables. */
    MethodHandle factory(ClassLoader loader) throws IOException, ClassNotFoundException {
        Class<?> owner = Class.forName(body.owner(), true, loader);
        Executable called = Members.find(owner, body.name(), body.descriptor());
        if (called == null) {
            throw new IOException(body + " is not there for a lambda");
        }
        var shape = new LambdaClass.Shape(
                Class.forName(caller, false, loader),
                method,
                captured.parameterArray(),
                interfaces.toArray(Class<?>[]::new),
                interfaceTypes.toArray(MethodType[]::new),
                types,
                isSerialisable);
        return LambdaClass.factory(shape, called);
    }
}
