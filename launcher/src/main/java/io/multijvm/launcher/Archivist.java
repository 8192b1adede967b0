package io.multijvm.launcher;

import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.Executable;
import io.multijvm.ipc.os.ExitStatus;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.queue.ItemQueues;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A family's use of the {@link ArchiveCache}: JVMs are started with an archive that fits, and the first process has the
 * missing ones made, by a process that belongs to nobody and is in nobody's way ({@link ArchiveMain}).
 *
 * <p>Nothing of this is ever an error: who has no cache directory, or no space in it, has no archives.
 */
final class Archivist {
    private static final int MOST_CLASSES = 32;
    /** The kernel takes 128 KiB for one argument. */
    private static final int LONG_ARGUMENT = 100_000;

    private static final long LEAST_SPACE = 2 * ArchiveCache.MOST_BYTES;
    private static final String NICE = "exec nice -n 19 \"$@\"";

    private final ArchiveCache cache = ArchiveCache.ofUser();
    private final Map<Profile, Optional<ArchiveKey>> keys = new HashMap<>(); // guarded by this, as is the next
    private final Map<ArchiveKey, Started> started = new LinkedHashMap<>();

    /** What was started that an archive could be for. */
    private record Started(String entryPoint, Set<String> classes) {}

    /** The command line {@code own} of a JVM of {@code profile}, with an archive if there is one. */
    List<String> command(Profile profile, List<String> own, RunDirectory family) {
        ArchiveKey key = key(profile);
        if (key == null) {
            return own;
        }
        Path withQueues = cache.find(key.withQueues(true));
        Path archive = withQueues != null && ItemQueues.areUsed(family) ? withQueues : cache.find(key);
        if (archive == null) {
            return own;
        }
        var command = new ArrayList<>(own);
        command.addAll(1, ArchiveKey.using(archive));
        return command;
    }

    private synchronized @Nullable ArchiveKey key(Profile profile) {
        if (!ArchiveCache.isWanted()) {
            return null;
        }
        Optional<ArchiveKey> known = keys.get(profile);
        if (known == null) {
            known = Optional.ofNullable(ArchiveKey.of(profile, false));
            keys.put(profile, known);
        }
        return known.orElse(null);
    }

    /** Notes what a start has been; returns whether it is the first of its kind. */
    synchronized boolean note(LaunchSpec spec) {
        ArchiveKey key = key(spec.profile());
        if (key == null) {
            return false;
        }
        boolean isNew = !started.containsKey(key);
        Set<String> classes = started.computeIfAbsent(
                        key, unused -> new Started(spec.entryPoint(), new LinkedHashSet<>()))
                .classes();
        if (classes.size() < MOST_CLASSES) {
            classes.add(spec.subject());
        }
        return isNew;
    }

    /** Has one of the missing archives made, if nobody on this machine is at it; returns the pid of who makes it, or 0. */
    int makeMissing(RunDirectory family) {
        if (!ArchiveCache.isMaker()) {
            return 0;
        }
        Map<ArchiveKey, Started> noted;
        synchronized (this) {
            noted = new LinkedHashMap<>(started);
        }
        try {
            boolean queues = !noted.isEmpty() && ItemQueues.areUsed(family);
            for (Map.Entry<ArchiveKey, Started> each : noted.entrySet()) {
                ArchiveKey key = each.getKey().withQueues(queues);
                if (!cache.isSettled(key) && isComplete(key, each.getValue().entryPoint())) {
                    return make(key, each.getValue());
                }
            }
        } catch (IOException | ReflectiveOperationException | RuntimeException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.DEBUG, "no archive is made", e);
        }
        return 0;
    }

    /** Whether the jars have all that it takes to make an archive: what is first started from directories has not. */
    private static boolean isComplete(ArchiveKey key, String entryPoint)
            throws IOException, ReflectiveOperationException {
        return key.classPath().length() < LONG_ARGUMENT
                && isIn(key, ArchiveMain.class)
                && isIn(key, Descriptor.class)
                && isIn(key, Class.forName(entryPoint));
    }

    private static boolean isIn(ArchiveKey key, Class<?> type) throws IOException, ReflectiveOperationException {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null) {
            return false;
        }
        try {
            Path jar = Path.of(source.getLocation().toURI());
            for (ArchiveKey.Stamp each : key.jars()) {
                if (Files.isSameFile(jar, Path.of(each.path()))) {
                    return true;
                }
            }
            return false;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private int make(ArchiveKey key, Started what) throws IOException {
        cache.makeDirectory();
        File space = cache.directory().toFile();
        Descriptor.Locked lock = Descriptor.openLocked(cache.directory().resolve(ArchiveCache.LOCK));
        if (!lock.held()) {
            return 0;
        }
        // The lock goes with the last process that has this descriptor open: with the maker.
        try (Descriptor held = lock.descriptor();
                Descriptor nowhere = Descriptor.devNull()) {
            if (space.getUsableSpace() < LEAST_SPACE) {
                return 0;
            }
            var command = new ArrayList<>(List.of("/bin/sh", "-c", NICE, "multijvm-archive"));
            command.addAll(ArchiveMain.command(cache.directory(), key, what.entryPoint(), what.classes()));
            int newGroup = 0;
            return new Executable(
                            command,
                            System.getenv(),
                            cache.directory(),
                            List.of(nowhere, nowhere, nowhere, held),
                            newGroup)
                    .spawn();
        }
    }

    /** Fetches the status of {@code maker} when it has ended, as long as this process is there. */
    static void reapLater(int maker, Monitor monitor) {
        try {
            Descriptor process = ProcessControl.watch(maker);
            monitor.watch(process, () -> {
                monitor.close(process);
                reap(maker);
            });
        } catch (IOException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.DEBUG, "an archive's maker is not reaped", e);
        }
    }

    private static void reap(int maker) {
        try {
            ExitStatus.reap(maker);
        } catch (IOException e) {
            System.getLogger("io.multijvm").log(System.Logger.Level.DEBUG, "an archive's maker is not reaped", e);
        }
    }
}
