package io.multijvm.manager;

import io.multijvm.ipc.codec.Passable;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An object of a manager under way: where it lives, and as what. No record, as all that travels. */
final class Passed implements Passable {
    private static final long serialVersionUID = 1;

    /** In the place of a token: goes back to where it lives. */
    static final long HOME = 0;

    /** In the place of a token: comes from where it lives, and the receiver was counted there. */
    static final long LENT = -1;

    private final UUID server;
    private final String address;
    private final long number;
    private final Kind kind;
    private final String detail;
    private final long token;

    Passed(Remote remote, long token) {
        this(remote.server().id(), remote.server().address(), remote.number(), remote.kind(), remote.detail(), token);
    }

    private Passed(UUID server, String address, long number, Kind kind, String detail, long token) {
        this.server = server;
        this.address = address;
        this.number = number;
        this.kind = kind;
        this.detail = detail;
        this.token = token;
    }

    UUID server() {
        return server;
    }

    String address() {
        return address;
    }

    long number() {
        return number;
    }

    Kind kind() {
        return kind;
    }

    String detail() {
        return detail;
    }

    /** What keeps the object for the receiver; or {@link #HOME}, or {@link #LENT}. */
    long token() {
        return token;
    }

    @Override
    public @Nullable Object[] parts() {
        return new Object[] {server, address, number, kind.ordinal(), detail, token};
    }

    /** The proxy of which {@link #parts} has told. */
    static Object arrived(@Nullable Object[] parts) throws ObjectStreamException {
        int kind = (int) parts[3];
        if (kind < 0 || kind >= Kind.ALL.length) {
            throw new InvalidObjectException("a kind of object that is not known here: " + kind);
        }
        return new Passed((UUID) parts[0], (String) parts[1], (long) parts[2], Kind.ALL[kind], (String) parts[4], (long)
                        parts[5])
                .readResolve();
    }

    @Serial
    private Object readResolve() throws ObjectStreamException {
        return Servers.of(server, address).arrived(this).proxy();
    }
}
