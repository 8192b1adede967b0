package io.multijvm.manager;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of an interface by what they are called in messages: name and types, as in a class file. */
final class OwnMethods {
    private static final ClassValue<OwnMethods> ALL = new ClassValue<>() {
        @Override
        protected OwnMethods computeValue(Class<?> type) {
            return new OwnMethods(type);
        }
    };

    private final Class<?> type;
    private final Map<String, Method> bySignature = new HashMap<>();
    private final Map<Method, String> signatures = new HashMap<>();

    private final Set<Method> interruptible = new HashSet<>();

    private OwnMethods(Class<?> type) {
        this.type = type;
        for (Method method : type.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers())) {
                String signature = signature(method);
                boolean ignored = method.trySetAccessible(); // if not, calls say so
                bySignature.put(signature, method);
                signatures.put(method, signature);
                if (Arrays.asList(method.getExceptionTypes()).contains(InterruptedException.class)) {
                    interruptible.add(method);
                }
            }
        }
    }

    static OwnMethods of(Class<?> type) {
        return ALL.get(type);
    }

    private static String signature(Method method) {
        var signature = new StringBuilder(method.getName()).append('(');
        for (Class<?> parameter : method.getParameterTypes()) {
            signature.append(parameter.descriptorString());
        }
        return signature.append(')').toString();
    }

    /** What {@code method} is called; one that is called by way of another interface as well. */
    String signatureOf(Method method) {
        String known = signatures.get(method);
        return known == null ? signature(method) : known;
    }

    /** Whether a call of {@code method} may end with {@link InterruptedException}. */
    boolean isInterruptible(Method method) {
        return interruptible.contains(method);
    }

    /** The method of that signature, or null. */
    @Nullable
    Method find(String signature) {
        return bySignature.get(signature);
    }

    /** Refuses what is the name of no method. */
    void requireName(String name) {
        for (Method method : signatures.keySet()) {
            if (method.getName().equals(name)) {
                return;
            }
        }
        throw new IllegalArgumentException(type.getName() + " has no method " + name);
    }
}
