package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.testkit.ForkTest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each sample of the section Synchronisation between processes, in a JVM of its own. */
@ForkTest
final class SyncSamplesTest {
    @Test
    void syncOutput_withoutLock_interleavesAndWithLockComesInPairs() throws InterruptedException {
        var run = SampleRun.succeeding(SyncOutput.class);

        assertThat(run.between("without a lock:", "with a lock:"))
                .hasSize(6)
                .satisfies(lines -> assertThat(lines.subList(0, 3)).allMatch(line -> line.endsWith(" is running")))
                .satisfies(lines -> assertThat(lines.subList(3, 6)).allMatch(line -> line.endsWith(" is done")));
        var locked = run.after("with a lock:");
        assertThat(locked).hasSize(6).doesNotHaveDuplicates();
        for (int i = 0; i < locked.size(); i += 2) {
            assertThat(locked.get(i)).endsWith(" is running");
            assertThat(locked.get(i + 1)).isEqualTo(locked.get(i).replace("is running", "is done"));
        }
    }

    @Test
    void syncTicketsRace_noLock_sellsMoreThanThereAre() throws InterruptedException {
        var run = SampleRun.succeeding(SyncTicketsRace.class);

        assertThat(run.numbers("client (\\d) sees 3 tickets")).containsExactlyInAnyOrderElementsOf(upTo(10));
        assertThat(run.numbers("client (\\d) has bought a ticket")).containsExactlyInAnyOrderElementsOf(upTo(10));
        assertThat(run.out()).last().isEqualTo("10 of 3 tickets sold, 2 left");
    }

    @Test
    void syncTicketsLock_eachMethodAndLock_sellsExactlyWhatThereIs() throws InterruptedException {
        var run = SampleRun.succeeding(SyncTicketsLock.class);

        for (var office :
                List.of("SPAWN, lock", "SPAWN, reentrant lock", "FORKSERVER, lock", "FORKSERVER, reentrant lock")) {
            assertThat(run.out()).contains(office + ": 3 of 3 tickets sold, 0 left");
            assertThat(run.texts(office + ": client (\\d) has bought a ticket")).hasSize(3);
            assertThat(run.texts(office + ": client (\\d) goes away without")).hasSize(7);
        }
    }

    @Test
    void syncLockArgs_everyStartMethod_passesOneLock() throws InterruptedException {
        var run = SampleRun.succeeding(SyncLockArgs.class);

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
        assertThat(run.out()).containsExactlyElementsOf(expected).hasSizeGreaterThanOrEqualTo(2 * 2 * 2 * 2);
    }

    @Test
    void syncSemaphoreKtv_thirteenGuests_fourInsideAtMost() throws InterruptedException {
        var run = SampleRun.succeeding(SyncSemaphoreKtv.class);

        int inside = 0;
        int most = 0;
        for (var line : run.out()) {
            inside += line.endsWith(" goes in") ? 1 : line.endsWith(" comes out") ? -1 : 0;
            most = Math.max(most, inside);
        }
        assertThat(most).isEqualTo(4);
        assertThat(run.numbers("guest (\\d+) goes in")).containsExactlyInAnyOrderElementsOf(upTo(13));
        assertThat(run.numbers("guest (\\d+) comes out")).containsExactlyInAnyOrderElementsOf(upTo(13));
        assertThat(run.out()).last().isEqualTo("free rooms in the end: 4");
    }

    @Test
    void syncEventBasic_setAndClear_letWaitersGoAndStop() throws InterruptedException {
        var run = SampleRun.succeeding(SyncEventBasic.class);

        assertThat(run.out())
                .containsSubsequence(
                        "at first it is set: false",
                        "child waits, it is set: false",
                        "the child goes on before it is set: false",
                        "main sets it",
                        "child goes on, it is set: true",
                        "now it is set: true, waiting says true",
                        "cleared it is set: false, waiting says false")
                .hasSize(8);
        assertThat(run.number("waited for (\\d+) ms")).isGreaterThanOrEqualTo(100);
    }

