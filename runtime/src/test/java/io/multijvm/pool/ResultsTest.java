package io.multijvm.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.StartMethod;
import io.multijvm.contract.Gate;
import io.multijvm.contract.PoolParties;
import io.multijvm.ipc.lane.Lane;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.process.ProcessContext;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What workers answer. */
@ForkTest
final class ResultsTest extends PoolParties {
    ResultsTest() {
        super(StartMethod.FORKSERVER);
    }

    @Test
    void collect_answerToNoTask_endsThatWorkerAlone() throws Exception {
        Pool pool = newPool(1);
        var gate = new Gate();
        var victim = pool.applyAsync(() -> {
            answerNonsense();
            gate.stay();
        });
        var next = pool.applyAsync(() -> 1);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> victim.get(PATIENCE))
                .withCauseInstanceOf(WorkerDiedException.class)
                .withMessageContaining("made no sense");
        assertThat(next.get(PATIENCE)).isEqualTo(1);
        assertThat(pool.stats().workersStarted()).isEqualTo(2);
        assertThat(pool.stats().workersDied()).isZero();
    }

    /** In the only worker there is. */
    private static void answerNonsense() throws IOException {
        Domain domain = ProcessContext.domain();
        Path directory = domain.directory().file("lane").getParent();
        try (Stream<Path> files = Files.list(directory)) {
            String lane = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("lane-"))
                    .findFirst()
                    .orElseThrow();
            Lane.attach(domain, lane).results().send(Protocol.DONE, 4_711, 0, new byte[0], 0);
        }
    }
}
