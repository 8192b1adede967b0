package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.pool.PoolListener;
import io.multijvm.pool.PoolOptions;
import io.multijvm.pool.Retry;
import io.multijvm.pool.Worker;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * {@code wordcount [--processes N] [PATH…]}: counts the words of many files with N child JVMs.
 *
 * <p>The files are dealt out into batches, a few for each worker, and an executor has its workers count them. A worker that dies
 * is replaced, and its batch is counted by another. Then this JVM counts the same files alone, with the same method.
 *
 * <p>Expect: a line per worker with its pid and what it has counted, the ten most frequent words, both wall times, and that the
 * results are equal. Without a PATH it counts the text files of this project.
 */
public final class WordCount {
    private static final int TOP = 10;
    private static final int BATCHES_FOR_EACH = 4;
    private static final int ATTEMPTS = 3;

    private WordCount() {}

    public static void main(String[] args) throws InterruptedException {
        try {
            var options = Options.parse(List.of(args));
            var files = TextFiles.under(options.paths());
            if (!count(files, options.workersFor(files))) {
                System.exit(1);
            }
        } catch (UsageException e) {
            fail(2, e.getMessage());
        } catch (NoSuchFileException e) {
            fail(2, "no such file or directory: " + e.getFile());
        } catch (FileSystemException e) {
            fail(1, "cannot read " + e.getFile() + ": " + e.getClass().getSimpleName());
        } catch (IOException e) {
            fail(1, e.getMessage());
        }
    }

    /** Counts with {@code workers} JVMs and with this one; returns whether both came to the same result. */
    private static boolean count(TextFiles files, int workers) throws IOException, InterruptedException {
        System.out.printf(
                Locale.ROOT, "%,d text files, %,d bytes%n", files.files().size(), files.bytes());
        long begin = System.nanoTime();
        var together = countInWorkers(files, workers);
        double togetherSeconds = secondsSince(begin);

        begin = System.nanoTime();
        var alone = Counts.of(files.locations());
        double aloneSeconds = secondsSince(begin);

        System.out.printf("the %d most frequent words%n", TOP);
        together.mostFrequent(TOP)
                .forEach(word -> System.out.printf(Locale.ROOT, "  %,10d  %s%n", word.getValue(), word.getKey()));
        System.out.printf(Locale.ROOT, "%d JVMs: %.3f s, one JVM: %.3f s%n", workers, togetherSeconds, aloneSeconds);
        boolean equal = together.equals(alone);
        System.out.println("results are equal: " + (equal ? "yes" : "NO"));
        return equal;
    }

    private static Counts countInWorkers(TextFiles files, int workers) throws IOException, InterruptedException {
        var options = PoolOptions.defaults()
                .workers(workers)
                .name("worker")
                .retry(Retry.attempts(ATTEMPTS))
                .listener(new Log());
        var sum = Counts.NONE;
        var byWorker = new TreeMap<String, Counts>();
        try (var executor = MultiJvm.executor(options)) {
            var parts = batches(files, workers * BATCHES_FOR_EACH).stream()
                    .map(batch -> executor.submit(() -> Part.of(batch)))
                    .toList();
            for (var part : parts) {
                var done = part.get();
                byWorker.merge(done.worker, done.counts, Counts::plus);
                sum = sum.plus(done.counts);
            }
        } catch (ExecutionException e) {
            var cause = Objects.requireNonNull(e.getCause());
            throw cause instanceof IOException unread ? unread : new IOException(why(cause), cause);
        }
        byWorker.forEach((worker, counts) -> System.out.printf(
                Locale.ROOT,
                "  %s had %,d files, %,d bytes, %,d words%n",
                worker,
                counts.files(),
                counts.bytes(),
                counts.words()));
        return sum;
    }

    /** Deals the files out, largest first, each to the batch that has the least so far. */
    private static List<List<URI>> batches(TextFiles files, int most) {
        var lightestFirst = new PriorityQueue<>(Comparator.comparingLong(Batch::bytes));
        for (int i = 0; i < Math.min(most, files.files().size()); i++) {
            lightestFirst.add(new Batch());
        }
        for (var file : files.largestFirst()) {
            var lightest = lightestFirst.remove();
            lightest.add(file);
            lightestFirst.add(lightest);
        }
        return lightestFirst.stream().map(Batch::files).toList();
    }

