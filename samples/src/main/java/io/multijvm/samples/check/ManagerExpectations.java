package io.multijvm.samples.check;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;

/** The section of the manager. */
final class ManagerExpectations {
    static final Map<String, Expectation> ALL = Map.ofEntries(
            entry("manager-dict-list", ManagerExpectations::dictAndList),
            entry("manager-names", ManagerExpectations::names),
            entry("manager-race", ManagerExpectations::race),
            entry("manager-lifetime", ManagerExpectations::lifetime),
            entry("manager-types", ManagerExpectations::types),
            entry("manager-pool-lock", ManagerExpectations::poolLock),
            entry("manager-custom", ManagerExpectations::custom));

    private ManagerExpectations() {}

    private static void dictAndList(Shown shown) {
        shown.exactly(
                "dict: {1=1, 2=2, 0.25=null}",
                "list: [666]",
                "the managed list in the dict: [666, appended later]",
                "the plain list in the dict: [1, 2], each time another copy: true");
    }

    private static void names(Shown shown) {
        shown.exactly(
                "process 1: 10 under its name, 10 under its pid",
                "process 2: 12 under its name, 12 under its pid",
                "process 3: 13 under its name, 13 under its pid",
                "process 4: 14 under its name, 14 under its pid",
                "keys: 8");
    }

    private static void race(Shown shown) {
        shown.exactly(
                "without a lock: {count=99}",
                "with a lock between processes: {count=80}",
                "with a lock of the manager: {count=80}",
                "with merge: {count=80}");
    }

    private static void lifetime(Shown shown) {
        shown.exactly(
                "joined: {count=99}",
                "child waits at a queue, manager closed: ManagerGoneException",
                "child uses the dict, manager closed: ManagerGoneException",
                "parent uses the dict, manager closed: ManagerGoneException",
                "child waits at a queue, manager killed: ManagerGoneException",
                "child uses the dict, manager killed: ManagerGoneException",
                "parent uses the dict, manager killed: ManagerGoneException");
    }

    private static void types(Shown shown) {
        shown.has(
                "list: [1, 2, 3, 4]",
                "dict: {a=1, b=2}",
                "set: [x, y]",
                "Namespace: Namespace(name='Bob')",
                "Value: 42",
                "Array: [1.0, 2.5, 3.0]",
                "Lock, child: had false",
                "RLock, child: had false",
                "Semaphore, child: had true, once more false",
                "BoundedSemaphore, child: refuses a release too many",
                "RLock: held 2 times",
                "Semaphore: free 2",
                "Event, child: set",
                "Barrier: both are there",
                "Condition: true, [7]",
                "JoinableQueue, child: has got task",
                "JoinableQueue: all is done, unfinished 0",
                "Queue: [a, b, c], full true, first a",
                "LIFO queue: [c, b, a]",
                "priority queue: [-5, 1, 3]",
                "Pool: [1, 4, 9]");
        shown.size(21);
    }

    private static void poolLock(Shown shown) {
        for (var lock : List.of("lock of a manager", "lock between processes")) {
            Require.numbers(shown.numbers(lock + ": ticket (\\d+) sold by \\d+"), 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
            shown.has(lock + ": left 0");
        }
        shown.size(22);
    }

    private static void custom(Shown shown) {
        shown.exactly(
                "deposits of: [first, second]",
                "left: 100",
                "lives in the server: true",
                "refused: balance 100, wanted 1000");
    }
}
