package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ForkTest;
import org.junit.jupiter.api.Test;

/** Each sample of the section Start methods, in a JVM of its own: it shows what its class comment promises. */
@ForkTest
final class StartMethodSamplesTest {
    @Test
    void startSpawn_child_isFreshAndGetsSerialisableArgumentsOnly() throws InterruptedException {
        var run = SampleRun.succeeding(StartSpawn.class);

        assertThat(run.out())
                .containsSubsequence(
                        "child: names = [], argument = passed as an argument", "parent: names = [from main]");
        assertThat(run.text("an open file is refused: (.*)")).contains("openFile");
        assertThat(run.text("a thread lock is refused: (.*)")).contains("threadLock");
    }

    @Test
    void startForkserver_children_comeFromOneServer() throws InterruptedException {
        var run = SampleRun.succeeding(StartForkserver.class);

        long main = run.number("main process: pid (\\d+)");
        assertThat(run.numbers("child (\\d+): creator " + main + ", taken from \\d+"))
                .hasSizeGreaterThanOrEqualTo(5)
                .doesNotHaveDuplicates();
        assertThat(run.out()).last().isEqualTo("servers seen: 1");
    }

    @Test
    void startFork_list_isTheParentsAsItWasAtTheStart() throws InterruptedException {
        assertThat(SampleRun.succeeding(StartFork1.class).out())
                .containsExactly("child: []", "child has added: [123]", "parent: []");
        assertThat(SampleRun.succeeding(StartFork2.class).out()).containsExactly("child: [123]");
        assertThat(SampleRun.succeeding(StartFork3.class).out())
                .containsExactlyInAnyOrder("child: []", "parent: [123]");
    }

    @Test
    void startForkFile_unflushedText_isInBoth() throws InterruptedException {
        assertThat(SampleRun.succeeding(StartForkFile1.class).out())
                .containsExactly("the file: [wupeiqi, alex, wupeiqi]");
        assertThat(SampleRun.succeeding(StartForkFile2.class).out()).containsExactly("the file: [wupeiqi, alex]");
    }

    @Test
    void startForkLock_heldLock_isHeldByTheChildsMainThread() throws InterruptedException {
        var run = SampleRun.succeeding(StartForkLock.class);

        assertThat(run.out()).containsSubsequence("here", "waiting: 10, held by the main thread: true", "666");
        assertThat(run.after("waiting: 10, held by the main thread: true"))
                .filteredOn("666"::equals)
                .hasSize(10);
        assertThat(run.out()).last().isEqualTo("parent holds its lock: true");
    }

    @Test
    void startDefault_secondChoice_isRefusedAndContextsWorkSideBySide() throws InterruptedException {
        var run = SampleRun.succeeding(StartDefault.class);

        assertThat(run.out())
                .contains("chosen: SPAWN", "context one: started by SPAWN", "context two: started by FORKSERVER");
        assertThat(run.text("all methods: \\[(.*)]")).startsWith("FORKSERVER").contains("SPAWN");
        assertThat(run.text("second choice refused: (.*)")).isNotBlank();
    }
}