    /** What has happened, and what has led to it. */
    private static @Nullable String why(Throwable thrown) {
        var cause = thrown.getCause();
        return cause == null ? thrown.getMessage() : thrown.getMessage() + ": " + cause.getMessage();
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void fail(int status, @Nullable String message) {
        System.err.println("wordcount: " + message);
        System.exit(status);
    }

    /** Files that are counted in one go. */
    private static final class Batch {
        private final List<URI> files = new ArrayList<>();
        private long bytes;

        void add(TextFiles.TextFile file) {
            files.add(file.location());
            bytes += file.bytes();
        }

        List<URI> files() {
            return files;
        }

        long bytes() {
            return bytes;
        }
    }

    /** The counts of one batch, and who counted. */
    private record Part(String worker, Counts counts) implements Serializable {
        static Part of(List<URI> files) throws IOException {
            var self = Worker.current().orElseThrow();
            return new Part(name(self.name(), ProcessHandle.current().pid()), Counts.of(files));
        }
    }

    private static String name(String worker, long pid) {
        return worker + " (pid " + pid + ")";
    }

    /** Says who works, and who does so no more. */
    private static final class Log implements PoolListener {
        @Override
        public void workerStarted(String worker, long pid) {
            System.out.println("  " + name(worker, pid) + " begins");
        }

        @Override
        public void workerEnded(String worker, long pid, int exitCode, @Nullable String reason) {
            if (reason == null) {
                System.out.println("  " + name(worker, pid) + " has died, exit code " + exitCode);
            }
        }

        @Override
        public void taskRetried(long task, int attempt, Throwable failure) {
            System.out.println("  batch " + task + " is counted by another, attempt " + attempt);
        }
    }

    /** How many files, bytes and words there were, and how often each word; also what a worker returns. */
    private record Counts(int files, long bytes, long words, HashMap<String, Long> byWord) implements Serializable {
        static final Counts NONE = new Counts(0, 0, 0, new HashMap<>());

        /** The one way of counting, for the workers as for this JVM. */
        static Counts of(List<URI> files) throws IOException {
            var byWord = new HashMap<String, Long>();
            long bytes = 0;
            for (var file : files) {
                bytes += Words.count(Path.of(file), byWord);
            }
            long words = byWord.values().stream().mapToLong(Long::longValue).sum();
            return new Counts(files.size(), bytes, words, byWord);
        }

        Counts plus(Counts other) {
            var sum = new HashMap<>(byWord);
            other.byWord.forEach((word, count) -> sum.merge(word, count, Long::sum));
            return new Counts(files + other.files, bytes + other.bytes, words + other.words, sum);
        }

        List<Map.Entry<String, Long>> mostFrequent(int limit) {
            return byWord.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue()
                            .reversed()
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(limit)
                    .toList();
        }
    }

    /** The command line; zero processes means as many as there are processors, but not more than files. */
    private record Options(int processes, List<Path> paths) {
        private static final String PROCESSES = "--processes";

        static Options parse(List<String> arguments) throws UsageException {
            int processes = 0;
            List<Path> paths = new ArrayList<>();
            for (var left = arguments.iterator(); left.hasNext(); ) {
                var argument = left.next();
                if (argument.equals(PROCESSES)) {
                    processes = number(left.hasNext() ? left.next() : "");
                } else if (argument.startsWith(PROCESSES + "=")) {
                    processes = number(argument.substring(PROCESSES.length() + 1));
                } else if (argument.startsWith("--")) {
                    throw new UsageException("unknown option " + argument);
                } else {
                    paths.add(Path.of(argument));
                }
            }
            return new Options(processes, paths.isEmpty() ? List.of(project()) : paths);
        }

        int workersFor(TextFiles files) {
            return processes > 0
                    ? processes
                    : Math.min(MultiJvm.cpuCount(), Math.max(1, files.files().size()));
        }

        private static int number(String text) throws UsageException {
            try {
                int number = Integer.parseInt(text);
                if (number > 0) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw new UsageException(PROCESSES + " needs a number, not '" + text + "'", e);
            }
            throw new UsageException(PROCESSES + " needs a number above zero, not " + text);
        }

        /** The project's directory: as the launching script says, or the one around the current directory. */
        private static Path project() throws UsageException {
            var home = System.getProperty("multijvm.project.home");
            if (home != null) {
                return Path.of(home);
            }
            for (var here = Path.of("").toAbsolutePath(); here != null; here = here.getParent()) {
                if (here.resolve("scripts/multijvm").toFile().exists()) {
                    return here;
                }
            }
            throw new UsageException("no project around the current directory; give a PATH to count");
        }
    }

    /** The command line cannot be used. */
    private static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }

        UsageException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
