package io.multijvm.manager;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a manager, in the process where they live; {@link Reception} is how others reach them. Calls from this very
 * process, by functions that run in it say, go to the objects straight away; what they take and give is copied all the same.
 */
final class LocalServer extends Server {
    private final String address;
    private final byte[] key;
    private final @Nullable ObjectInputFilter filter;
    private final ObjectTable table = new ObjectTable(this);
    private final OwnTypes types = new OwnTypes(this);
    private final Map<UUID, Session> sessions = new HashMap<>(); // guarded by itself
    private final Session here;
    private final CountDownLatch ended = new CountDownLatch(1);

    LocalServer(String address, byte[] key, @Nullable ObjectInputFilter filter) {
        super(Servers.newId());
        this.address = address;
        this.key = key.clone();
        this.filter = filter;
        this.here = new Session(this, Servers.THIS_PROCESS, "of the manager itself");
    }

    @Override
    String address() {
        return address;
    }

    @Override
    byte[] key() {
        return key.clone();
    }

    @Override
    boolean awaitEnd(Deadline deadline) throws InterruptedException {
        return ended.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    }

    OwnTypes types() {
        return types;
    }

    ObjectTable table() {
        return table;
    }

    /** What messages may have in them; null: anything. */
    @Nullable
    ObjectInputFilter filter() {
        return filter;
    }

    /** The session of a client that has made a connection. */
    Session connected(UUID client, String name) {
        synchronized (sessions) {
            Session session = sessions.computeIfAbsent(client, id -> new Session(this, id, name));
            session.connected();
            return session;
        }
    }

    void disconnected(Session session) {
        synchronized (sessions) {
            if (!session.disconnected()) {
                return;
            }
            sessions.remove(session.client());
        }
        session.end();
    }

    /** Serves a call, whoever makes it. */
    @Nullable
    Object serve(Session caller, @Nullable Origin origin, @Nullable Object[] message) throws Exception {
        if (message.length < 2 || !(message[0] instanceof Long number) || !(message[1] instanceof Integer)) {
            throw new IllegalArgumentException("not a call");
        }
        var call = new Call(caller, origin, message);
        return number == ITSELF
                ? serveItself(call)
                : table.find(number).object().serve(call);
    }

    private @Nullable Object serveItself(Call call) throws Exception {
        ServerVerb verb = call.verb(ServerVerb.ALL);
        return switch (verb) {
            case CREATE -> create(call);
            case CREATE_OWN -> types.create(call.argument(0), call.argumentsFrom(1));
            case REGISTER -> {
                types.register(call.argument(0));
                yield null;
            }
            case PIN -> table.pin(table.find(call.<Long>argument(0)));
            case ATTACH -> {
                Entry entry = table.find(call.<Long>argument(0));
                call.caller().lend(entry);
                table.unpin(call.<Long>argument(1));
                yield null;
            }
            case RELEASE -> {
                call.caller().giveBack(call.<Long>argument(0), call.<Long>argument(1));
                yield null;
            }
            case GOODBYE -> {
                call.caller().goodbye();
                yield null;
            }
            case STATISTICS -> statistics();
            case CANCEL, HATCH, SHUTDOWN -> null; // done by who has the connection
            case HELLO -> throw new IllegalArgumentException("said hello already");
        };
    }

    private Object create(Call call) throws Exception {
        Kind kind = Kind.ALL[(int) call.argument(0)];
        return add(kind, kind.detail(call), kind.make(this, call)).proxy();
    }

    /** A new object, as this process refers to it. */
    Remote add(Kind kind, String detail, ServedObject object) {
        return table.add(kind, detail, object).remote();
    }

    private Map<String, Object> statistics() {
        synchronized (sessions) {
            return new HashMap<>(Map.of(
                    "objects", table.entries().size(),
                    "clients", sessions.size(),
                    "threads", Thread.activeCount()));
        }
    }

    @Override
    @Nullable
    Object call(@Nullable Object[] message, boolean interruptibly) throws InterruptedException {
        if (interruptibly && Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (ended.getCount() == 0) {
            throw new ManagerGoneException("the manager's server at " + address + " is shut down", null);
        }
        try {
            @Nullable Object[] copy = (@Nullable Object[]) copy(message);
            @Nullable Object[] call = copy == null ? new Object[0] : copy;
            return copy(interruptibly ? serve(here, null, call) : serveUninterruptibly(call));
        } catch (Exception e) {
            throw Sneaky.hidden(e);
        }
    }

    /** A call that is interrupted has done nothing, and is made again. */
    private @Nullable Object serveUninterruptibly(@Nullable Object[] call) throws Exception {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return serve(here, null, call);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private @Nullable Object copy(@Nullable Object value) {
        try (Encoded encoded = Destination.encode(value, this)) {
            return Codec.decode(encoded.array(), encoded.length(), encoded.descriptors(), Codec.loader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a class that was here a moment ago", e);
        }
    }

    @Override
    Passed pass(Remote remote, @Nullable Object destination) {
        Entry entry = remote.entry();
        if (destination == this || entry == null) {
            return new Passed(remote, Passed.HOME); // none: it stands for this itself
        }
        if (destination instanceof Session session && session.server() == this) {
            session.lend(entry);
            return new Passed(remote, Passed.LENT);
        }
        return new Passed(remote, table.pin(entry));
    }

    @Override
    Remote arrived(Passed passed) {
        if (passed.number() == ITSELF) {
            return itself();
        }
        Entry entry = table.find(passed.number());
        if (passed.token() > Passed.HOME) {
            table.unpin(passed.token());
        }
        return entry.remote();
    }

    /** Ends what lives here; called once. */
    void end() {
        ended.countDown();
        Servers.remove(this);
        for (Entry each : table.entries()) {
            Reception.quietly(each.object()::serverEnds);
        }
    }
}
