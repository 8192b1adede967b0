package io.multijvm.ipc.queue;

import static io.multijvm.ipc.queue.QueueLayout.AGAIN;
import static io.multijvm.ipc.queue.QueueLayout.FINISHED;
import static io.multijvm.ipc.queue.QueueLayout.GONE;
import static io.multijvm.ipc.queue.QueueLayout.HEAD;
import static io.multijvm.ipc.queue.QueueLayout.LOW;
import static io.multijvm.ipc.queue.QueueLayout.LOW_AT;
import static io.multijvm.ipc.queue.QueueLayout.LOW_BASE;
import static io.multijvm.ipc.queue.QueueLayout.PUT;

import io.multijvm.ipc.memory.Block;
import io.multijvm.ipc.sync.Domain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * What happens to the items of a joinable queue after they are taken; all of it under the lock of those who take.
 *
 * <p>An item that is taken stays in the log, marked with the number of the process that has it, until it is acknowledged.
 * What a dead process has not acknowledged becomes free again, with the mark that it is redelivered, and goes before all that
 * nobody has had yet. Everything before {@code LOW} is done; {@code LOW} never passes the head.
 */
final class Acknowledgement {
    private static final long BETWEEN_LOOKS_NANOS = Duration.ofMillis(150).toNanos();

    private final Domain domain;
    private final Block block;
    private final Segments segments;
    private final ArrayDeque<Held> held = new ArrayDeque<>(); // by this process; used under the lock
    private long looked = System.nanoTime() - BETWEEN_LOOKS_NANOS; // for the dead; racy on purpose

    Acknowledgement(Domain domain, Block block, Segments segments) {
        this.domain = domain;
        this.block = block;
        this.segments = segments;
    }

    /** Whether somebody who need not wait should look for the dead, whose items go before those he would get. */
    boolean isTimeToLook() {
        if (block.getLongVolatile(HEAD) == block.getLongVolatile(LOW)
                || System.nanoTime() - looked < BETWEEN_LOOKS_NANOS) {
            return false;
        }
        looked = System.nanoTime();
        return true;
    }

    Cursor low() throws IOException {
        return new Cursor(segments, block.getLong(LOW), block.getLong(LOW_BASE), (int) block.getLong(LOW_AT));
    }

    /** The first item that is free again; there is one. */
    Cursor again() throws IOException {
        Cursor at = low();
        while (!at.isFree()) {
            at.advance();
        }
        return at;
    }

    /** Notes that this thread has taken the item. */
    void took(Cursor at) {
        if (at.owner() == Segment.CREDIT) {
            mark(at, Segment.DONE);
        } else {
            mark(at, domain.number());
            held.add(new Held(Thread.currentThread().getId(), at.place()));
        }
    }

    private static final class Held {
        final long thread;
        final Item.Place place;

        Held(long thread, Item.Place place) {
            this.thread = thread;
            this.place = place;
        }
    }

    private static void mark(Cursor at, int owner) {
        at.state((at.state() & ~Segment.OWNER) | owner);
    }

    /** As {@link ItemQueue#acknowledge(Item.Place)}. */
    boolean acknowledge(Item.Place place) throws IOException {
        for (Iterator<Held> each = held.iterator(); each.hasNext(); ) {
            if (each.next().place.sequence == place.sequence) {
                each.remove();
                return finishIfHeld(place);
            }
        }
        return false;
    }

    /** As {@link ItemQueue#acknowledge()}. */
    boolean acknowledgeOldest() throws IOException {
        long thread = Thread.currentThread().getId();
        for (Iterator<Held> each = held.iterator(); each.hasNext(); ) {
            Held one = each.next();
            if (one.thread == thread) {
                each.remove();
                if (finishIfHeld(one.place)) {
                    return true;
                }
            }
        }
        while (!held.isEmpty()) {
            if (finishIfHeld(held.remove().place)) {
                return true;
            }
        }
        return acknowledgeForOthers();
    }

    /** False when somebody else has acknowledged it for this process. */
    private boolean finishIfHeld(Item.Place place) throws IOException {
        if (place.sequence < block.getLong(LOW)) {
            return false;
        }
        var at = new Cursor(segments, place.sequence, place.base, place.at);
        if (at.owner() != domain.number()) {
            return false;
        }
        finish(at);
        return true;
    }

    /** The oldest item that some process has, or else, in advance, the first that nobody has. */
    private boolean acknowledgeForOthers() throws IOException {
        long put = block.getLongVolatile(PUT);
        long head = block.getLong(HEAD);
        Cursor free = null;
        for (long sequence = block.getLong(LOW); sequence < put && (sequence < head || free == null); sequence++) {
            Cursor at = new Cursor(segments, sequence, -1, 0);
            if (at.isHeld()) {
                finish(at);
                return true;
            }
            if (at.owner() == Segment.FREE && free == null) {
                free = at;
            }
        }
        if (free == null) {
            return false;
        }
        mark(free, Segment.CREDIT);
        block.setLongVolatile(FINISHED, block.getLong(FINISHED) + 1);
        return true;
    }

    private void finish(Cursor at) throws IOException {
        Path file = at.segment().file(at.at(), segments.storage());
        mark(at, Segment.DONE);
        if (file != null) {
            Files.deleteIfExists(file);
        }
        finished(1);
    }

    /** Counts items that are finished now, and gives back the space of those before the first that is not. */
    void finished(int count) throws IOException {
        block.setLongVolatile(FINISHED, block.getLong(FINISHED) + count);
        long head = block.getLong(HEAD);
        long put = block.getLongVolatile(PUT);
        long sequence = block.getLong(LOW);
        if (sequence == head) {
            return;
        }
        Cursor at = low();
        long base = at.segment().base;
        while (at.isDone()) {
            sequence++;
            block.setLong(LOW_AT, at.past());
            block.setLong(LOW_BASE, at.segment().base);
            block.setLongVolatile(LOW, sequence);
            if (sequence == head || sequence == put) {
                break;
            }
            at.advance();
        }
        if (sequence < put && segments.of(sequence).base != base) {
            segments.forgetBefore(sequence);
        }
    }

    /** Frees what dead processes have; returns how many items that are. */
    int reclaim() throws IOException {
        looked = System.nanoTime();
        long head = block.getLong(HEAD);
        if (block.getLong(LOW) == head) {
            return 0;
        }
        int freed = 0;
        int known = domain.number();
        boolean dead = false;
        for (Cursor at = low(); ; at.advance()) {
            if (at.isHeld()) {
                if (at.owner() != known) {
                    known = at.owner();
                    dead = !domain.isAlive(known);
                }
                if (dead) {
                    at.state((at.state() & ~Segment.OWNER) | Segment.REDELIVERED);
                    block.setInt(AGAIN, block.getInt(AGAIN) + 1);
                    block.setLongVolatile(GONE, block.getLong(GONE) - 1);
                    freed++;
                }
            }
            if (at.sequence() + 1 == head) {
                return freed;
            }
        }
    }
}
