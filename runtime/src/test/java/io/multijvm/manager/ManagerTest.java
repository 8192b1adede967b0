package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.multijvm.MultiJvm;
import io.multijvm.testkit.ForkTest;
import org.junit.jupiter.api.Test;

/** A manager with its server process. */
@ForkTest
final class ManagerTest {
    @Test
    void dict_setByAChild_isSeenByItsParent() throws Exception {
        try (Manager manager = MultiJvm.manager()) {
            ManagedMap<Object, Object> dict = manager.dict();
            var child = MultiJvm.process(() -> {
                dict.put(1, "one");
                dict.put("2", 2);
                dict.put(0.25, null);
            });
            child.start();
            child.joinOrThrow();

            assertThat(dict.copy())
                    .containsEntry(1, "one")
                    .containsEntry("2", 2)
                    .containsEntry(0.25, null);
            assertThat(dict.keySet()).containsExactly(1, "2", 0.25);
        }
    }

    @Test
    void call_serverKilled_saysSo() {
        try (Manager manager = MultiJvm.manager()) {
            ManagedMap<String, Integer> dict = manager.dict();
            dict.put("a", 1);
            manager.process().orElseThrow().kill();

            assertThatExceptionOfType(ManagerGoneException.class).isThrownBy(() -> dict.get("a"));
            assertThatExceptionOfType(ManagerGoneException.class).isThrownBy(() -> dict.get("a"));
        }
    }

    @Test
    void merge_functionRunsInTheServer() {
        try (Manager manager = MultiJvm.manager()) {
            ManagedMap<String, Integer> dict = manager.dict();
            dict.merge("a", 1, Integer::sum);
            dict.merge("a", 1, Integer::sum);

            assertThat(dict).containsEntry("a", 2);
        }
    }
}
