package io.multijvm.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.connection.Pipe;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.process.JvmProcess;
import io.multijvm.sync.ProcessEvent;
import io.multijvm.testkit.ForkTest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeftLuggageTest {
    private final ProcessQueue<Object> queue = MultiJvm.queue(1);

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void take_connection_isTheOtherEnd() throws Exception {
        try (Pipe pipe = MultiJvm.pipe()) {
            queue.put(List.of("end", pipe.second()));
            pipe.second().close();

            try (Connection end = (Connection) ((List<?>) queue.take()).get(1)) {
                end.send("through the queue");
                assertThat(pipe.first().recv()).isEqualTo("through the queue");
            }
            assertThatThrownBy(pipe.first()::recv).as("no copy is left").isInstanceOf(EOFException.class);
        }
        awaitNoDesk();
    }

    @Test
    void peek_connection_leavesItForWhoTakesIt() throws Exception {
        try (Pipe pipe = MultiJvm.pipe()) {
            queue.put(pipe.second());

            try (Connection looked = (Connection) queue.peek();
                    Connection taken = (Connection) queue.take()) {
                looked.send(1);
                taken.send(2);
                assertThat(pipe.first().recv()).isEqualTo(1);
                assertThat(pipe.first().recv()).isEqualTo(2);
            }
        }
        awaitNoDesk();
    }

    @Test
    void offer_fullQueue_keepsNothing() throws Exception {
        queue.put("first");
        try (Pipe pipe = MultiJvm.pipe()) {
            assertThat(queue.offer(pipe.second())).isFalse();
            pipe.second().close();

            assertThatThrownBy(pipe.first()::recv).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void put_connectionIntoADurableQueue_isRefused(@TempDir Path directory) throws IOException {
        try (ProcessQueue<Object> durable = MultiJvm.queue(directory.resolve("queue"));
                Pipe pipe = MultiJvm.pipe()) {
            assertThatThrownBy(() -> durable.put(pipe.second()))
                    .isInstanceOf(NotSendableException.class)
                    .hasMessageContaining("durable");
            assertThat(durable).isEmpty();
        }
    }

    @ForkTest
    @Test
    void take_connectionOfAnotherProcess_works() throws Exception {
        ProcessEvent taken = MultiJvm.event();
        ProcessQueue<Object> items = queue;
        JvmProcess child = MultiJvm.process(() -> {
            try (Pipe pipe = MultiJvm.pipe()) {
                items.put(pipe.second());
                pipe.first().send("from the child");
                taken.await();
            }
        });
        child.start();

        try (Connection end = (Connection) queue.take()) {
            assertThat(end.recv()).isEqualTo("from the child");
        }
        taken.set();
        child.joinOrThrow();
    }

    @ForkTest
    @Test
    void take_connectionOfAProcessThatHasEnded_isUnreadable() throws Exception {
        ProcessQueue<Object> items = queue;
        JvmProcess child = MultiJvm.process(() -> items.put(MultiJvm.pipe().first()));
        child.start();
        child.joinOrThrow();

        assertThatThrownBy(queue::take)
                .isInstanceOf(UnreadableItemException.class)
                .hasMessageContaining("the process that put it has ended");
        assertThat(queue).isEmpty();
    }

    private static void awaitNoDesk() {
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("multijvm-luggage")));
    }
}
