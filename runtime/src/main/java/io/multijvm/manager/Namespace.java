package io.multijvm.manager;

import io.multijvm.manager.NamespaceObject.Verb;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Values by name, in a manager's server. Names that begin with an underscore stay in this process: other processes do not
 * see them. Two namespaces are equal when they are the same one. Python: {@code Manager().Namespace()}.
 */
public final class Namespace extends AbstractProxy<Verb> {
    private static final long serialVersionUID = 1;
    private static final String HIDDEN = "_";

    private final transient Map<String, @Nullable Object> hidden = new LinkedHashMap<>(); // guarded by itself

    Namespace(Remote remote) {
        super(remote);
    }

    /**
     * The value of that name.
     *
     * @throws NoSuchElementException when there is none
     */
    public @Nullable Object get(String name) {
        if (!isHidden(name)) {
            return call(Verb.GET, name);
        }
        synchronized (hidden) {
            requireHidden(name);
            return hidden.get(name);
        }
    }

    /** As {@link #get(String)}, of a known type; one of another type is a {@link ClassCastException}. */
    public <T> T get(String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(get(name), name));
    }

    /** Sets the value of that name. */
    public void set(String name, @Nullable Object value) {
        if (!isHidden(name)) {
            Object ignored = call(Verb.SET, name, value);
            return;
        }
        synchronized (hidden) {
            hidden.put(name, value);
        }
    }

    /**
     * Removes the value of that name, and returns it.
     *
     * @throws NoSuchElementException when there is none
     */
    public @Nullable Object remove(String name) {
        if (!isHidden(name)) {
            return call(Verb.REMOVE, name);
        }
        synchronized (hidden) {
            requireHidden(name);
            return hidden.remove(name);
        }
    }

    /** Whether there is a value of that name. */
    public boolean contains(String name) {
        if (!isHidden(name)) {
            return call(Verb.CONTAINS, name);
        }
        synchronized (hidden) {
            return hidden.containsKey(name);
        }
    }

    /** All values by their names, but for those with an underscore. */
    public Map<String, @Nullable Object> copy() {
        return call(Verb.COPY);
    }

    private static boolean isHidden(String name) {
        return name.startsWith(HIDDEN);
    }

    private void requireHidden(String name) {
        if (!hidden.containsKey(name)) {
            throw new NoSuchElementException("the namespace has no attribute '" + name + "' in this process");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Namespace namespace && namespace.remote().equals(remote());
    }

    @Override
    public int hashCode() {
        return remote().hashCode();
    }

    /** As Python: {@code Namespace(name='Bob', age=3)}. */
    @Override
    public String toString() {
        return Traversal.text(remote(), "(this Namespace)", this::text);
    }

    private String text() {
        var text = new StringJoiner(", ", "Namespace(", ")");
        copy().forEach((name, value) -> text.add(name + "=" + (value instanceof String ? "'" + value + "'" : value)));
        return text.toString();
    }
}
