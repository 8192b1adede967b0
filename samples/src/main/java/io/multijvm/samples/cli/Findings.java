package io.multijvm.samples.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.NativeLibrary;
import io.multijvm.launcher.ArchiveCache;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What matters to MultiJVM about this machine: facts, what is worth knowing, and what keeps it from working. */
record Findings(Map<String, String> facts, List<String> notes, List<String> obstacles) {
    private static final int FEW_OPEN_FILES = 1024;
    private static final long LITTLE_ROOM = 16 << 20;
    private static final double GIB = 1L << 30;
    private static final double MIB = 1L << 20;

    static Findings ofThisMachine() {
        var findings = new Findings(new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
        findings.addJava();
        findings.addSystem();
        findings.addLimits();
        findings.addPlaces();
        findings.addArchives();
        findings.addPrograms();
        return findings;
    }

    private void addJava() {
        facts.put("Java", Runtime.version() + ", " + System.getProperty("java.vendor"));
        facts.put("Java home", System.getProperty("java.home"));
        if (!Files.isExecutable(Path.of(System.getProperty("java.home"), "bin", "java"))) {
            obstacles.add("no bin/java in " + System.getProperty("java.home"));
        }
    }

    private void addSystem() {
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("processor", System.getProperty("os.arch"));
        facts.put("C library", Programs.output("getconf", "GNU_LIBC_VERSION").orElse("not glibc"));
        var unsupported = NativeLibrary.unsupportedReason();
        if (unsupported != null) {
            obstacles.add(unsupported);
        }
    }

    private void addLimits() {
        facts.put("cores", Runtime.getRuntime().availableProcessors() + ", cgroup limit " + cgroup("cpu.max"));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            facts.put("memory", gib(unix.getTotalMemorySize()) + ", cgroup limit " + cgroup("memory.max"));
            long files = unix.getMaxFileDescriptorCount();
            facts.put("open files", "at most " + files);
            if (files < FEW_OPEN_FILES) {
                notes.add("few open files allowed, each child needs some: ulimit -n " + FEW_OPEN_FILES);
            }
        }
    }

    private void addPlaces() {
        var runDirectories = RunDirectory.base();
        facts.put("run directory", runDirectories + ", " + free(runDirectories));
        if (!Files.isWritable(runDirectories)) {
            obstacles.add("cannot write to " + runDirectories + ": set -D" + RunDirectory.BASE_PROPERTY + "=DIRECTORY");
        }
        long room = runDirectories.toFile().getUsableSpace();
        if (Files.isWritable(runDirectories) && room < LITTLE_ROOM) {
            notes.add(
                    "little room in " + runDirectories + ": " + mib(room) + " for all that processes share; docker run "
                            + "--shm-size=1g, or set -D" + RunDirectory.BASE_PROPERTY + "=DIRECTORY");
        }
        var caches = NativeLibrary.cacheDirectory();
        var existing = firstExisting(caches);
        facts.put("caches", caches + ", " + free(existing));
        if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
            notes.add("cannot write to " + caches + ": every JVM starts slower");
        }
    }

    private void addArchives() {
        var cache = ArchiveCache.ofUser();
        try {
            var entries = cache.entries();
            long bytes = entries.stream().mapToLong(ArchiveCache.Entry::bytes).sum();
            facts.put(
                    "archives",
                    entries.size() + ", " + mib(bytes) + " of at most " + mib(ArchiveCache.MOST_BYTES) + ", in "
                            + cache.directory());
            if (entries.isEmpty()) {
                notes.add(
                        "no archive of classes yet: one is made after a program's first run, of the jars that its class"
                                + " path begins with, if they hold MultiJVM; with a directory before them there is none");
            }
            int number = 0;
            for (var entry : entries) {
                facts.put("archive " + ++number, described(entry));
            }
        } catch (IOException e) {
            notes.add("cannot read " + cache.directory() + ": JVMs start slower, " + e);
        }
    }

    private static String described(ArchiveCache.Entry entry) {
        var jars = entry.classPath().split(File.pathSeparator, -1);
        return mib(entry.bytes()) + (entry.queues() ? ", with queues" : "") + (entry.usable() ? "" : ", out of date")
                + ", Java " + entry.version() + ", " + jars.length + " jars from " + jars[0] + " on";
    }

    private void addPrograms() {
        facts.put("/bin/sh", Files.isExecutable(Path.of("/bin/sh")) ? "there" : "missing");
        facts.put("python3", Programs.output("python3", "--version").orElse("missing"));
        if (Programs.output("python3", "--version").isEmpty()) {
            notes.add("no python3: scripts/bench needs it to compare with; apt-get install python3");
        }
    }

    private static String free(Path directory) {
        long room = directory.toFile().getUsableSpace();
        return (room < GIB ? mib(room) : gib(room)) + " free";
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / MIB);
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
    }

    private static Path firstExisting(Path path) {
        return Stream.iterate(path.toAbsolutePath(), Path::getParent)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }

    /** The limit that this process's own group (version 2) sets. */
    private static String cgroup(String limit) {
        try {
            var group = Files.readString(Path.of("/proc/self/cgroup"));
            var matcher = Pattern.compile("(?m)^0::/(.*)$").matcher(group);
            var directory = Path.of("/sys/fs/cgroup", matcher.find() ? matcher.group(1) : "");
            var value = Files.readString(directory.resolve(limit)).strip();
            return value.startsWith("max") ? "none" : value;
        } catch (IOException e) {
            return "none";
        }
    }
}
