package io.multijvm.pool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.logging.ConsoleHandler;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * In a worker: sends what is logged there to its pool.
 *
 * <pre>
 * record   0       4     12
 *          | level | pid | name of the logger, message, stack trace: each its length (4) and UTF-8
 * </pre>
 */
final class LogRecords extends Handler {
    /** The level at which nothing is sent. */
    static final int NONE = Integer.MAX_VALUE;

    private static final int LARGEST_PART =
            8 << 10; // so that none takes a file of its own, which might go with the worker

    private final Outbox outbox;
    private final Worker self;
    private final long pid = ProcessHandle.current().pid();
    private final SimpleFormatter messages = new SimpleFormatter();

    private LogRecords(Outbox outbox, Worker self) {
        this.outbox = outbox;
        this.self = self;
    }

    /** Has all loggers of this process send records of at least {@code level}; they print them no more. */
    static void install(Outbox outbox, Worker self, int level) {
        Logger root = LogManager.getLogManager().getLogger("");
        for (Handler each : root.getHandlers()) {
            if (each instanceof ConsoleHandler) {
                root.removeHandler(each);
            }
        }
        root.setLevel(Level.parse(Integer.toString(level)));
        root.addHandler(new LogRecords(outbox, self));
    }

    @Override
    public void publish(LogRecord entry) {
        try {
            String name = entry.getLoggerName();
            byte[] bytes = encode(
                    entry.getLevel().intValue(),
                    name == null ? "" : name,
                    String.valueOf(messages.formatMessage(entry)),
                    stackOf(entry.getThrown()));
            outbox.sendInParts(Protocol.LOG_PART, Protocol.LOG, self.taskNumber(), bytes, LARGEST_PART);
        } catch (IOException | RuntimeException e) { // of toString() of what was logged, say
            reportError(null, e, ErrorManager.WRITE_FAILURE);
        }
    }

    private byte[] encode(int level, String... texts) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write(ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                .putInt(level)
                .putLong(pid)
                .array());
        for (String each : texts) {
            byte[] text = each.getBytes(StandardCharsets.UTF_8);
            bytes.write(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
            bytes.write(text);
        }
        return bytes.toByteArray();
    }

    private static String stackOf(@Nullable Throwable thrown) {
        if (thrown == null) {
            return "";
        }
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Override
    public void flush() {
        // what is published is sent
    }

    @Override
    public void close() {
        // the lane goes with the process
    }
}
