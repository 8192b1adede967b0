package io.multijvm.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import io.multijvm.testkit.Rounds;
import io.multijvm.testkit.StressTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The space that queues take: given back while they run, on disk when it is much, and refused when there is none. */
final class QueueStorageTest {
    private static final long MEGABYTE = 1 << 20;
    private static final long LITTLE = 64 * MEGABYTE;
    private static final int BACKLOG = 900;
    private static final long MANY = 1_000_000;
    private static final long VERY_MANY = 100_000_000;
    private static final Path MEMORY = RunDirectory.base();

    @Test
    void smallBacklog_manyItems_takeLittleSpace() throws Exception {
        flow(ProcessQueue.create(0), MANY, ownDirectories());
    }

    @Test
    void smallBacklog_manyItemsOfAJoinableQueue_takeLittleSpace() throws Exception {
        flow(JoinableQueue.create(0), MANY, ownDirectories());
    }

    @Test
    void smallBacklog_manyItemsOfADurableQueue_takeLittleSpace(@TempDir Path directory) throws Exception {
        flow(ProcessQueue.open(directory, 0), MANY, List.of(directory));
    }

    @Test
    @StressTest
    @Timeout(3_600)
    @SuppressWarnings("SystemOut")
    void smallBacklog_veryManyItems_takeLittleSpace() throws Exception {
        long begin = System.nanoTime();
        long most = flow(ProcessQueue.create(0), VERY_MANY, ownDirectories());
        System.out.println(VERY_MANY + " items, at most " + most / MEGABYTE + " MiB at a time, in "
                + (System.nanoTime() - begin) / 1_000_000_000 + " s");
    }

    /** Puts and takes, never many at a time; returns the most space that was in use, as far as it was looked at. */
    private static long flow(ProcessQueue<Long> queue, long items, List<Path> directories) throws Exception {
        long before = space(directories);
        long most = 0;
        try (queue) {
            queue.put(-1L);
            long put = 0;
            long expected = -1;
            while (put < items) {
                for (int i = 0; i < BACKLOG; i++) {
                    queue.put(put++);
                }
                for (int i = 0; i < BACKLOG; i++) {
                    assertThat(queue.take() == expected++).isTrue();
                    if (queue instanceof JoinableQueue<Long> joinable) {
                        joinable.taskDone();
                    }
                }
                if (put / BACKLOG % 100 == 0) {
                    most = Math.max(most, space(directories) - before);
                }
            }
            assertThat(queue.size()).isEqualTo(1);
        }
        assertThat(most).as("bytes in use").isPositive().isLessThan(LITTLE);
        return most;
    }

    @Test
    void largeBacklog_isOnDiskAndGivenBack() throws Exception {
        int items = 50_000;
        var directories = ownDirectories();
        try (var queue = ProcessQueue.<byte[]>create(0)) {
            queue.put(new byte[0]);
            queue.take();
            long before = space(directories);
            long inMemoryBefore = space(inMemory(directories));
            for (int i = 0; i < items; i++) {
                queue.put(new byte[4_000 + i % 10]);
            }

            assertThat(space(inMemory(directories)) - inMemoryBefore)
                    .as("of %d MiB, in memory", items * 4_000L / MEGABYTE)
                    .isLessThan(LITTLE);
            assertThat(queue.size()).isEqualTo(items);
            for (int i = 0; i < items; i++) {
                assertThat(queue.take()).hasSize(4_000 + i % 10);
            }
            assertThat(space(directories) - before).as("in use in the end").isLessThan(LITTLE);
        }
    }

    @Test
    void largeBacklogOfLargeItems_isOnDiskAndGivenBack() throws Exception {
        int items = 200;
        var directories = ownDirectories();
        try (var queue = ProcessQueue.<byte[]>create(0)) {
            queue.put(new byte[0]);
            queue.take();
            long before = space(directories);
            long inMemoryBefore = space(inMemory(directories));
            for (int i = 0; i < items; i++) {
                queue.put(new byte[(int) MEGABYTE + i]);
            }

            assertThat(space(inMemory(directories)) - inMemoryBefore)
                    .as("of %d MiB, in memory", items)
                    .isPositive()
                    .isLessThanOrEqualTo(LITTLE + MEGABYTE);
            assertThat(space(directories) - before).as("in all").isGreaterThan(items * MEGABYTE);
            for (int i = 0; i < items; i++) {
                assertThat(queue.take()).hasSize((int) MEGABYTE + i);
            }
            assertThat(space(directories) - before).as("in use in the end").isLessThan(LITTLE);
        }
    }

