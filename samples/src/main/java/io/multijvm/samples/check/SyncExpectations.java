package io.multijvm.samples.check;

import static java.util.Map.entry;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The section of synchronisation between processes. */
final class SyncExpectations {
    static final Map<String, Expectation> ALL = Map.ofEntries(
            entry("sync-output", SyncExpectations::output),
            entry("sync-tickets-race", SyncExpectations::ticketsRace),
            entry("sync-tickets-lock", SyncExpectations::ticketsLock),
            entry("sync-lock-args", SyncExpectations::lockArgs),
            entry("sync-semaphore-ktv", SyncExpectations::semaphore),
            entry("sync-event-basic", SyncExpectations::event),
            entry("sync-event-lights", SyncExpectations::lights),
            entry("sync-rlock", SyncExpectations::rlock),
            entry("sync-deadlock", SyncExpectations::deadlock),
            entry("sync-condition", SyncExpectations::condition),
            entry("sync-barrier", SyncExpectations::barrier));

    private static final Pattern CHANGE = Pattern.compile("(?:putter [01]: (50)|taker [012]: (-20)), count is (\\d+)");

    private SyncExpectations() {}

    private static void output(Shown shown) {
        var free = shown.between("without a lock:", "with a lock:");
        Require.size(free, 6);
        Require.that(free.subList(0, 3).stream().allMatch(line -> line.endsWith(" is running")), "all run first");
        Require.that(free.subList(3, 6).stream().allMatch(line -> line.endsWith(" is done")), "then all are done");
        var locked = shown.after("with a lock:");
        Require.different(locked, 6);
        for (int i = 0; i < locked.size(); i += 2) {
            Require.equal(locked.get(i + 1), locked.get(i).replace("is running", "is done"));
        }
    }

    private static void ticketsRace(Shown shown) {
        Require.inAnyOrder(shown.numbers("client (\\d) sees 3 tickets"), Require.upTo(10));
        Require.inAnyOrder(shown.numbers("client (\\d) has bought a ticket"), Require.upTo(10));
        shown.ends("10 of 3 tickets sold, 2 left");
    }

    private static void ticketsLock(Shown shown) {
        for (var method : StartMethod.values()) {
            for (var lock : List.of("lock", "reentrant lock")) {
                var office = method + ", " + lock;
                shown.has(office + ": 3 of 3 tickets sold, 0 left");
                Require.size(shown.texts(office + ": client (\\d) has bought a ticket"), 3);
                Require.size(shown.texts(office + ": client (\\d) goes away without"), 7);
            }
        }
    }

    private static void lockArgs(Shown shown) {
        List<String> expected = new ArrayList<>();
        for (var method : MultiJvm.getAllStartMethods()) {
            for (var lock : List.of("lock", "reentrant lock")) {
                for (var way : List.of("captured", "in a field")) {
                    var how = method + ", " + lock + " " + way;
                    expected.add(how + ": child gets it while the parent holds it: false");
                    expected.add(how + ": child has it now");
                }
            }
        }
        Require.atLeast(expected.size(), 2 * 2 * 2 * 2);
        Require.equal(shown.out(), expected);
    }

    private static void semaphore(Shown shown) {
        int inside = 0;
        int most = 0;
        for (var line : shown.out()) {
            inside += line.endsWith(" goes in") ? 1 : line.endsWith(" comes out") ? -1 : 0;
            most = Math.max(most, inside);
        }
        Require.equal(most, 4);
        Require.inAnyOrder(shown.numbers("guest (\\d+) goes in"), Require.upTo(13));
        Require.inAnyOrder(shown.numbers("guest (\\d+) comes out"), Require.upTo(13));
        shown.ends("free rooms in the end: 4");
    }

    private static void event(Shown shown) {
        shown.inOrder(
                "at first it is set: false",
                "child waits, it is set: false",
                "the child goes on before it is set: false",
                "main sets it",
                "child goes on, it is set: true",
                "now it is set: true, waiting says true",
                "cleared it is set: false, waiting says false");
        shown.size(8);
        Require.atLeast(shown.number("waited for (\\d+) ms"), 100);
    }

