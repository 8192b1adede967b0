package io.multijvm.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.StartMethod;
import io.multijvm.contract.Answers;
import io.multijvm.contract.ProcessParties;
import io.multijvm.ipc.sync.Domain;
import io.multijvm.process.ProcessContext;
import io.multijvm.testkit.EveryBackend;
import io.multijvm.testkit.ForkTest;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What the second run of these tests relies on: the backend is chosen, for the whole family. */
@ForkTest
@EveryBackend
final class BackendTest extends ProcessParties {
    BackendTest() {
        super(StartMethod.FORKSERVER);
    }

    @Test
    void property_isTheSameInChildren() throws Exception {
        String here = String.valueOf(System.getProperty(Domain.BACKEND));

        assertThat(Answers.answer(context, () -> String.valueOf(System.getProperty(Domain.BACKEND))))
                .isEqualTo(here);
        try (var spawning = context.getContext(StartMethod.SPAWN)) {
            assertThat(Answers.answer(spawning, () -> String.valueOf(System.getProperty(Domain.BACKEND))))
                    .isEqualTo(here);
        }
    }

    @Test
    void fileLocks_areThereWhenTheyAreWanted() {
        ProcessLock.create().lock();

        assertThat(Files.exists(ProcessContext.memory().directory().file("filelocks")))
                .isEqualTo("filelock".equals(System.getProperty(Domain.BACKEND)));
    }
}
