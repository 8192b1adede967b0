package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.connection.Connection;
import io.multijvm.process.JvmProcess;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * {@code wordcount [--processes N] [PATH…]}: counts the words of many files with N child JVMs.
 *
 * <p>Every worker gets its share of the files through a pipe and sends its counts back through it. Then this JVM counts
 * the same files alone, with the same method.
 *
 * <p>Expect: a line per worker with its pid and its share, the ten most frequent words, both wall times, and that the
 * results are equal. Without a PATH it counts the text files of this project.
 */
public final class WordCount {
    private static final int TOP = 10;

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
        var together = countInWorkers(shares(files, workers));
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

    private static Counts countInWorkers(List<Share> shares) throws IOException, InterruptedException {
        List<Worker> workers = new ArrayList<>();
        for (var share : shares) {
            workers.add(Worker.start("worker-" + (workers.size() + 1), share));
        }
        for (var worker : workers) {
            worker.sendShare();
        }
        var sum = Counts.NONE;
        for (var worker : workers) {
            var counts = worker.receiveCounts();
            System.out.printf(
                    Locale.ROOT,
                    "  %s had %,d files, %,d bytes, %,d words%n",
                    worker,
                    counts.files(),
                    counts.bytes(),
                    counts.words());
            sum = sum.plus(counts);
        }
        return sum;
    }

    /** Deals the files out, largest first, each to the share that has the least so far. */
    private static List<Share> shares(TextFiles files, int count) {
        var lightestFirst = new PriorityQueue<>(Comparator.comparingLong(Share::bytes));
        for (int i = 0; i < count; i++) {
            lightestFirst.add(new Share());
        }
        for (var file : files.largestFirst()) {
            var lightest = lightestFirst.remove();
            lightest.add(file);
            lightestFirst.add(lightest);
        }
        return List.copyOf(lightestFirst);
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void fail(int status, @Nullable String message) {
        System.err.println("wordcount: " + message);
        System.exit(status);
    }

    /** The files that one worker is to count. */
    private static final class Share {
        private final ArrayList<URI> files = new ArrayList<>();
        private long bytes;

        void add(TextFiles.TextFile file) {
            files.add(file.location());
            bytes += file.bytes();
        }

        long bytes() {
            return bytes;
        }
    }

    /** A worker JVM, its share, and our end of the pipe to it. */
    private record Worker(JvmProcess process, Share share, Connection pipe) {
        static Worker start(String name, Share share) {
            var pipe = MultiJvm.pipe();
            var workersEnd = pipe.second();
            var process = MultiJvm.process(name, () -> work(workersEnd)).daemon(true);
            process.start();
            workersEnd.close(); // so the worker holds the only copy, and end-of-file tells of its death
            return new Worker(process, share, pipe.first());
        }

        /** What runs in the worker. */
        private static void work(Connection pipe) throws IOException {
            pipe.send(Counts.of(pipe.recv(FileList.class).files()));
        }

        void sendShare() throws IOException, InterruptedException {
            try {
                pipe.send(new FileList(share.files));
                System.out.printf(Locale.ROOT, "  %s gets %,d files%n", this, share.files.size());
            } catch (IOException e) {
                throw died(e);
            }
        }

        Counts receiveCounts() throws IOException, InterruptedException {
            try (pipe) {
                return pipe.recv(Counts.class);
            } catch (IOException e) {
                throw died(e);
            }
        }

        private IOException died(IOException cause) throws InterruptedException {
            process.join(Duration.ofSeconds(5));
            var reason = process.failure()
                    .map(failure -> ": " + failure.getMessage())
                    .orElse("");
            return new IOException(
                    this + " died before it sent its counts, exit code " + process.exitCode() + reason, cause);
        }

        @Override
        public String toString() {
            return process.name() + " (pid " + process.pid() + ")";
        }
    }

    /** The message to a worker. */
    private record FileList(ArrayList<URI> files) implements Serializable {}

    /** How many files, bytes and words there were, and how often each word; also the message from a worker. */
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