    private static void lights(Shown shown) {
        var atRed = shown.between("lights: red", "lights: green");
        Require.size(matching(atRed, "car \\d stops at red: true"), 10);
        Require.size(matching(atRed, "police car goes at red.*"), 3);
        for (long millis : shown.numbers("police car goes at red after (\\d+) ms")) {
            Require.atLeast(millis, 100);
        }
        var atGreen = shown.between("lights: green", "lights: red again");
        Require.size(matching(atGreen, "car \\d goes at green: true"), 10);
        Require.size(matching(atGreen, "police car goes at green.*"), 2);
    }

    private static List<String> matching(List<String> lines, String pattern) {
        return lines.stream().filter(line -> line.matches(pattern)).toList();
    }

    private static void rlock(Shown shown) {
        var refusal = shown.line("another process cannot release it: .+");
        Require.equal(
                shown.out().stream().filter(line -> !line.equals(refusal)).toList(),
                List.of(
                        "acquired, held 1 times",
                        "acquired, held 2 times",
                        "acquired, held 3 times",
                        "another process gets it: false",
                        "released, held 2 times",
                        "another process gets it: false",
                        "released, held 1 times",
                        "another process gets it: false",
                        "released, held 0 times",
                        "another process gets it: true",
                        "plain lock, first time: true",
                        "plain lock, second time: false"));
    }

    private static void deadlock(Shown shown) {
        Require.inAnyOrder(
                shown.between("a lock for each account:", "one reentrant lock for both:"),
                List.of(
                        "a to b waits for its second lock",
                        "b to a waits for its second lock",
                        "a to b gives up",
                        "b to a gives up"));
        var underOne = shown.after("one reentrant lock for both:");
        var oneWay = List.of("a to b has both locks", "a to b is done");
        var otherWay = List.of("b to a has both locks", "b to a is done");
        Require.that(
                underOne.equals(joined(oneWay, otherWay)) || underOne.equals(joined(otherWay, oneWay)),
                "one has both locks until it is done, then the other: " + underOne);
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static void condition(Shown shown) {
        shown.begins("notify(2) has woken 2, and another: false", "notify(3) has woken 3, and another: false");
        shown.ends("in the end: 0");
        int count = 0;
        int changes = 0;
        for (var line : shown.out()) {
            var found = CHANGE.matcher(line);
            if (found.matches()) {
                count += found.group(1) == null ? -20 : 50;
                Require.equal(found.group(3), String.valueOf(count));
                Require.that(count >= 0 && count <= 150, "the count stays within bounds: " + line);
                changes++;
            }
        }
        Require.equal(changes, 2 * 6 + 3 * 10);
    }

    private static void barrier(Shown shown) {
        Require.size(matching(shown.out().subList(0, 3), "party \\d arrives"), 3);
        Require.equal(shown.out().get(3), "all have come");
        Require.size(matching(shown.out().subList(4, 7), "party \\d leaves, place \\d"), 3);
        Require.inAnyOrder(shown.numbers("party \\d leaves, place (\\d)"), Require.upTo(3));

        Require.inAnyOrder(shown.between("abort:", "broken: true"), told("waiter 0", "waiter 1"));
        Require.equal(
                shown.between("broken: true", "after reset, broken: false"),
                List.of("latecomer arrives", "latecomer is told that the barrier is broken"));
        Require.inAnyOrder(shown.between("reset:", "broken: false"), told("waiter 0", "waiter 1"));
        Require.inAnyOrder(shown.numbers("newcomer \\d leaves, place (\\d)"), Require.upTo(3));
    }

    private static List<String> told(String... names) {
        return Stream.of(names)
                .map(name -> name + " is told that the barrier is broken")
                .toList();
    }
}
