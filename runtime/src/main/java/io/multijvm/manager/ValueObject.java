package io.multijvm.manager;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A value in the server. */
final class ValueObject extends ExclusiveObject {
    /** What can be asked of it. */
    enum Verb {
        GET,
        SET,
        GET_AND_SET,
        COMPARE_AND_SET,
        UPDATE_AND_GET,
        GET_AND_UPDATE
    }

    private static final Verb[] VERBS = Verb.values();

    private @Nullable Object value; // of the call that is alone here

    ValueObject(@Nullable Object initial) {
        this.value = initial;
    }

    @Override
    @Nullable
    Object serveAlone(Call call) throws Exception {
        Object before = value;
        return switch (call.verb(VERBS)) {
            case GET -> before;
            case SET -> {
                value = call.argument(0);
                yield null;
            }
            case GET_AND_SET -> {
                value = call.argument(0);
                yield before;
            }
            case COMPARE_AND_SET -> {
                boolean equal = Objects.equals(before, call.argument(0));
                value = equal ? call.argument(1) : before;
                yield equal;
            }
            case UPDATE_AND_GET -> {
                value = updated(call, before);
                yield value;
            }
            case GET_AND_UPDATE -> {
                value = updated(call, before);
                yield before;
            }
        };
    }

    private static @Nullable Object updated(Call call, @Nullable Object before) throws Exception {
        UnaryOperator<@Nullable Object> update = call.argument(0);
        return call.function(() -> update.apply(before));
    }
}
