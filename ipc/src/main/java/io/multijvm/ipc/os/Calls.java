package io.multijvm.ipc.os;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Calls of methods that are known at run time only. */
public final class Calls {
    private static volatile @Nullable MethodHandle direct;

    private Calls() {}

    /**
     * Calls {@code method}, accessible already; returns what it returns and throws what it throws. From release 18 on, reflection links a method
     * handle for each method it calls, which costs a cold JVM 8 ms; after {@link #warmUp} the VM's own call is used.
     */
    public static @Nullable Object call(Method method, @Nullable Object receiver, @Nullable Object[] arguments)
            throws Throwable {
        MethodHandle vmCall = direct;
        try {
            return vmCall == null
                    ? method.invoke(receiver, arguments)
                    : (Object) vmCall.invokeExact(method, receiver, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** As {@link #call}, for a method that is called often: slow at first, a few nanoseconds in the end. */
    public static @Nullable Object callOften(Method method, @Nullable Object receiver, @Nullable Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(receiver, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /**
     * As {@link #call}, for a class some of whose other methods have types that are not there: reflection refuses to look
     * into such a class at all.
     */
    public static @Nullable Object callByName(
            Class<?> type, String name, MethodType types, boolean isStatic, @Nullable Object[] arguments)
            throws Throwable {
        return JdkInternals.method(type, name, types, isStatic).invokeWithArguments(arguments);
    }

    /**
     * Calls {@code method}, whatever its access, by the VM's own call: half a microsecond each time, and nothing is linked
     * for it.
     *
     * @throws InvocationTargetException around what the method throws
     */
    public static @Nullable Object invoke(Method method, @Nullable Object receiver, @Nullable Object... arguments)
            throws InvocationTargetException {
        try {
            return (Object) Vm.CALL.invokeExact(method, receiver, arguments);
        } catch (InvocationTargetException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call " + method, e);
        }
    }

    /** As {@link #invoke}, for a constructor. */
    public static Object construct(Constructor<?> constructor, @Nullable Object... arguments)
            throws InvocationTargetException {
        try {
            return (Object) Vm.CONSTRUCT.invokeExact(constructor, arguments);
        } catch (InvocationTargetException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call " + constructor, e);
        }
    }

    /** Whether {@code type} is initialised; does not do it. */
    public static boolean isInitialised(Class<?> type) {
        return !(boolean)
                Objects.requireNonNull(JdkUnsafe.call(JdkUnsafe.method("shouldBeInitialized", Class.class), type));
    }

    private static final class Vm {
        static final MethodHandle CALL = Objects.requireNonNull(JdkInternals.vmCall(), "the VM's call");
        static final MethodHandle CONSTRUCT = JdkInternals.vmConstruct();
    }

    /** Makes {@link #call} quick from now on. */
    public static void warmUp() {
        direct = JdkInternals.vmCall();
    }
}
