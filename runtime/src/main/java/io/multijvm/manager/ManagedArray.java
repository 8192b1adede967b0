package io.multijvm.manager;

import io.multijvm.manager.ArrayObject.Verb;
import io.multijvm.shared.ValueType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array of values of one of Python's types in a manager's server; its length and type are fixed. Two arrays are equal
 * when they are the same one. Python: {@code Manager().Array()}.
 */
public final class ManagedArray<T> extends AbstractProxy<Verb> implements Iterable<T> {
    private static final long serialVersionUID = 1;

    private final transient ValueType<?> type;
    private final transient int length;

    ManagedArray(Remote remote) {
        super(remote);
        String detail = remote.detail();
        this.type = ValueType.of(detail.charAt(0));
        this.length = Integer.parseInt(detail.substring(1));
    }

    /** The number of elements. */
    public int length() {
        return length;
    }

    /** The type of the elements. */
    public ValueType<?> type() {
        return type;
    }

    /**
     * The element at {@code index}.
     *
     * @throws IndexOutOfBoundsException when there is none
     */
    public T get(int index) {
        return call(Verb.GET, index);
    }

    /**
     * Replaces the element at {@code index}.
     *
     * @throws IndexOutOfBoundsException when there is none
     * @throws IllegalArgumentException when {@code value} is out of range or of another class; nothing is changed then
     */
    public void set(int index, T value) {
        Object ignored = call(Verb.SET, index, type.checked(value));
    }

    /** A copy of the elements from {@code from} up to, and without, {@code to}. */
    public List<T> slice(int from, int to) {
        return call(Verb.SLICE, from, to);
    }

    /** A copy of all elements. */
    public List<T> copy() {
        return slice(0, length);
    }

    /** Replaces as many elements as there are {@code values}, from {@code from} on; all of them, or none if one is refused. */
    public void setSlice(int from, List<? extends T> values) {
        Object ignored = call(Verb.SET_SLICE, from, checked(type, values));
    }

    static List<Object> checked(ValueType<?> type, Iterable<?> values) {
        var checked = new ArrayList<Object>();
        for (Object each : values) {
            checked.add(type.checked(each));
        }
        return checked;
    }

    /** Gives the elements as they are when it is made. */
    @Override
    public Iterator<T> iterator() {
        return copy().iterator();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ManagedArray<?> array && array.remote().equals(remote());
    }

    @Override
    public int hashCode() {
        return remote().hashCode();
    }

    /** The typecode and the elements, as Python: {@code array('i', [1, 2, 3])}. */
    @Override
    public String toString() {
        return "array(" + type + ", " + copy() + ")";
    }
}