    @Test
    void syncEventLights_cars_waitForGreenAndPoliceATenthOfASecond() throws InterruptedException {
        var run = SampleRun.succeeding(SyncEventLights.class);

        var atRed = run.between("lights: red", "lights: green");
        assertThat(atRed)
                .filteredOn(line -> line.matches("car \\d stops at red: true"))
                .hasSize(10);
        assertThat(atRed)
                .filteredOn(line -> line.startsWith("police car goes at red"))
                .hasSize(3);
        assertThat(run.numbers("police car goes at red after (\\d+) ms")).allMatch(millis -> millis >= 100);
        var atGreen = run.between("lights: green", "lights: red again");
        assertThat(atGreen)
                .filteredOn(line -> line.matches("car \\d goes at green: true"))
                .hasSize(10);
        assertThat(atGreen)
                .filteredOn(line -> line.startsWith("police car goes at green"))
                .hasSize(2);
    }

    @Test
    void syncRlock_takenThreeTimes_isFreeAfterThreeReleases() throws InterruptedException {
        var run = SampleRun.succeeding(SyncRlock.class);

        assertThat(run.text("another process cannot release it: (.*)")).isNotBlank();
        assertThat(run.out())
                .filteredOn(line -> !line.startsWith("another process cannot"))
                .containsExactly(
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
                        "plain lock, second time: false");
    }

    @Test
    void syncDeadlock_oppositeOrder_timesOutAndOneReentrantLockCompletes() throws InterruptedException {
        var run = SampleRun.succeeding(SyncDeadlock.class);

        assertThat(run.between("a lock for each account:", "one reentrant lock for both:"))
                .containsExactlyInAnyOrder(
                        "a to b waits for its second lock",
                        "b to a waits for its second lock",
                        "a to b gives up",
                        "b to a gives up");
        var underOne = run.after("one reentrant lock for both:");
        var oneWay = List.of("a to b has both locks", "a to b is done");
        var otherWay = List.of("b to a has both locks", "b to a is done");
        assertThat(underOne).isIn(joined(oneWay, otherWay), joined(otherWay, oneWay));
    }

    @Test
    void syncCondition_notify_wakesAsManyAndCountStaysWithinBounds() throws InterruptedException {
        var run = SampleRun.succeeding(SyncCondition.class);

        assertThat(run.out())
                .startsWith("notify(2) has woken 2, and another: false", "notify(3) has woken 3, and another: false")
                .endsWith("in the end: 0");
        var change = Pattern.compile("(?:putter [01]: (50)|taker [012]: (-20)), count is (\\d+)");
        int count = 0;
        int changes = 0;
        for (var line : run.out()) {
            var found = change.matcher(line);
            if (found.matches()) {
                count += found.group(1) == null ? -20 : 50;
                assertThat(found.group(3)).as(line).isEqualTo(String.valueOf(count));
                assertThat(count).isBetween(0, 150);
                changes++;
            }
        }
        assertThat(changes).isEqualTo(2 * 6 + 3 * 10);
    }

    @Test
    void syncBarrier_parties_leaveTogetherAndAbortAndResetBreakIt() throws InterruptedException {
        var run = SampleRun.succeeding(SyncBarrier.class);

        assertThat(run.out().subList(0, 3)).allMatch(line -> line.matches("party \\d arrives"));
        assertThat(run.out().get(3)).isEqualTo("all have come");
        assertThat(run.out().subList(4, 7)).allMatch(line -> line.matches("party \\d leaves, place \\d"));
        assertThat(run.numbers("party \\d leaves, place (\\d)")).containsExactlyInAnyOrderElementsOf(upTo(3));

        assertThat(run.between("abort:", "broken: true"))
                .containsExactlyInAnyOrderElementsOf(told("waiter 0", "waiter 1"));
        assertThat(run.between("broken: true", "after reset, broken: false"))
                .containsExactly("latecomer arrives", "latecomer is told that the barrier is broken");
        assertThat(run.between("reset:", "broken: false"))
                .containsExactlyInAnyOrderElementsOf(told("waiter 0", "waiter 1"));
        assertThat(run.numbers("newcomer \\d leaves, place (\\d)")).containsExactlyInAnyOrderElementsOf(upTo(3));
    }

    private static List<String> told(String... names) {
        return Stream.of(names)
                .map(name -> name + " is told that the barrier is broken")
                .toList();
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static List<Long> upTo(int end) {
        return LongStream.range(0, end).boxed().toList();
    }
}
