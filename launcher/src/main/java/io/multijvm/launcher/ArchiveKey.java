package io.multijvm.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an archive of classes is good for: one Java, JVM options that matter, jars as they are now, with or without what
 * queues need.
 *
 * <p>A JVM can archive classes of jars only, and takes an archive when its own class path begins with the archive's. So the
 * jars are those before the first directory.
 *
 * @param java the program
 * @param version of the VM and who built it
 * @param options JVM options that decide whether the VM can use an archive
 * @param jars the leading jars of the class path
 * @param queues whether it holds what queues need, which slows down who needs none
 */
record ArchiveKey(String java, String version, List<String> options, List<Stamp> jars, boolean queues) {
    /** The format of the files; another one is another key. */
    private static final int FORMAT = 1;

    /** The first release with an ahead-of-time cache made by one run (JEP 514). */
    private static final int FIRST_AOT = 25;

    /** Options with which there is no archive: the user has one, or the VM refuses any, or classes are not what they were. */
    private static final List<String> EXCLUDING = List.of(
            "-Xshare",
            "-XX:SharedArchiveFile",
            "-XX:SharedClassListFile",
            "-XX:+AutoCreateSharedArchive",
            "-XX:ArchiveClassesAtExit",
            "-XX:DumpLoadedClassList",
            "-XX:AOT",
            "-XX:Flags",
            "-Xbootclasspath",
            "-agentlib:",
            "-agentpath:",
            "-javaagent:",
            "-Xrun",
            "-Djava.system.class.loader",
            "--patch-module",
            "--limit-modules",
            "--upgrade-module-path",
            "--module-path",
            "-p",
            "@");

    /** Options that change nothing about which archive fits. */
    private static final List<String> IRRELEVANT = List.of(
            "-D",
            "-Xm",
            "-Xss",
            "-Xlog",
            "-verbose",
            "-ea",
            "-da",
            "-esa",
            "-dsa",
            "-enableassertions",
            "-XX:-UsePerfData",
            "-XX:TieredStopAtLevel",
            "-XX:MaxHeap",
            "-XX:InitialHeap",
            "-XX:MaxRAM",
            "-XX:InitialRAM",
            "-XX:ErrorFile",
            "-XX:HeapDump",
            "-XX:+HeapDump",
            "-XX:OnOutOfMemoryError",
            "-XX:ActiveProcessorCount");

    /** Variables whose content a JVM takes for options. */
    private static final List<String> OPTION_VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** A file as it is on disk: what a JVM compares of a jar, too. */
    record Stamp(long size, long seconds, String path) {
        static @Nullable Stamp of(String path) {
            try {
                var found = Files.readAttributes(Path.of(path), BasicFileAttributes.class);
                return found.isRegularFile()
                        ? new Stamp(found.size(), found.lastModifiedTime().to(TimeUnit.SECONDS), path)
                        : null;
            } catch (IOException e) {
                return null;
            }
        }

