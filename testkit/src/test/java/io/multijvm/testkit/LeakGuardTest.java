package io.multijvm.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

final class LeakGuardTest {
    @Test
    @ForkTest
    void afterEach_leakingTests_failAndNothingElse() throws IOException {
        var results = run(Leaking.class);
        var tests = results.testEvents();
        Leaking.cleanUp();

        results.containerEvents().assertStatistics(counts -> counts.failed(0));
        tests.assertStatistics(counts -> counts.started(5).succeeded(2).failed(3));
        tests.assertThatEvents()
                .haveExactly(1, event(test("process"), finishedWithFailure(message(it -> it.contains("process: pid")))))
                .haveExactly(1, event(test("thread"), finishedWithFailure(message(it -> it.contains("named-leak")))))
                .haveExactly(
                        1,
                        event(test("directory"), finishedWithFailure(message(it -> it.contains("run directory: ")))));
    }

    @Test
    @ForkTest
    void afterEach_processOfTheClass_isNotBlamedOnATest() {
        run(SharedChild.class)
                .testEvents()
                .assertStatistics(counts -> counts.started(1).succeeded(1));
    }

    private static EngineExecutionResults run(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .enableImplicitConfigurationParameters(true)
                .selectors(selectClass(tests))
                .execute();
    }

    static final class Idle {
        public static void main(String[] args) throws IOException {
            System.in.read();
        }
    }

    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static final class Leaking {
        private static final CountDownLatch END = new CountDownLatch(1);
        private static Path directory;

        static void cleanUp() throws IOException {
            END.countDown();
            Files.deleteIfExists(directory);
        }

        @Test
        @Order(1)
        void process() {
            ChildJvm.of(Idle.class).start();
        }

        @Test
        @Order(2)
        void nothingAfterProcess() {}

        @Test
        @Order(3)
        void thread() {
            new Thread(Leaking::awaitEnd, "named-leak").start();
        }

        @Test
        @Order(4)
        void directory() throws IOException {
            directory = Files.createTempDirectory(Path.of(System.getProperty("multijvm.run.directory")), "multijvm-");
        }

        @Test
        @Order(5)
        void nothingAfterDirectory() {}

        private static void awaitEnd() {
            try {
                END.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static final class SharedChild {
        private static ChildJvm child;

        @BeforeAll
        static void startChild() {
            child = ChildJvm.of(Idle.class).start();
        }

        @AfterAll
        static void endChild() {
            child.close();
        }

        @Test
        void quiet() {}
    }
}
