package io.multijvm.benchmarks;

import io.multijvm.MultiJvm;
import io.multijvm.queue.ProcessQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;

/** Chronicle Queue by itself, between two processes: what a queue on it cannot be quicker than. */
final class RawChronicle implements AutoCloseable {
    private static final byte[] ITEM = new byte[5]; // as many as an encoded integer has

    private final QueueEnds ends;

    private RawChronicle(QueueEnds ends) {
        this.ends = ends;
    }

    static RawChronicle in(Path directory) {
        String path = directory.toString();
        return new RawChronicle(new QueueEnds(List.of(append(path)), List.of(read(path))));
    }

    private static Partner.Task append(String path) {
        return count -> {
            ExcerptAppender appender = Ends.of(path).appender;
            long begin = System.nanoTime();
            for (int i = 0; i < count; i++) {
                try (DocumentContext document = appender.writingDocument()) {
                    document.wire().bytes().write(ITEM);
                }
            }
            return begin;
        };
    }

    private static Partner.Task read(String path) {
        return count -> {
            ExcerptTailer tailer = Ends.of(path).tailer;
            var item = new byte[ITEM.length];
            for (int i = 0; i < count; ) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (document.isPresent()) {
                        document.wire().bytes().read(item);
                        i++;
                    } else {
                        Thread.onSpinWait();
                    }
                }
            }
            return System.nanoTime();
        };
    }

    /** The two ends of the child that uses one of them, open until it ends. */
    private record Ends(ExcerptAppender appender, ExcerptTailer tailer) {
        private static @Nullable Ends opened;

        static Ends of(String path) throws InterruptedException {
            Ends ends = opened;
            if (ends == null) {
                prepare();
                ChronicleQueue queue = ChronicleQueue.singleBuilder(path)
                        .rollCycle(RollCycles.FAST_DAILY)
                        .build();
                ends = new Ends(queue.createAppender(), queue.createTailer());
                opened = ends;
            }
            return ends;
        }

        /** A first queue of ours opens the JDK for Chronicle, and keeps it quiet. */
        private static void prepare() throws InterruptedException {
            ProcessQueue<Integer> queue = MultiJvm.queue();
            queue.put(1);
            queue.take();
        }
    }

    double nanos(int items) throws IOException {
        return ends.nanos(items);
    }

    @Override
    public void close() throws IOException {
        ends.close();
    }
}
