package io.multijvm.pool;

import io.multijvm.ipc.lane.Ring;
import io.multijvm.launcher.Output;
import io.multijvm.process.JvmOptions;
import java.io.ByteArrayOutputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What workers print and log, on its way to loggers of this process. Loggers are called on the thread of the callbacks, so one
 * that takes long holds up no result, and no worker.
 */
final class WorkerLogs {
    /** So many may wait for a logger that is slower than the workers; what comes then is counted only. */
    private static final int MOST_WAITING = 100_000;

    private final @Nullable String outputLogger;
    private final @Nullable String logLogger;
    private final JvmOptions jvm;
    private final Callbacks callbacks;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();

    WorkerLogs(PoolOptions options, Callbacks callbacks) {
        outputLogger = options.outputTo();
        logLogger = options.logsTo();
        jvm = options.jvm();
        this.callbacks = callbacks;
    }

    /** How workers are started, for their output to come here. */
    JvmOptions jvm() {
        String logger = outputLogger;
        return logger == null
                ? jvm
                : jvm.stdout(Output.toLines(line -> pass(logger, Level.INFO, line)))
                        .stderr(Output.toLines(line -> pass(logger, Level.WARNING, line)));
    }

    /** The level, as java.util.logging has them, from which on workers are to send what they log. */
    int level() {
        if (logLogger == null) {
            return LogRecords.NONE;
        }
        System.Logger logger = System.getLogger(logLogger);
        for (Level each : new Level[] {Level.TRACE, Level.DEBUG, Level.INFO, Level.WARNING, Level.ERROR}) {
            if (logger.isLoggable(each)) {
                return java.util.logging.Level.parse(nameOf(each)).intValue();
            }
        }
        return LogRecords.NONE;
    }

    private static String nameOf(Level level) {
        return switch (level) {
            case ALL, TRACE -> "ALL";
            case DEBUG -> "FINE";
            case INFO -> "INFO";
            case WARNING -> "WARNING";
            case ERROR -> "SEVERE";
            case OFF -> "OFF";
        };
    }

    private static Level levelOf(int number) {
        if (number >= java.util.logging.Level.SEVERE.intValue()) {
            return Level.ERROR;
        }
        if (number >= java.util.logging.Level.WARNING.intValue()) {
            return Level.WARNING;
        }
        if (number >= java.util.logging.Level.INFO.intValue()) {
            return Level.INFO;
        }
        return number >= java.util.logging.Level.FINE.intValue() ? Level.DEBUG : Level.TRACE;
    }

    /** A worker has sent a record, or a part of one; the collector's. */
    void arrived(PoolWorker worker, Ring.Message message) {
        ByteArrayOutputStream parts = worker.logged;
        parts.write(message.bytes(), 0, message.length());
        if (message.kind() == Protocol.LOG && logLogger != null) {
            ByteBuffer entry = ByteBuffer.wrap(parts.toByteArray());
            parts.reset();
            Level level = levelOf(entry.getInt());
            long pid = entry.getLong();
            String logger = text(entry);
            String said = text(entry);
            String stack = text(entry);
            String task = message.number() == 0 ? "" : ", task " + message.number();
            pass(
                    logLogger,
                    level,
                    "[" + worker.name + ", pid " + pid + task + "] " + logger + ": " + said
                            + (stack.isEmpty() ? "" : System.lineSeparator() + stack.stripTrailing()));
        }
    }

    private static String text(ByteBuffer entry) {
        byte[] bytes = new byte[entry.getInt()];
        entry.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void pass(String logger, Level level, String line) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            dropped.incrementAndGet();
            return;
        }
        callbacks.run(() -> {
            waiting.decrementAndGet();
            System.Logger to = System.getLogger(logger);
            to.log(level, line);
            int lost = dropped.getAndSet(0);
            if (lost > 0) {
                to.log(
                        Level.WARNING,
                        lost + " lines of workers were dropped, as they came faster than they are logged");
            }
        });
    }
}
