package io.multijvm.manager;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** An object of a program's own type in the server. */
final class OwnObject extends ServedObject {
    /** What can be asked of it. */
    enum Verb {
        /** Signature, arguments: calls a method of its interface. */
        INVOKE,
        /** Its text form. */
        TEXT
    }

    private static final Verb[] VERBS = Verb.values();

    private final LocalServer server;
    private final Object target;
    private final Registration registration;

    OwnObject(LocalServer server, Object target, Registration registration) {
        this.server = server;
        this.target = target;
        this.registration = registration;
    }

    @Override
    @Nullable
    Object serve(Call call) throws Exception {
        return switch (call.verb(VERBS)) {
            case INVOKE -> invoke(call);
            case TEXT -> target.toString();
        };
    }

    private @Nullable Object invoke(Call call) throws Exception {
        String signature = call.argument(0);
        Method method = OwnMethods.of(registration.type()).find(signature);
        if (method == null) {
            throw new UnsupportedOperationException(
                    "no method " + signature + " in " + registration.type().getName()
                            + " as the manager's server knows it; are both sides of one version?");
        }
        if (!registration.isExposed(method.getName())) {
            throw new UnsupportedOperationException("method " + method.getName() + " of "
                    + registration.type().getName() + " is not exposed by the manager");
        }
        Object result = call.interruptibly(() -> invoke(method, call.argumentsFrom(1)));
        return server.types().answer(result, method.getReturnType());
    }

    private @Nullable Object invoke(Method method, @Nullable Object[] arguments) throws Exception {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw Sneaky.causeOf(e);
        }
    }
}
