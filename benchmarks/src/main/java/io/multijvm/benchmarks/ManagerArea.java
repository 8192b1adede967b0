package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import io.multijvm.manager.Manager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Managers: what a call of a proxy costs, alone and among others, and what clients cost that do nothing. */
final class ManagerArea implements Area {

    @Override
    public List<String> notes() {
        return List.of(
                "Both sides take turns in each round; each has one server process, reached over a Unix-domain socket.",
                "8 clients: processes that set and get an entry of one dict each, from the first's begin to the last's end.",
                "100,000 entries: of a string and an integer each, put in one call and copied in another into an empty map.",
                "Idle: clients with a connection each that have called once; what the server's process takes more than"
                        + " before, and the threads that serve it.");
    }

    @Override
    public List<Row> measure(CPython peer, Scratch scratch, Effort effort) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        try (Manager manager = MultiJvm.manager()) {
            var cases = new ManagerCases(peer, effort, manager);
            rows.add(cases.getAndSet());
            rows.add(cases.eightClients());
            rows.add(cases.append());
            rows.add(cases.bulk());
            rows.add(cases.lock());
        }
        try (Manager manager = MultiJvm.manager()) {
            rows.addAll(new ManagerCases(peer, effort, manager).idle());
        }
        return rows;
    }
}
