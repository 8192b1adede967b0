package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ForkTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each sample of the section Manager, in a JVM of its own: it shows what its class comment promises. */
@ForkTest
final class ManagerSamplesTest {
    @Test
    void managerDictList_filledByAChild_isSeenByItsParent() throws InterruptedException {
        assertThat(SampleRun.succeeding(ManagerDictList.class).out())
                .containsExactly(
                        "dict: {1=1, 2=2, 0.25=null}",
                        "list: [666]",
                        "the managed list in the dict: [666, appended later]",
                        "the plain list in the dict: [1, 2], each time another copy: true");
    }

    @Test
    void managerNames_fourChildren_writeSideBySide() throws InterruptedException {
        assertThat(SampleRun.succeeding(ManagerNames.class).out())
                .containsExactly(
                        "process 1: 10 under its name, 10 under its pid",
                        "process 2: 12 under its name, 12 under its pid",
                        "process 3: 13 under its name, 13 under its pid",
                        "process 4: 14 under its name, 14 under its pid",
                        "keys: 8");
    }

    @Test
    void managerRace_withoutLock_losesUpdatesAndWithItNone() throws InterruptedException {
        assertThat(SampleRun.succeeding(ManagerRace.class).out())
                .containsExactly(
                        "without a lock: {count=99}",
                        "with a lock between processes: {count=80}",
                        "with a lock of the manager: {count=80}",
                        "with merge: {count=80}");
    }

    @Test
    void managerLifetime_managerGone_isAClearError() throws InterruptedException {
        assertThat(SampleRun.succeeding(ManagerLifetime.class).out())
                .containsExactly(
                        "joined: {count=99}",
                        "child waits at a queue, manager closed: ManagerGoneException",
                        "child uses the dict, manager closed: ManagerGoneException",
                        "parent uses the dict, manager closed: ManagerGoneException",
                        "child waits at a queue, manager killed: ManagerGoneException",
                        "child uses the dict, manager killed: ManagerGoneException",
                        "parent uses the dict, manager killed: ManagerGoneException");
    }

    @Test
    void managerTypes_each_worksBetweenTwoProcesses() throws InterruptedException {
        assertThat(SampleRun.succeeding(ManagerTypes.class).out())
                .contains(
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
                        "Pool: [1, 4, 9]")
                .hasSize(21);
    }

    @Test
    void managerPoolLock_managersOrPlain_noTicketIsSoldTwice() throws InterruptedException {
        var run = SampleRun.succeeding(ManagerPoolLock.class);

        for (String lock : List.of("lock of a manager", "lock between processes")) {
            assertThat(run.numbers(lock + ": ticket (\\d+) sold by \\d+"))
                    .containsExactly(10L, 9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L);
            assertThat(run.out()).contains(lock + ": left 0");
        }
        assertThat(run.out()).hasSize(22);
    }

    @Test
    void managerCustom_ownClass_isUsedByItsInterface() throws InterruptedException {
        assertThat(SampleRun.succeeding(ManagerCustom.class).out())
                .containsExactly(
                        "deposits of: [first, second]",
                        "left: 100",
                        "lives in the server: true",
                        "refused: balance 100, wanted 1000");
    }
}
