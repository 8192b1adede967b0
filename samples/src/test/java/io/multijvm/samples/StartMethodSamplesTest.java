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
    void startDefault_secondChoice_isRefusedAndContextsWorkSideBySide() throws InterruptedException {
        var run = SampleRun.succeeding(StartDefault.class);

        assertThat(run.out())
                .contains("chosen: SPAWN", "context one: started by SPAWN", "context two: started by FORKSERVER");
        assertThat(run.text("all methods: \\[(.*)]")).startsWith("FORKSERVER").contains("SPAWN");
        assertThat(run.text("second choice refused: (.*)")).isNotBlank();
    }
}
