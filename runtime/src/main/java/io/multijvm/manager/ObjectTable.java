package io.multijvm.manager;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a server by number. It keeps none of them: an object stays as long as a client has it, it is under way to
 * one, or another object has it; so says this JVM's own garbage collector, cycles included.
 */
final class ObjectTable {
    private final LocalServer server;
    private final Map<Long, Numbered> all = new HashMap<>(); // guarded by this, as is all below
    private final ReferenceQueue<Entry> garbage = new ReferenceQueue<>();
    private final Map<Identity, Numbered> byTarget = new HashMap<>();
    private final ReferenceQueue<Object> garbageTargets = new ReferenceQueue<>();
    private final Map<Long, Entry> underWay = new HashMap<>(); // by token
    private long lastNumber = Server.ITSELF;
    private long lastToken = Passed.HOME;

    ObjectTable(LocalServer server) {
        this.server = server;
    }

    private static final class Numbered extends WeakReference<Entry> {
        final long number;

        Numbered(Entry entry, ReferenceQueue<Entry> garbage) {
            super(entry, garbage);
            this.number = entry.number();
        }
    }

    /** An object, equal to itself only. */
    private static final class Identity extends WeakReference<Object> {
        private final int hash;

        Identity(Object object, @Nullable ReferenceQueue<Object> garbage) {
            super(object, garbage);
            this.hash = System.identityHashCode(object);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other || (other instanceof Identity identity && get() != null && get() == identity.get());
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** Numbers an object; the caller keeps the entry. */
    synchronized Entry add(Kind kind, String detail, ServedObject object) {
        removeGarbage();
        lastNumber++;
        var entry = new Entry(server, lastNumber, kind, detail, object);
        all.put(lastNumber, new Numbered(entry, garbage));
        return entry;
    }

    /** As {@link #add}, for an object of a program's class, which is always the same object here. */
    synchronized Entry addTarget(Object target, String detail, ServedObject object) {
        Entry known = ofTarget(target);
        if (known != null) {
            return known;
        }
        Entry entry = add(Kind.OWN, detail, object);
        byTarget.put(new Identity(target, garbageTargets), new Numbered(entry, garbage));
        return entry;
    }

    /** What {@link #addTarget} has made for {@code target}, if it is still there. */
    synchronized @Nullable Entry ofTarget(Object target) {
        Numbered known = byTarget.get(new Identity(target, null));
        return known == null ? null : known.get();
    }

    /** The object of that number. */
    synchronized Entry find(long number) {
        Numbered numbered = all.get(number);
        Entry entry = numbered == null ? null : numbered.get();
        if (entry == null) {
            throw new ObjectGoneException("the manager has no object " + number
                    + (number <= lastNumber ? " any more: nobody referred to it" : ""));
        }
        return entry;
    }

    /** Keeps the object until the token is shown. */
    synchronized long pin(Entry entry) {
        lastToken++;
        underWay.put(lastToken, entry);
        return lastToken;
    }

    /** The token was shown. */
    synchronized void unpin(long token) {
        underWay.remove(token);
    }

    /** All objects that are there. */
    synchronized List<Entry> entries() {
        var entries = new ArrayList<Entry>();
        for (Numbered each : all.values()) {
            Entry entry = each.get();
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private void removeGarbage() {
        for (Object each = garbage.poll(); each != null; each = garbage.poll()) {
            all.remove(((Numbered) each).number, each);
        }
        for (Object each = garbageTargets.poll(); each != null; each = garbageTargets.poll()) {
            byTarget.remove((Identity) each);
        }
    }
}
