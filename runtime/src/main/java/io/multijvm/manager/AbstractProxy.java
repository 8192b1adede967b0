package io.multijvm.manager;

import io.multijvm.ipc.codec.Handle;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * What stands, in any process, for an object in a manager's server. Every call is a message there and back; what it
 * throws is what the object has thrown, with the server's stack.
 *
 * @param <V> the verbs of the object
 */
abstract class AbstractProxy<V extends Enum<V>> implements Handle {
    private static final long serialVersionUID = 1;

    private final transient Remote remote;

    AbstractProxy(Remote remote) {
        this.remote = remote;
    }

    final Remote remote() {
        return remote;
    }

    /*
     * What a call returns is what the server's object returns for the verb: as the type parameter of each proxy says, and
     * not looked at here. Checked exceptions come out as they are: methods that can throw some declare them.
     */

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
    final <T extends @Nullable Object> T call(V verb) {
        return (T) remote.call(new @Nullable Object[] {remote.number(), verb.ordinal()});
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
    final <T extends @Nullable Object> T call(V verb, @Nullable Object first) {
        return (T) remote.call(new @Nullable Object[] {remote.number(), verb.ordinal(), first});
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
    final <T extends @Nullable Object> T call(V verb, @Nullable Object first, @Nullable Object second) {
        return (T) remote.call(new @Nullable Object[] {remote.number(), verb.ordinal(), first, second});
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
    final <T extends @Nullable Object> T call(
            V verb, @Nullable Object first, @Nullable Object second, @Nullable Object third) {
        return (T) remote.call(new @Nullable Object[] {remote.number(), verb.ordinal(), first, second, third});
    }

    /** A call that an interrupt of this thread ends, in the server, too. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
    final <T extends @Nullable Object> T callInterruptibly(V verb, @Nullable Object... arguments)
            throws InterruptedException {
        var message = new @Nullable Object[2 + arguments.length];
        message[0] = remote.number();
        message[1] = verb.ordinal();
        System.arraycopy(arguments, 0, message, 2, arguments.length);
        return (T) remote.call(message, true);
    }

    @Serial
    final Object writeReplace() {
        return remote.passed();
    }
}
