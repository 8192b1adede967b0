package io.multijvm.benchmarks;

import io.multijvm.launcher.ArchiveCache;
import io.multijvm.launcher.Profile;
import io.multijvm.process.JvmOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** JVMs with the archive of classes that the last run of the benchmarks has left, and such without. */
final class Archives {
    private static final JvmOptions WITHOUT = JvmOptions.defaults().jvmArguments("-Xshare:auto");

    private Archives() {}

    /** Arguments of a fresh JVM that uses none, nor do its children. */
    static List<String> none() {
        return List.of("-D" + ArchiveCache.PROPERTY + "=off");
    }

    /** Arguments of a fresh JVM that uses one, if there is one. */
    static List<String> present() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path");
        return ArchiveCache.ofUser().jvmArguments(new Profile(List.of(java, "-cp", classPath, ""), Map.of(), null));
    }

    /** Options of children that use none, because their user has said something of archives. */
    static JvmOptions without() {
        return WITHOUT;
    }

    static String note() {
        return present().isEmpty()
                ? "There is no archive of classes yet: the next run will find one, or needs jars on its class path."
                : "Without an archive: as in the first run of a program. With one: as from the second one on.";
    }
}
