package io.multijvm.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The run directories of this test run that no living process holds.
 *
 * <p>Every process of a family holds an OS lock on a file of its run directory. The kernel lists all locks by inode, so
 * a directory is known to be abandoned without taking a lock, which its owner might notice.
 */
final class RunDirectories {
    private static final String ON_DISK = ".disk";
    private static final Path LOCKS = Path.of("/proc/locks");
    /** {@code 1: POSIX  ADVISORY  WRITE 4711 00:19:131 0 EOF}: the number after the last colon is the inode. */
    private static final Pattern LOCKED_INODE = Pattern.compile("[0-9a-f]+:[0-9a-f]+:(\\d+) ");

    private RunDirectories() {}

    static Set<Path> abandoned() {
        var directories = all();
        Set<Path> found = onDiskAlone();
        if (!directories.isEmpty()) {
            var locked = lockedInodes();
            directories.stream()
                    .filter(directory -> isAbandoned(directory, locked))
                    .forEach(found::add);
        }
        return found;
    }

    /** Directories on disk whose run directory, of this test run or another, is gone. */
    private static Set<Path> onDiskAlone() {
        try (Stream<Path> entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return entries.filter(RunDirectories::isOnDiskAlone).collect(Collectors.toCollection(HashSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOnDiskAlone(Path entry) {
        String name = entry.getFileName().toString();
        if (!name.startsWith("multijvm-") || !name.endsWith(ON_DISK)) {
            return false;
        }
        String runDirectory = name.substring(0, name.length() - ON_DISK.length());
        return ForkEnvironment.runBases().allMatch(base -> Files.notExists(base.resolve(runDirectory)));
    }

    /** Every file of every run directory, one a line. */
    static List<String> listing() {
        return all().stream().flatMap(RunDirectories::files).map(Path::toString).toList();
    }

    private static boolean isAbandoned(Path directory, Set<String> locked) {
        return Files.exists(directory) && files(directory).noneMatch(file -> locked.contains(inode(file)));
    }

    private static Stream<Path> files(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.toList().stream();
        } catch (IOException | UncheckedIOException e) {
            return Stream.of(directory); // it is being removed
        }
    }

    private static List<Path> all() {
        try (Stream<Path> entries = Files.list(ForkEnvironment.runBase())) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("multijvm-"))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Set<String> lockedInodes() {
        try (Stream<String> lines = Files.lines(LOCKS)) {
            return lines.map(LOCKED_INODE::matcher)
                    .filter(matcher -> matcher.find())
                    .map(matcher -> matcher.group(1))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String inode(Path file) {
        try {
            return Files.getAttribute(file, "unix:ino").toString();
        } catch (IOException e) {
            return "gone";
        }
    }
}
