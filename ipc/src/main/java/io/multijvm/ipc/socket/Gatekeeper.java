package io.multijvm.ipc.socket;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import io.multijvm.ipc.os.Bell;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Poller;
import io.multijvm.ipc.os.PosixException;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets those in who know the key. Any number of handshakes go on at a time, on one thread that waits for no one of them,
 * so that somebody who is silent or slow keeps nobody else.
 *
 * <p>What a stranger can use up is bounded: {@link #MOST_VISITORS} descriptors, {@link #PATIENCE} of time, and
 * {@link MessageChannel#SMALL} bytes of memory each. When all places are taken the one who has been there longest has to
 * go, but none before it had {@link #GRACE}; until then those to come wait in the socket's backlog, as they do while
 * {@link #MOST_WAITING} connections wait to be taken. Of wrong keys {@link #MOST_WAITING} are remembered; all else that
 * goes wrong is only counted.
 *
 * <pre>
 *   connected ──▶ visitor ──▶ admitted ──▶ take
 *                    │ ├────▶ refused: wrong key ──▶ take throws
 *                    │ └────▶ dropped: garbage, end-of-file, too late
 *                    └──────▶ dropped: all places taken
 * </pre>
 */
public final class Gatekeeper implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofMillis(50);
    private static final int MOST_VISITORS = 512;
    private static final int MOST_WAITING = 128;
    private static final int AT_ONCE = 32;

    private final ListeningSocket door;
    private final byte[] key;
    private final Duration patience;
    private final Poller<Event> poller = new Poller<>();
    private final Bell bell = new Bell(); // rings while there is something to take
    private final ArrayDeque<ListeningSocket.Arrival> admitted = new ArrayDeque<>(); // guarded by this, as are the next
    private final ArrayDeque<Refused> refused = new ArrayDeque<>();
    private long dropped;
    private boolean closed;
    private @Nullable IOException failure;

    private final Set<Visitor> visitors = new LinkedHashSet<>(); // the oldest first; the thread's own, as is the next
    private Deadline doorOpens = Deadline.never(); // never: it is open

    private record Refused(@Nullable SocketAddress from) {}

    /** What the thread does when a descriptor is readable. */
    private interface Event {
        void occur() throws IOException;
    }

    /** Somebody whose handshake is under way. */
    private final class Visitor implements Event {
        final ListeningSocket.Arrival arrival;
        final Handshake.Acceptance handshake;
        final Deadline graceEnds = Deadline.after(GRACE);
        final Deadline over = Deadline.after(patience);

        Visitor(ListeningSocket.Arrival arrival) throws IOException {
            this.arrival = arrival;
            this.handshake = new Handshake.Acceptance(arrival.channel(), key);
        }

        @Override
        public void occur() throws IOException {
            if (!visitors.contains(this)) {
                return; // dropped in this very round
            }
            try {
                if (handshake.advance()) {
                    leave(this);
                    admit(arrival);
                }
            } catch (AuthenticationException e) {
                leave(this);
                arrival.channel().close();
                refuse(arrival);
            } catch (IOException e) {
                drop(this);
            } catch (RuntimeException | Error e) {
                drop(this);
                throw e;
            }
        }
    }

    private Gatekeeper(ListeningSocket door, byte[] key, Duration patience) throws IOException {
        this.door = door;
        this.key = key.clone();
        this.patience = patience;
    }

    /** Answers all who connect to {@code door} from now on. */
    public static Gatekeeper start(ListeningSocket door, byte[] key) throws IOException {
        return start(door, key, PATIENCE);
    }

    static Gatekeeper start(ListeningSocket door, byte[] key, Duration patience) throws IOException {
        var gatekeeper = new Gatekeeper(door, key, patience);
        gatekeeper.poller.add(door.descriptor(), gatekeeper::letSomeIn);
        var thread = new Thread(gatekeeper::serve, "multijvm-gatekeeper");
        thread.setDaemon(true);
        thread.start();
        return gatekeeper;
    }

    /**
     * The next who has proved to know the key, waiting for one.
     *
     * @throws AuthenticationException when somebody took part in the handshake with another key
     * @throws ClosedChannelException when this is closed
     */
    public ListeningSocket.Arrival take() throws IOException {
        while (true) {
            synchronized (this) {
                ListeningSocket.Arrival next = next();
                if (next != null) {
                    return next;
                }
            }
            bell.descriptor().awaitReadable(Deadline.never());
        }
    }

    private ListeningSocket.@Nullable Arrival next() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (failure != null) {
            throw new IOException("the listener has failed: " + failure.getMessage(), failure);
        }
        ListeningSocket.Arrival next = admitted.poll();
        Refused wrong = next == null ? refused.poll() : null;
        if (admitted.isEmpty() && refused.isEmpty()) {
            bell.silence();
        }
        if (admitted.size() == MOST_WAITING - 1) {
            poller.wakeUp();
        }
        if (wrong != null) {
            throw new AuthenticationException(
                    Handshake.WRONG + (wrong.from() == null ? "" : "; it came from " + wrong.from()));
        }
        return next;
    }

    /** Readable while {@link #take} would not wait. */
    public Descriptor descriptor() {
        return bell.descriptor();
    }

    /** How many connections have been closed for anything but a wrong key. */
    public synchronized long dropped() {
        return dropped;
    }

    /** Ends the handshakes under way, and those waiting in {@link #take}; the door is the caller's. */
    @Override
    public void close() {
        List<ListeningSocket.Arrival> left;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            left = new ArrayList<>(admitted);
            admitted.clear();
        }
        left.forEach(arrival -> arrival.channel().close());
        bell.close();
        poller.wakeUp();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized boolean isCrowded() {
        return admitted.size() >= MOST_WAITING;
    }

    private void serve() {
        try {
            while (!isClosed()) {
                serveSome();
            }
        } catch (ClosedChannelException e) {
            // the listener was closed
        } catch (IOException e) {
            fail(e);
        } finally {
            visitors.forEach(visitor -> visitor.arrival.channel().close());
            poller.close();
        }
    }

    private void serveSome() throws IOException {
        try {
            FaultPoint.reach("gatekeeper");
            for (Event event : poller.await(nextTimeout())) {
                event.occur();
            }
            dropTheLate();
            openDoor();
        } catch (RuntimeException | Error e) {
            Survival.of(e); // what was ready is ready still
        }
    }

    private synchronized void fail(IOException e) {
        if (!closed) {
            failure = e;
            try {
                bell.ring();
            } catch (IOException unheard) {
                e.addSuppressed(unheard);
            }
        }
    }

    private Deadline nextTimeout() {
        Deadline next = doorOpens;
        Iterator<Visitor> oldest = visitors.iterator();
        if (oldest.hasNext()) {
            Deadline over = oldest.next().over;
            next = over.remainingNanos() < next.remainingNanos() ? over : next;
        }
        return next;
    }

    private void letSomeIn() throws IOException {
        for (int i = 0; i < AT_ONCE; i++) {
            if (isCrowded()) {
                closeDoor(Deadline.after(PATIENCE)); // take wakes us up earlier
                return;
            }
            if (visitors.size() >= MOST_VISITORS) {
                Visitor oldest = visitors.iterator().next();
                if (!oldest.graceEnds.isOver()) {
                    closeDoor(oldest.graceEnds);
                    return;
                }
                drop(oldest);
            }
            if (!letOneIn()) {
                return;
            }
        }
    }

    private boolean letOneIn() throws IOException {
        ListeningSocket.Arrival arrival;
        try {
            arrival = door.acceptNow();
        } catch (PosixException e) {
            if (!e.isShortage()) {
                throw e;
            }
            if (visitors.isEmpty()) {
                closeDoor(Deadline.after(GRACE));
                return false;
            }
            drop(visitors.iterator().next());
            return true;
        }
        if (arrival == null) {
            return false;
        }
        Visitor visitor = null;
        try {
            visitor = new Visitor(arrival);
            visitors.add(visitor);
            poller.add(arrival.channel().descriptor(), visitor);
        } catch (IOException e) {
            dropNew(arrival, visitor);
        } catch (RuntimeException | Error e) {
            dropNew(arrival, visitor);
            throw e;
        }
        return true;
    }

    private void dropNew(ListeningSocket.Arrival arrival, @Nullable Visitor visitor) {
        if (visitor == null) {
            arrival.channel().close();
            count();
        } else {
            drop(visitor);
        }
    }

    private synchronized void admit(ListeningSocket.Arrival arrival) throws IOException {
        if (closed) {
            arrival.channel().close();
            return;
        }
        admitted.add(arrival);
        bell.ring();
    }

    private synchronized void refuse(ListeningSocket.Arrival arrival) throws IOException {
        if (!closed && refused.size() < MOST_WAITING) {
            refused.add(new Refused(arrival.from()));
            bell.ring();
        }
    }

    private void dropTheLate() {
        while (!visitors.isEmpty() && visitors.iterator().next().over.isOver()) {
            drop(visitors.iterator().next());
        }
    }

    private void drop(Visitor visitor) {
        leave(visitor);
        visitor.arrival.channel().close();
        count();
    }

    private synchronized void count() {
        dropped++;
    }

    private void leave(Visitor visitor) {
        visitors.remove(visitor);
        poller.remove(visitor.arrival.channel().descriptor());
    }

    private void closeDoor(Deadline until) {
        if (doorOpens == Deadline.never()) {
            poller.remove(door.descriptor());
        }
        doorOpens = until;
    }

    private void openDoor() throws IOException {
        boolean waitsForPlaces = doorOpens != Deadline.never() && !doorOpens.isOver();
        if (doorOpens == Deadline.never() || (waitsForPlaces && (isCrowded() || visitors.size() >= MOST_VISITORS))) {
            return;
        }
        doorOpens = Deadline.never();
        poller.add(door.descriptor(), this::letSomeIn);
    }
}
