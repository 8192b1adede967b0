package io.multijvm.benchmarks;

import io.multijvm.manager.IdleClients;
import io.multijvm.manager.ManagedList;
import io.multijvm.manager.ManagedLock;
import io.multijvm.manager.ManagedMap;
import io.multijvm.manager.Manager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cases of the area {@code manager}. */
record ManagerCases(CPython peer, Effort effort, Manager manager) {
    private static final int ROUNDS = 10;
    private static final int TIMES = 5_000;
    private static final int WARM_UP = 30_000;
    private static final int CLIENTS = 8;
    private static final int TIMES_OF_EACH = 3_000;
    private static final int ENTRIES = 100_000;
    private static final int IDLE = 1_000;
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_MS = 1e6;
    private static final double K_PER_S = 1e6; // thousands a second, of operations per nanosecond
    private static final double KIB_PER_MIB = 1 << 10;
    private static final String CPYTHON = "CPython";

    Row getAndSet() throws IOException, InterruptedException {
        int times = effort.times(TIMES);
        ManagedMap<String, Integer> dict = manager.dict();
        getAndSet(dict, "key", WARM_UP);
        List<Samples> taken = effort.alternate(
                ROUNDS, () -> peer.ask("get_and_set", times), () -> getAndSet(dict, "key", times) / NS_PER_US / times);
        return new Row("dict set + get, one client", taken.get(1), taken.get(0), "us", Goal.atMost(0.25, CPYTHON));
    }

    private static double getAndSet(ManagedMap<String, Integer> dict, String key, long times) {
        long begin = System.nanoTime();
        for (int i = 0; i < times; i++) {
            dict.put(key, i);
            dict.get(key);
        }
        return System.nanoTime() - begin;
    }

    Row eightClients() throws IOException, InterruptedException {
        int times = effort.times(TIMES_OF_EACH);
        ManagedMap<String, Integer> dict = manager.dict();
        var clients = new ArrayList<Partner>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                String key = "key " + i;
                clients.add(Partner.start(count -> (long) getAndSet(dict, key, count)));
            }
            together(clients, WARM_UP / 2);
            List<Samples> taken = effort.alternate(
                    ROUNDS,
                    () -> peer.ask("operations", CLIENTS, times),
                    () -> K_PER_S * 2 * CLIENTS * times / together(clients, times));
            return new Row("the same, 8 clients", taken.get(1), taken.get(0), "k/s", Goal.atLeast(5, CPYTHON));
        } finally {
            for (Partner each : clients) {
                each.close();
            }
        }
    }

    private static double together(List<Partner> clients, int times) throws IOException {
        long begin = System.nanoTime();
        for (Partner each : clients) {
            each.begin(times);
        }
        for (Partner each : clients) {
            each.result();
        }
        return System.nanoTime() - begin;
    }

    Row append() throws IOException, InterruptedException {
        int times = effort.times(TIMES);
        ManagedList<Integer> list = manager.list();
        append(list, WARM_UP);
        List<Samples> taken = effort.alternate(
                ROUNDS, () -> peer.ask("append", times), () -> append(list, times) / NS_PER_US / times);
        return new Row("list append", taken.get(1), taken.get(0), "us", Goal.atMost(0.25, CPYTHON));
    }

    private static double append(ManagedList<Integer> list, int times) {
        long begin = System.nanoTime();
        for (int i = 0; i < times; i++) {
            list.add(i);
        }
        double nanos = System.nanoTime() - begin;
        list.clear();
        return nanos;
    }

    Row bulk() throws IOException, InterruptedException {
        Map<String, Integer> entries = new HashMap<>();
        for (int i = 0; i < ENTRIES; i++) {
            entries.put("key " + i, i);
        }
        bulk(entries, ROUNDS);
        List<Samples> taken =
                effort.alternate(ROUNDS, () -> peer.ask("bulk", ENTRIES), () -> bulk(entries, 1) / NS_PER_MS);
        return new Row(
                "dict with 100,000 entries: putAll, copy to a HashMap",
                taken.get(1),
                taken.get(0),
                "ms",
                Goal.atMost(0.7, CPYTHON));
    }

    private double bulk(Map<String, Integer> entries, int times) {
        double nanos = 0;
        for (int i = 0; i < times; i++) {
            ManagedMap<String, Integer> dict = manager.dict();
            long begin = System.nanoTime();
            dict.putAll(entries);
            Map<String, Integer> copy = new HashMap<>(dict);
            nanos += System.nanoTime() - begin;
            if (copy.size() != entries.size()) {
                throw new IllegalStateException("copied " + copy.size());
            }
        }
        return nanos;
    }

    Row lock() throws IOException, InterruptedException {
        int times = effort.times(TIMES);
        ManagedLock lock = manager.lock();
        lock(lock, WARM_UP);
        List<Samples> taken =
                effort.alternate(ROUNDS, () -> peer.ask("lock", times), () -> lock(lock, times) / NS_PER_US / times);
        return new Row(
                "lock + unlock by proxy, uncontended", taken.get(1), taken.get(0), "us", Goal.atMost(0.25, CPYTHON));
    }

    @SuppressWarnings("LockNotBeforeTry") // nothing happens in between
    private static double lock(ManagedLock lock, int times) {
        long begin = System.nanoTime();
        for (int i = 0; i < times; i++) {
            lock.lock();
            lock.unlock();
        }
        return System.nanoTime() - begin;
    }

    List<Row> idle() throws IOException {
        long pid = manager.process().orElseThrow().pid();
        double memoryBefore = statusOf(pid, "VmRSS:") / KIB_PER_MIB;
        double threadsBefore = statusOf(pid, "Threads:");
        try (var clients = IdleClients.connect(manager, IDLE)) {
            clients.awaitIdle();
            return List.of(
                    reported(
                            "1,000 idle clients: memory of the server",
                            "MiB more",
                            statusOf(pid, "VmRSS:") / KIB_PER_MIB - memoryBefore),
                    reported(
                            "1,000 idle clients: threads of the server",
                            "more",
                            statusOf(pid, "Threads:") - threadsBefore));
        }
    }

    private static Row reported(String name, String unit, double value) {
        return new Row(name, Samples.of(List.of(value)), Samples.NONE, unit, Goal.REPORTED);
    }

    private static double statusOf(long pid, String what) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith(what)) {
                return Double.parseDouble(line.substring(what.length()).strip().split(" ", -1)[0]);
            }
        }
        throw new IOException("no " + what + " of process " + pid);
    }
}
