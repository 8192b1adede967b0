package io.multijvm.manager;

import io.multijvm.ipc.memory.Garbage;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The objects of one server that this process has. The server counts how often it has given one out; here that is counted,
 * too. When the one {@link Remote} that stands for the object in this process is garbage, the count is given back: as
 * another answer with the object may be under way then, a number is given back, and not the object.
 */
final class Loans {
    private final RemoteServer server;
    private final Map<Long, Loan> all = new HashMap<>(); // guarded by this, as are the counts
    private final ConcurrentLinkedQueue<Loan> returned = new ConcurrentLinkedQueue<>(); // not yet said

    Loans(RemoteServer server) {
        this.server = server;
    }

    private static final class Loan {
        final long number;
        final WeakReference<Remote> remote;
        long times;

        Loan(Remote remote, long times) {
            this.number = remote.number();
            this.remote = new WeakReference<>(remote);
            this.times = times;
        }
    }

    /** The object that has arrived, given by the server so many times. */
    Remote lent(Passed passed, int times) {
        Remote fresh;
        Loan loan;
        synchronized (this) {
            Loan before = all.get(passed.number());
            Remote known = before == null ? null : before.remote.get();
            if (before != null && known != null) {
                before.times += times;
                return known;
            }
            fresh = new Remote(server, passed.number(), passed.kind(), passed.detail(), null);
            loan = new Loan(fresh, times);
            all.put(passed.number(), loan);
        }
        Garbage.whenCollected(fresh, () -> giveBack(loan));
        return fresh;
    }

    private void giveBack(Loan loan) {
        synchronized (this) {
            all.remove(loan.number, loan);
        }
        returned.add(loan);
        server.giveBackLoans();
    }

    /** Says on {@code line}, unless that would have to wait, what is to be given back. */
    void giveBackBy(Line line) {
        for (Loan loan = returned.poll(); loan != null; loan = returned.poll()) {
            boolean said = false;
            try {
                said = line.release(loan.number, timesOf(loan));
            } finally {
                if (!said) {
                    returned.add(loan);
                }
            }
            if (!said) {
                return;
            }
        }
    }

    private synchronized long timesOf(Loan loan) {
        return loan.times;
    }
}
