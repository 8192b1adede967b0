package io.multijvm.ipc.queue;

import io.multijvm.ipc.os.JdkInternals;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.posix.internal.PosixAPIHolder;
import org.slf4j.LoggerFactory;

/**
 * Appends items to one segment: a Chronicle queue whose clock stands still, so that it has one cycle and one file. The only
 * class that touches Chronicle, which is loaded with it and not before: 0.4 s in a cold JVM.
 *
 * <p>Used under the lock of those who put. That is what makes Chronicle's own lock always free; and whoever takes our lock over
 * from a dead process leaves this segment, in which that one's may be held and a document half written, as it is.
 *
 * <p>Space is taken before it is written to: a full disk is an exception here and not a fault of the JVM.
 */
final class SegmentWriter implements Closeable {
    /** The largest item that goes into a segment. */
    static final int LARGEST = 64 * 1024;

    /** An item begins before this many bytes, or in the next segment. */
    private static final int FULL = 15 << 20;

    private static final long BLOCK = 16 << 20;
    private static final int SLACK = 32 * 1024; // for what Chronicle writes between items
    private static final int LEAST_STEP = 64 * 1024;
    private static final int MOST_STEP = 1 << 20;
    private static final byte[] ZEROS = new byte[LEAST_STEP];
    private static final long LEAST_FREE = 512 * 1024;
    private static final long PAGE = 4096;
    private static final List<String> OPENED = List.of(
            "java.lang", "java.lang.reflect", "java.nio", "java.nio.channels.spi", "jdk.internal.ref", "sun.nio.ch");
    private static final int INDEX_COUNT = 256;
    private static final int INDEX_SPACING = 64;

    static {
        Preparation.run();
    }

    final int generation;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final RandomAccessFile file; // whose calls an interrupt does not end
    private long taken; // how far space is known to be there

    private SegmentWriter(int generation, SingleChronicleQueue queue, ExcerptAppender appender, RandomAccessFile file) {
        this.generation = generation;
        this.queue = queue;
        this.appender = appender;
        this.file = file;
    }

    /**
     * A writer for the segment in {@code directory}, which is made a segment when it is empty.
     *
     * @throws IOException when there is no room for that
     */
    static SegmentWriter open(Path directory, int generation) throws IOException {
        requireSpace(directory);
        SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(RollCycles.FAST_DAILY)
                .timeProvider(() -> 0)
                .blockSize(BLOCK)
                .indexCount(INDEX_COUNT)
                .indexSpacing(INDEX_SPACING)
                .build();
        try {
            ExcerptAppender appender = queue.createAppender();
            appender.singleThreadedCheckDisabled(true);
            try (DocumentContext nothing = appender.writingDocument()) {
                nothing.rollbackOnClose(); // but the file is there now
            }
            var file = new RandomAccessFile(Storage.documents(directory).toFile(), "rw");
            return new SegmentWriter(generation, queue, appender, file);
        } catch (IOException | RuntimeException e) {
            queue.close();
            throw e;
        }
    }

    private static void requireSpace(Path directory) throws IOException {
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable < LEAST_FREE) {
            throw new FileSystemException(
                    directory.toString(), null, "no room for a segment of a queue: " + usable + " bytes are left");
        }
    }

    /**
     * Appends an item.
     *
     * @return false when the segment is full; nothing is written then
     * @throws IOException when there is no room for it; nothing is written then
     */
    boolean append(int state, byte[] bytes, int offset, int length) throws IOException {
        DocumentContext document = appender.writingDocument();
        boolean done = false;
        try {
            Bytes<?> out = document.wire().bytes();
            long at = out.writePosition();
            if (at < FULL) {
                requireSpace(at, length);
                out.writeInt(state);
                out.write(bytes, offset, length);
                done = true;
            }
            return done;
        } finally {
            if (!done) {
                document.rollbackOnClose();
            }
            document.close();
        }
    }

    /** Others may have taken more space, and have written to it: only what is behind the last item may be filled with zeros. */
    private void requireSpace(long at, int length) throws IOException {
        long needed = at + length + SLACK;
        if (needed <= taken) {
            return;
        }
        long step = Math.min(MOST_STEP, Math.max(LEAST_STEP, at / 2));
        long until = (needed + step) & -PAGE;
        long from = Math.max(at, taken);
        file.seek(from);
        for (long left = until - from; left > 0; left -= ZEROS.length) {
            file.write(ZEROS, 0, (int) Math.min(ZEROS.length, left));
        }
        taken = until;
    }

    @Override
    public void close() throws IOException {
        appender.close();
        queue.close();
        file.close();
    }

    /** What Chronicle needs of the JVM and of its own switches; once, before the first of its classes is loaded. */
    private static final class Preparation {
        private static final String VERBOSITY = "slf4j.internal.verbosity";

        private Preparation() {}

        static void run() {
            for (String name : OPENED) {
                JdkInternals.open(name);
            }
            JdkInternals.allowUnsafeMemory();
            System.setProperty("chronicle.analytics.disable", "true");
            System.setProperty("chronicle.disk.monitor.disable", "true"); // a thread, for what put() says itself
            if (PosixAPIHolder.POSIX_API == null) {
                PosixAPIHolder.useNoOpPosixApi(); // of use to msync alone, and 0.1 s of another native library
            }
            // SLF4J without a provider says so once, to whoever is first: not because of us.
            String before = System.getProperty(VERBOSITY);
            if (before == null) {
                System.setProperty(VERBOSITY, "ERROR");
            }
            Object loaded = LoggerFactory.getILoggerFactory();
            if (before == null && loaded != null) {
                System.clearProperty(VERBOSITY);
            }
        }
    }
}
