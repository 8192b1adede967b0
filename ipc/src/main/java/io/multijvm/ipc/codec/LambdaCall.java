package io.multijvm.ipc.codec;

import io.multijvm.ipc.os.Calls;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A serialisable lambda, taken apart: the method that is its body and the captured variables.
 *
 * <p>To make the lambda whole again would have the receiver's JVM link it, which costs a cold one 10 ms and more; the
 * body of a task that runs once is better called straight away.
 *
 * @param owner name of the class with the body
 * @param method name of the body's method
 * @param descriptor its types, as in a class file
 * @param captured the receiver, if the method has one, and the arguments
 */
public record LambdaCall(
        String owner,
        String method,
        String descriptor,
        @Nullable Object[] captured) {

    private static final ClassValue<@Nullable Method> WRITE_REPLACE = new WriteReplace();
    private static final int OFTEN = 30;

    /** Takes {@code lambda} apart; null when it is no lambda, or one of an unusual kind. */
    public static @Nullable LambdaCall of(Object lambda) {
        SerializedLambda form = serialisedForm(lambda);
        if (form == null) {
            return null;
        }
        int kind = form.getImplMethodKind();
        boolean callable = kind == MethodHandleInfo.REF_invokeStatic
                || kind == MethodHandleInfo.REF_invokeVirtual
                || kind == MethodHandleInfo.REF_invokeInterface
                || (kind == MethodHandleInfo.REF_invokeSpecial
                        && form.getImplMethodName().startsWith("lambda$"));
        if (!callable) {
            return null;
        }
        ForeignClasses.met(lambda.getClass());
        var captured = new @Nullable Object[form.getCapturedArgCount()];
        for (int i = 0; i < captured.length; i++) {
            captured[i] = form.getCapturedArg(i);
        }
        String owner = form.getImplClass().replace('/', '.');
        return new LambdaCall(owner, form.getImplMethodName(), form.getImplMethodSignature(), captured);
    }

    /** What the JDK would write for {@code value}, or null when that is no lambda. */
    static @Nullable SerializedLambda serialisedForm(Object value) {
        if (!value.getClass().isHidden() || !(value instanceof Serializable)) {
            return null;
        }
        Method writeReplace = WRITE_REPLACE.get(value.getClass());
        try {
            return writeReplace != null && writeReplace.invoke(value) instanceof SerializedLambda lambda
                    ? lambda
                    : null;
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    private static final class WriteReplace extends ClassValue<@Nullable Method> {
        @Override
        protected @Nullable Method computeValue(Class<?> type) {
            try {
                Method writeReplace = type.getDeclaredMethod("writeReplace");
                writeReplace.setAccessible(true);
                return writeReplace;
            } catch (ReflectiveOperationException | InaccessibleObjectException e) {
                return null; // in a module that is not open to us: the JDK's own serialisation can still do it
            }
        }
    }

    /** The same call of other variables. */
    public LambdaCall with(@Nullable Object[] variables) {
        return new LambdaCall(owner, method, descriptor, variables);
    }

    /**
     * The call, ready to be made.
     *
     * @throws ReflectiveOperationException when {@code loader} does not find the class, or the class has no such method
     */
    public Prepared prepare(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> type = KnownClasses.load(owner, loader);
        try {
            Method body = find(type, loader);
            body.setAccessible(true);
            return new Prepared(this, type, body);
        } catch (LinkageError e) {
            return new Prepared(this, type, null);
        }
    }

    private Method find(Class<?> type, ClassLoader loader) throws NoSuchMethodException {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Method declared : each.getDeclaredMethods()) {
                if (declared.getName().equals(method) && descriptorOf(declared).equals(descriptor)) {
                    return declared;
                }
            }
        }
        return type.getMethod(method, types(loader).parameterArray()); // an interface's
    }

    /** Cheaper than making {@link #types} of our own. */
    private static String descriptorOf(Method declared) {
        var types = new StringBuilder("(");
        for (Class<?> parameter : declared.getParameterTypes()) {
            types.append(parameter.descriptorString());
        }
        return types.append(')')
                .append(declared.getReturnType().descriptorString())
                .toString();
    }

    private MethodType types(ClassLoader loader) {
        return MethodType.fromMethodDescriptorString(descriptor, loader);
    }

    /** A call of which nothing but the call is left to do. */
    public static final class Prepared {
        private final LambdaCall lambda;
        private final Class<?> type;
        private final @Nullable Method body;
        private int calls; // some may go uncounted

        private Prepared(LambdaCall lambda, Class<?> type, @Nullable Method body) {
            this.lambda = lambda;
            this.type = type;
            this.body = body;
        }

        /** Makes the call, with what the lambda is given beside what it has captured; throws what the body throws. */
        public @Nullable Object call(@Nullable Object... parameters) throws Throwable {
            @Nullable Object[] arguments = arguments(parameters);
            if (body == null) {
                MethodType types = lambda.types(type.getClassLoader());
                boolean isStatic = arguments.length == types.parameterCount();
                return Calls.callByName(type, lambda.method, types, isStatic, arguments);
            }
            if (Modifier.isStatic(body.getModifiers())) {
                return call(body, null, arguments);
            }
            return call(body, arguments[0], Arrays.copyOfRange(arguments, 1, arguments.length));
        }

        private @Nullable Object call(Method method, @Nullable Object receiver, @Nullable Object[] arguments)
                throws Throwable {
            if (calls > OFTEN) {
                return Calls.callOften(method, receiver, arguments);
            }
            calls++;
            return Calls.call(method, receiver, arguments);
        }

        private @Nullable Object[] arguments(@Nullable Object[] parameters) {
            @Nullable Object[] captured = lambda.captured;
            if (parameters.length == 0) {
                return captured;
            }
            if (captured.length == 0) {
                return parameters;
            }
            @Nullable Object[] all = Arrays.copyOf(captured, captured.length + parameters.length);
            System.arraycopy(parameters, 0, all, captured.length, parameters.length);
            return all;
        }
    }
}
