package io.multijvm.manager;

import java.io.ObjectInputFilter;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A program's filter of what may be sent to a manager: not asked of what a message itself consists of. */
final class RequestFilter implements ObjectInputFilter {
    private static final int MESSAGE_DEPTH = 2;

    private final ObjectInputFilter wanted;

    RequestFilter(ObjectInputFilter wanted) {
        this.wanted = wanted;
    }

    @Override
    public Status checkInput(FilterInfo info) {
        return isMessage(info.serialClass(), info.depth()) ? Status.ALLOWED : wanted.checkInput(info);
    }

    private static boolean isMessage(@Nullable Class<?> type, long depth) {
        return type == Long.class
                || type == Integer.class
                || type == Passed.class
                || (depth <= MESSAGE_DEPTH && (type == Object[].class || type == UUID.class));
    }
}
