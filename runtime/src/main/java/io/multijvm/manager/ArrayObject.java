package io.multijvm.manager;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An array in the server. */
final class ArrayObject extends ExclusiveObject {
    /** What can be asked of it. */
    enum Verb {
        GET,
        SET,
        SLICE,
        SET_SLICE
    }

    private static final Verb[] VERBS = Verb.values();

    private final @Nullable Object[] elements; // of the call that is alone here

    ArrayObject(Collection<?> values) {
        elements = values.toArray();
    }

    @Override
    @Nullable
    Object serveAlone(Call call) throws Exception {
        return switch (call.verb(VERBS)) {
            case GET -> elements[index(call)];
            case SET -> {
                elements[index(call)] = call.argument(1);
                yield null;
            }
            case SLICE -> slice(call.argument(0), call.argument(1));
            case SET_SLICE -> {
                setSlice(call.argument(0), call.argument(1));
                yield null;
            }
        };
    }

    private int index(Call call) {
        return Objects.checkIndex(call.<Integer>argument(0), elements.length);
    }

    private List<@Nullable Object> slice(int from, int to) {
        Objects.checkFromToIndex(from, to, elements.length);
        return new ArrayList<>(Arrays.asList(elements).subList(from, to));
    }

    private void setSlice(int from, List<?> values) {
        Objects.checkFromIndexSize(from, values.size(), elements.length);
        System.arraycopy(values.toArray(), 0, elements, from, values.size());
    }
}
