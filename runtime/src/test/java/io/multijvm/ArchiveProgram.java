package io.multijvm;

import io.multijvm.manager.Manager;
import io.multijvm.pool.Pool;
import io.multijvm.process.JvmProcess;
import io.multijvm.queue.ProcessQueue;
import java.time.Duration;
import java.util.List;

/** Starts children of most kinds. The library has an archive of classes made for their like when this ends. */
final class ArchiveProgram {
    private ArchiveProgram() {}

    public static void main(String[] args) throws Exception {
        try (Context context = MultiJvm.getContext(StartMethod.FORKSERVER)) {
            ProcessQueue<String> queue = context.queue();
            JvmProcess child = context.process(() -> queue.put("an item"));
            child.start();
            queue.take();
            child.joinOrThrow();
            context.awaitWarm(1, Duration.ofSeconds(30));
            try (Pool pool = context.pool(1);
                    Manager manager = context.manager()) {
                pool.map(String::length, List.of("a task"));
                manager.list().add("an element");
            }
        }
    }
}
