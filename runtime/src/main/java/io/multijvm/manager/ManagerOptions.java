package io.multijvm.manager;

import io.multijvm.ipc.snapshot.ForkedByField;
import io.multijvm.process.JvmOptions;
import io.multijvm.process.Target;
import java.io.ObjectInputFilter;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a manager's server is; immutable, each method returns a changed copy. What is not said: it listens in the Unix domain,
 * at an address of its own, with the key of the processes of this program, and takes any values.
 */
@ForkedByField
public final class ManagerOptions {
    private static final ManagerOptions DEFAULTS = new ManagerOptions(null, null, null, null, null, null, List.of());

    private final @Nullable SocketAddress address;
    private final byte @Nullable [] authkey;
    private final @Nullable String name;
    private final @Nullable String filter;
    private final @Nullable Target initializer;
    private final @Nullable JvmOptions jvm; // null: the context's
    private final List<Registration> types;

    private ManagerOptions(
            @Nullable SocketAddress address,
            byte @Nullable [] authkey,
            @Nullable String name,
            @Nullable String filter,
            @Nullable Target initializer,
            @Nullable JvmOptions jvm,
            List<Registration> types) {
        this.address = address;
        this.authkey = authkey;
        this.name = name;
        this.filter = filter;
        this.initializer = initializer;
        this.jvm = jvm;
        this.types = types;
    }

    /** Nothing special. */
    public static ManagerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Where the server listens: a {@link java.net.UnixDomainSocketAddress} or {@link java.net.InetSocketAddress}, of which
     * port 0 is any that is free. Over TCP the key is proved, but nothing is encrypted.
     */
    public ManagerOptions address(SocketAddress where) {
        Addresses.toText(where); // refuses others
        return new ManagerOptions(where, authkey, name, filter, initializer, jvm, types);
    }

    /** The key that clients have to prove; an empty one is a key. */
    public ManagerOptions authkey(byte[] key) {
        return new ManagerOptions(address, key.clone(), name, filter, initializer, jvm, types);
    }

    /** The name of the server's process, instead of one that counts. */
    public ManagerOptions name(String label) {
        return new ManagerOptions(address, authkey, Objects.requireNonNull(label), filter, initializer, jvm, types);
    }

    /**
     * Which classes the server makes objects of when values come, as {@link ObjectInputFilter.Config#createFilter} has it:
     * {@code "com.acme.**;java.base/*;!*"}. Functions that are to run in the server are lambdas: of
     * {@code java.lang.invoke.SerializedLambda}, and of the class that has them.
     */
    public ManagerOptions filter(String pattern) {
        ObjectInputFilter ignored = ObjectInputFilter.Config.createFilter(pattern); // refuses nonsense
        return new ManagerOptions(address, authkey, name, pattern, initializer, jvm, types);
    }

    /** What the server runs before it serves anybody; an exception fails its start. */
    public ManagerOptions initializer(Target first) {
        return new ManagerOptions(address, authkey, name, filter, Objects.requireNonNull(first), jvm, types);
    }

    /** How the server's JVM is started, in place of the context's options. */
    public ManagerOptions jvm(JvmOptions options) {
        return new ManagerOptions(address, authkey, name, filter, initializer, Objects.requireNonNull(options), types);
    }

    /** As {@link Manager#register(Class, ManagedFactory, String...)}, before anybody can connect. */
    public <T> ManagerOptions register(Class<T> type, ManagedFactory<? extends T> factory, String... exposed) {
        return with(Registration.of(type, factory, exposed));
    }

    /** As {@link Manager#register(Class, Class, String...)}, before anybody can connect. */
    public <T> ManagerOptions register(Class<T> type, Class<? extends T> implementation, String... exposed) {
        return with(Registration.of(type, new ByConstructor<T>(implementation), exposed));
    }

    ManagerOptions with(Registration registration) {
        var all = new ArrayList<>(types);
        all.add(registration);
        return new ManagerOptions(address, authkey, name, filter, initializer, jvm, List.copyOf(all));
    }

    @Nullable
    SocketAddress address() {
        return address;
    }

    byte @Nullable [] authkey() {
        return authkey == null ? null : authkey.clone();
    }

    @Nullable
    String name() {
        return name;
    }

    @Nullable
    String filter() {
        return filter;
    }

    @Nullable
    Target initializer() {
        return initializer;
    }

    @Nullable
    JvmOptions jvm() {
        return jvm;
    }

    List<Registration> types() {
        return types;
    }
}