        /** What {@link #toString} has made; null when it is cut off. */
        static @Nullable Stamp parse(String line) {
            String[] parts = line.split(" ", 3);
            try {
                return parts.length < 3
                        ? null
                        : new Stamp(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
            } catch (NumberFormatException e) {
                return null;
            }
        }

        /** Written out, as {@link Profile}'s is. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Stamp that
                    && size == that.size
                    && seconds == that.seconds
                    && path.equals(that.path);
        }

        @Override
        public int hashCode() {
            return path.hashCode();
        }

        @Override
        public String toString() {
            return size + " " + seconds + " " + path;
        }
    }

    /** The key of what {@code profile} needs; null when there can be no archive for it. */
    static @Nullable ArchiveKey of(Profile profile, boolean queues) {
        List<String> command = profile.command();
        int classPath = command.lastIndexOf("-cp");
        if (classPath < 0 || !isOwnJava(command.get(0)) || changesOptions(profile.environment())) {
            return null;
        }
        List<String> given = command.subList(1, classPath);
        if (given.stream().anyMatch(option -> startsWithOneOf(option, EXCLUDING))) {
            return null;
        }
        List<String> options = given.stream()
                .filter(option -> !startsWithOneOf(option, IRRELEVANT))
                .toList();
        List<Stamp> jars = leadingJars(command.get(classPath + 1));
        return jars.isEmpty() ? null : new ArchiveKey(command.get(0), ownVersion(), options, jars, queues);
    }

    private static boolean startsWithOneOf(String option, List<String> beginnings) {
        for (String beginning : beginnings) {
            if (option.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    /** Of another Java the version would have to be asked for. */
    private static boolean isOwnJava(String java) {
        return java.startsWith(System.getProperty("java.home") + File.separator);
    }

    private static String ownVersion() {
        return System.getProperty("java.vm.version") + " " + System.getProperty("java.vm.vendor") + " "
                + System.getProperty("os.arch");
    }

    private static boolean changesOptions(Map<String, String> environment) {
        for (String variable : OPTION_VARIABLES) {
            String content = environment.get(variable);
            if (content != null && Stream.of(content.split("\\s+")).anyMatch(o -> startsWithOneOf(o, EXCLUDING))) {
                return true;
            }
        }
        return false;
    }

    private static List<Stamp> leadingJars(String classPath) {
        var jars = new ArrayList<Stamp>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            Stamp jar = entry.indexOf('\n') >= 0 ? null : Stamp.of(entry);
            if (jar == null) {
                break;
            }
            jars.add(jar);
        }
        return jars;
    }

    /** Written out, as {@link Profile}'s is. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof ArchiveKey that && text().equals(that.text()));
    }

    @Override
    public int hashCode() {
        return 31 * jars.hashCode() + options.hashCode();
    }

    ArchiveKey withQueues(boolean wanted) {
        return new ArchiveKey(java, version, options, jars, wanted);
    }

    /** The class path that an archive is made with. */
    String classPath() {
        return String.join(File.pathSeparator, jars.stream().map(Stamp::path).toList());
    }

    /** Whether the jars are still what they were. */
    boolean isCurrent() {
        return Files.isExecutable(Path.of(java)) && jars.stream().allMatch(jar -> jar.equals(Stamp.of(jar.path())));
    }

    private static boolean isAheadOfTime() {
        return Runtime.version().feature() >= FIRST_AOT;
    }

    /** Has a JVM write its archive to {@code file} when it ends. */
    static String making(Path file) {
        return (isAheadOfTime() ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + file;
    }

    /** Has a JVM use the archive, and not say a word if it does not. */
    static List<String> using(Path file) {
        var arguments = new ArrayList<>(SILENCE);
        arguments.add((isAheadOfTime() ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + file);
        return arguments;
    }

    /** Has a JVM end rather than do without the archive. */
    static String insisting() {
        return isAheadOfTime() ? "-XX:AOTMode=on" : "-Xshare:on";
    }

    /** Whether an argument is one that {@link #using} adds to a user's. */
    static boolean isSilence(String argument) {
        return SILENCE.contains(argument);
    }

    private static final List<String> SILENCE =
            isAheadOfTime() ? List.of("-Xlog:cds*=off", "-Xlog:aot*=off") : List.of("-Xlog:cds*=off");

    /** A name for files; what it stands for is in the file of that name and compared in full. */
    String fileName() {
        long hash = 0xcbf29ce484222325L; // FNV-1a
        for (byte b : withQueues(false).text().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return Long.toHexString(hash) + (queues ? "-queues" : "");
    }

    /** All of it as lines; scripts read them, too. */
    String text() {
        var text = new StringBuilder("format=" + FORMAT + "\n");
        text.append("java=").append(java).append('\n');
        text.append("version=").append(version).append('\n');
        text.append("queues=").append(queues).append('\n');
        options.forEach(option -> text.append("option=").append(option).append('\n'));
        text.append("classpath=").append(classPath()).append('\n');
        jars.forEach(jar -> text.append("jar=").append(jar).append('\n'));
        return text.toString();
    }

    /** What {@link #text} has said; null when it is not that. */
    static @Nullable ArchiveKey parse(String text) {
        String java = null;
        String version = null;
        boolean queues = false;
        var options = new ArrayList<String>();
        var jars = new ArrayList<Stamp>();
        for (String line : text.lines().toList()) {
            int equals = line.indexOf('=');
            String value = line.substring(equals + 1);
            switch (line.substring(0, Math.max(0, equals))) {
                case "java" -> java = value;
                case "version" -> version = value;
                case "queues" -> queues = Boolean.parseBoolean(value);
                case "option" -> options.add(value);
                case "jar" -> {
                    Stamp jar = Stamp.parse(value);
                    if (jar != null) {
                        jars.add(jar);
                    }
                }
                default -> {
                    // for others to read
                }
            }
        }
        return java == null || version == null
                ? null
                : new ArchiveKey(java, version, List.copyOf(options), List.copyOf(jars), queues);
    }
}
