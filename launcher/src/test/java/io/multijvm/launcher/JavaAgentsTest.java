package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JavaAgentsTest {
    private static final String SELF = Long.toString(ProcessHandle.current().pid());

    @Test
    void distinct_outputFile_getsItsOwnName() {
        assertThat(child("-javaagent:/lib/jacoco.jar=destfile=/out/jacoco.exec,append=false"))
                .isEqualTo("-javaagent:/lib/jacoco.jar=destfile=/out/jacoco-" + SELF + "-7.exec,append=false");
        assertThat(child("-javaagent:/a.jar=level=1,logFile=/out/log"))
                .isEqualTo("-javaagent:/a.jar=level=1,logFile=/out/log-" + SELF + "-7");
    }

    @Test
    void distinct_placeholder_isReplacedAndNothingElse() {
        assertThat(child("-javaagent:/lib/a.jar=destfile=/out/%p/jacoco.exec,title=%p"))
                .isEqualTo("-javaagent:/lib/a.jar=destfile=/out/" + SELF + "-7/jacoco.exec,title=" + SELF + "-7");
    }

    @Test
    void distinct_argumentOfAChild_doesNotGrowWithEachGeneration() {
        assertThat(child("-javaagent:/lib/jacoco.jar=destfile=/out/jacoco-12-34.exec"))
                .isEqualTo("-javaagent:/lib/jacoco.jar=destfile=/out/jacoco-" + SELF + "-7.exec");
    }

    @Test
    void distinct_noOutputFile_isLeftAlone() {
        assertThat(child("-javaagent:/lib/a.jar")).isEqualTo("-javaagent:/lib/a.jar");
        assertThat(child("-javaagent:/lib/a.jar=41234:/bin")).isEqualTo("-javaagent:/lib/a.jar=41234:/bin");
        assertThat(child("-javaagent:/lib/a.jar=profile=fast")).isEqualTo("-javaagent:/lib/a.jar=profile=fast");
    }

    @Test
    void distinct_relativePaths_areThisProcesss() {
        assertThat(child("-javaagent:a.jar=file=b.txt"))
                .isEqualTo("-javaagent:" + Path.of("a.jar").toAbsolutePath() + "=file="
                        + Path.of("b-" + SELF + "-7.txt").toAbsolutePath());
    }

    @Test
    void distinct_severalOutputFiles_eachGetsItsOwnName() {
        assertThat(child("-javaagent:/a.jar=file=/out/a.txt;OUTPUT=/out/b.c/d,log_file=/x.log"))
                .isEqualTo("-javaagent:/a.jar=file=/out/a-" + SELF + "-7.txt;OUTPUT=/out/b.c/d-" + SELF
                        + "-7,log_file=/x-" + SELF + "-7.log");
    }

    @Test
    void distinct_hiddenFile_keepsItsName() {
        assertThat(child("-javaagent:/a.jar=file=/out/.exec"))
                .isEqualTo("-javaagent:/a.jar=file=/out/.exec-" + SELF + "-7");
    }

    @Test
    void distinct_otherArguments_areLeftAlone() {
        List<String> command = List.of("java", JavaAgents.ofChild("-javaagent:/a.jar=%p"), "-Dx=%{child}", "-Dy=%p");

        assertThat(JavaAgents.distinct(command, 7))
                .containsExactly("java", "-javaagent:/a.jar=" + SELF + "-7", "-Dx=%{child}", "-Dy=%p");
    }

    @Test
    void distinct_noAgent_isTheSameList() {
        List<String> command = List.of("java", "-cp", "x");

        assertThat(JavaAgents.distinct(command, 7)).isSameAs(command);
    }

    private static String child(String argument) {
        return JavaAgents.distinct(List.of("java", JavaAgents.ofChild(argument), "-cp"), 7)
                .get(1);
    }
}