    @Test
    void largeItems_areRemovedWhenTaken() throws Exception {
        var directories = ownDirectories();
        try (var queue = ProcessQueue.<byte[]>create(0)) {
            long before = space(directories);
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 3; i++) {
                    queue.put(new byte[8 << 20]);
                }
                for (int i = 0; i < 3; i++) {
                    assertThat(queue.take()).hasSize(8 << 20);
                }
            }
            assertThat(space(directories) - before).isLessThan(LITTLE);
        }
    }

    /** A program that puts until the disk is full, and takes everything again. Says what happens. */
    static final class Filler {
        private Filler() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            ProcessQueue<byte[]> queue =
                    args[0].equals("durable") ? ProcessQueue.open(Path.of(args[1]), 0) : ProcessQueue.create(0);
            int size = Integer.parseInt(args[2]);
            for (int round = 0; round < 3; round++) {
                var sizes = new ArrayDeque<Integer>();
                try {
                    while (true) {
                        int next = size + sizes.size() % 7;
                        queue.put(new byte[next]);
                        sizes.add(next);
                    }
                } catch (UncheckedIOException e) {
                    System.out.println("refused after " + sizes.size() + ": " + e.getMessage());
                }
                if (queue.size() != sizes.size()) {
                    System.out.println("size is " + queue.size());
                }
                while (!sizes.isEmpty()) {
                    if (queue.take().length != sizes.remove()) {
                        System.out.println("another item than was put");
                    }
                }
                System.out.println("all got, empty: " + queue.isEmpty());
            }
        }
    }

    @Test
    @ForkTest
    @Timeout(120)
    void diskFull_putSaysSoAndNothingIsLost(@TempDir Path directory) throws Exception {
        for (var kind : List.of("durable", "run directory")) {
            var sizes = Rounds.of(List.of(1_000, 300_000), List.of(100, 1_000, 50_000, 300_000));
            for (int size : sizes) {
                fill(directory, kind, size);
            }
        }
    }

    private static void fill(Path directory, String kind, int size) throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + Rounds.of(20, 40) + "m", "tmpfs", directory.toString()),
                "no file system of its own for this test: it needs the right to mount one");
        try (var child = ChildJvm.of(Filler.class)
                .flags("-Dmultijvm.run.directory=" + directory)
                .arguments(kind, directory.resolve("queue").toString(), String.valueOf(size))
                .start()) {
            int status = child.awaitExit();
            assertThat(child.stderr()).as("%s, items of %d bytes", kind, size).isEmpty();
            assertThat(status).isZero();
            var lines = child.stdout().lines().toList();
            assertThat(lines).as("%s, items of %d bytes", kind, size).hasSize(6);
            for (int i = 0; i < 6; i += 2) {
                assertThat(lines.get(i)).matches("refused after [1-9]\\d*: .*");
                assertThat(lines.get(i + 1)).isEqualTo("all got, empty: true");
            }
        } finally {
            assertThat(run("umount", directory.toString())).isTrue();
        }
    }

    /** The directories of this program's queues, in memory and on disk, those that will be there as well. */
    private static List<Path> ownDirectories() throws IOException {
        ProcessQueue.create(0).close(); // there is a run directory then
        var own = new ArrayList<Path>();
        String mark = "-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> entries = Files.list(MEMORY)) {
            entries.filter(entry -> {
                        String name = entry.getFileName().toString();
                        return name.startsWith("multijvm-") && name.contains(mark);
                    })
                    .forEach(own::add);
        }
        assertThat(own).hasSize(1);
        own.add(Path.of(System.getProperty("java.io.tmpdir")).resolve(own.get(0).getFileName() + ".disk"));
        return own;
    }

    private static List<Path> inMemory(List<Path> directories) {
        return directories.stream().filter(path -> path.startsWith(MEMORY)).toList();
    }

    /** The bytes that are allocated for all files there. */
    private static long space(List<Path> directories) throws IOException, InterruptedException {
        long bytes = 0;
        for (Path directory : directories) {
            if (Files.exists(directory)) {
                var du = new ProcessBuilder("du", "--summarize", "--block-size=1", directory.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD) // of files that go meanwhile
                        .start();
                String line = new String(du.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                du.waitFor();
                bytes += Long.parseLong(line.split("\t")[0]);
            }
        }
        return bytes;
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
