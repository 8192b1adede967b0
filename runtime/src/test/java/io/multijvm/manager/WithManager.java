package io.multijvm.manager;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A class of tests with one manager for all of them. */
abstract class WithManager {
    static Manager manager;

    @BeforeAll
    static void start() {
        manager = Manager.start(ManagerOptions.defaults());
    }

    @AfterAll
    static void end() {
        manager.shutdown();
    }
}
