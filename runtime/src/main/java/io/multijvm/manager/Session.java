package io.multijvm.manager;

import io.multijvm.ipc.FaultPoint;
import io.multijvm.ipc.Survival;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What a server keeps for one of its clients, a process, as long as that has a connection to it. */
final class Session {
    private final LocalServer server;
    private final UUID client;
    private final String name;
    private final Map<Long, Loan> loans = new HashMap<>(); // guarded by this, as is all below
    private final Set<ServedObject> watching = new HashSet<>();
    private int connections;
    private boolean inOrder;

    Session(LocalServer server, UUID client, String name) {
        this.server = server;
        this.client = client;
        this.name = name;
    }

    /** An object that the client has, and how often it was given it. */
    private static final class Loan {
        @SuppressWarnings("UnusedVariable") // keeps it
        final Entry entry;

        long times;

        Loan(Entry entry) {
            this.entry = entry;
        }
    }

    LocalServer server() {
        return server;
    }

    UUID client() {
        return client;
    }

    /** From now on, until the client has ended, {@code object} is to be told of that end; again changes nothing. */
    synchronized void watch(ServedObject object) {
        watching.add(object);
    }

    /** It holds nothing for this client any more. */
    synchronized void unwatch(ServedObject object) {
        watching.remove(object);
    }

    /** The client is given the object, once more perhaps. */
    synchronized void lend(Entry entry) {
        loans.computeIfAbsent(entry.number(), number -> new Loan(entry)).times++;
    }

    /** The client had been given the object so often, and has it no more. */
    synchronized void giveBack(long number, long times) {
        Loan loan = loans.get(number);
        if (loan != null) {
            loan.times -= times;
            if (loan.times <= 0) {
                loans.remove(number);
            }
        }
    }

    synchronized int objects() {
        return loans.size();
    }

    synchronized void connected() {
        connections++;
    }

    /** Returns whether that was the last connection. */
    synchronized boolean disconnected() {
        connections--;
        return connections == 0;
    }

    synchronized void goodbye() {
        inOrder = true;
    }

    /** Frees what the client held. */
    void end() {
        List<ServedObject> held;
        boolean orderly;
        synchronized (this) {
            held = new ArrayList<>(watching);
            watching.clear();
            loans.clear();
            orderly = inOrder;
        }
        for (ServedObject each : held) {
            free(each, orderly);
        }
    }

    /** Others may wait for what this client held. */
    private void free(ServedObject object, boolean orderly) {
        for (int i = 0; i < ServedConnection.TRIES; i++) {
            try {
                FaultPoint.reach("manager-client-gone");
                object.clientGone(this, orderly);
                return;
            } catch (RuntimeException | Error e) {
                Survival.of(e);
            }
        }
    }

    @Override
    public String toString() {
        return "process " + name;
    }
}
