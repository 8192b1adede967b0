package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.contract.ProcessParties;
import io.multijvm.contract.Waits;
import io.multijvm.process.JvmProcess;
import io.multijvm.testkit.Background;
import io.multijvm.testkit.ForkTest;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that wait in the server: whom they keep, and what ends them. */
@ForkTest
class WaitingCallsTest extends ProcessParties {
    Manager manager;
    Mailbox mailbox;

    WaitingCallsTest() {
        super(StartMethod.FORKSERVER);
    }

    @BeforeEach
    void start() {
        manager = MultiJvm.manager().register(Mailbox.class, Mailbox.InMemory.class);
        mailbox = manager.create(Mailbox.class);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    Background<String> taking() {
        int before = mailbox.waiting();
        var taking = Background.run(mailbox::take);
        Waits.until(() -> mailbox.waiting() == before + 1);
        return taking;
    }

    @Test
    void waitingCall_keepsNobodyElse() throws Exception {
        var waiting = new ArrayList<Background<String>>();
        for (int i = 0; i < 10; i++) {
            waiting.add(taking());
        }
        for (int i = 0; i < 10; i++) {
            mailbox.put("letter");
        }
        for (Background<String> each : waiting) {
            assertThat(each.get()).isEqualTo("letter");
        }
    }

    @Test
    void interrupt_endsTheCall_andNothingIsLost() throws Exception {
        var taking = taking().interrupt();

        assertThat(taking.failure()).isInstanceOf(InterruptedException.class);
        assertThat(mailbox.waiting()).isZero();
        assertThat(mailbox.interrupted()).isEqualTo(1);
        mailbox.put("a");
        assertThat(mailbox.take()).isEqualTo("a");
    }

    @Test
    void interruptedBefore_isNotCalled() throws Exception {
        mailbox.put("a");
        var taking = Background.run(() -> {
            Thread.currentThread().interrupt();
            return mailbox.take();
        });

        assertThat(taking.failure()).isInstanceOf(InterruptedException.class);
        assertThat(mailbox.take()).isEqualTo("a");
    }

    @Test
    void interrupt_ofACallThatDoesNotWait_isKept() throws Exception {
        var putting = Background.run(() -> {
            Thread.currentThread().interrupt();
            for (int i = 0; i < 100; i++) {
                mailbox.put("a");
            }
            return Thread.interrupted();
        });

        assertThat(putting.get()).isTrue();
    }

    @Test
    void interrupts_atAnyMoment_loseNoLetter() throws Exception {
        int letters = 300;
        var taken = new java.util.concurrent.atomic.AtomicInteger();
        var done = new java.util.concurrent.atomic.AtomicBoolean();
        var taking = Background.run(() -> {
            int interrupts = 0;
            while (!done.get() || Thread.interrupted()) {
                try {
                    mailbox.take();
                    taken.incrementAndGet();
                } catch (InterruptedException e) {
                    interrupts++;
                }
            }
            return interrupts;
        });
        for (int i = 0; i < letters; i++) {
            mailbox.put("a");
            taking.interrupt();
        }
        Waits.until(() -> taken.get() == letters || taking.isDone());
        assertThat(taken).hasValue(letters);
        done.set(true);
        taking.interrupt();
        assertThat(taking.get()).isPositive();
    }

    @Test
    void clientKilled_itsCallEnds() throws Exception {
        Mailbox shared = mailbox;
        JvmProcess child = started(() -> shared.take());
        Waits.until(() -> mailbox.waiting() == 1);
        child.kill();

        Waits.until(() -> mailbox.waiting() == 0);
        assertThat(mailbox.interrupted()).isEqualTo(1);
        mailbox.put("still there");
        assertThat(mailbox.take()).isEqualTo("still there");
    }

    @Test
    void serverKilled_callsEnd() throws Exception {
        var taking = taking();
        manager.process().orElseThrow().kill();

        assertThat(taking.failure()).isInstanceOf(ManagerGoneException.class);
    }

    @Test
    void shutdown_callsEnd() throws Exception {
        var taking = taking();
        JvmProcess server = manager.process().orElseThrow();
        manager.shutdown();

        assertThat(taking.failure()).isInstanceOf(ManagerGoneException.class);
        assertThat(server.exitCode()).isZero();
    }

    @Test
    void shutdown_serverPaused_isKilledInTime() {
        JvmProcess server = manager.process().orElseThrow();
        server.pause();
        manager.shutdown(Duration.ofMillis(200));

        assertThat(server.isAlive()).isFalse();
        assertThat(server.exitCode()).isNegative();
    }
}
