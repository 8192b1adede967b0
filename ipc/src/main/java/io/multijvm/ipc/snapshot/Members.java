package io.multijvm.ipc.snapshot;

import io.multijvm.ipc.codec.ByteSink;
import io.multijvm.ipc.codec.ByteSource;
import java.io.IOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Methods, constructors and fields by name. */
final class Members {
    private static final String CONSTRUCTOR = "<init>";

    private Members() {}

    static void write(ByteSink out, Object member, int owner) {
        out.writeCount(owner);
        Text.write(out, member instanceof Constructor ? CONSTRUCTOR : ((Member) member).getName());
        Text.write(out, member instanceof Executable body ? descriptorOf(body) : "");
    }

    static Object read(ByteSource in, Class<?> owner) throws IOException {
        String name = Text.read(in);
        String descriptor = Text.read(in);
        Object found = descriptor.isEmpty() ? field(owner, name) : find(owner, name, descriptor);
        if (found == null) {
            throw new IOException(owner.getName() + " has no " + name + descriptor + " here");
        }
        if (owner.getClassLoader() != null) {
            ((AccessibleObject) found).setAccessible(true);
        }
        return found;
    }

    private static @Nullable Field field(Class<?> owner, String name) {
        try {
            return owner.getDeclaredField(name);
        } catch (NoSuchFieldException e) {
            return null;
        }
    }

    /** The method or constructor of {@code owner}, or of what it inherits from, with these types. */
    static @Nullable Executable find(Class<?> owner, String name, String descriptor) {
        if (name.equals(CONSTRUCTOR)) {
            return matching(owner.getDeclaredConstructors(), null, descriptor);
        }
        for (Class<?> each = owner; each != null; each = each.getSuperclass()) {
            Executable found = matching(each.getDeclaredMethods(), name, descriptor);
            if (found != null) {
                return found;
            }
        }
        return matching(owner.getMethods(), name, descriptor);
    }

    private static @Nullable Executable matching(Executable[] members, @Nullable String name, String descriptor) {
        for (Executable each : members) {
            if ((name == null || each.getName().equals(name))
                    && descriptorOf(each).equals(descriptor)) {
                return each;
            }
        }
        return null;
    }

    private static String descriptorOf(Executable body) {
        Class<?> result = body instanceof Method method ? method.getReturnType() : void.class;
        return MethodType.methodType(result, body.getParameterTypes()).toMethodDescriptorString();
    }
}
