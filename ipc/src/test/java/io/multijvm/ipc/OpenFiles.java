package io.multijvm.ipc;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The descriptors of this process, as the kernel lists them. */
public final class OpenFiles {
    private static final Path OWN = Path.of("/proc/self/fd");

    private OpenFiles() {}

    /** How many of them are open on {@code file}. */
    public static int of(Path file) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(OWN)) {
            for (Path one : all) {
                if (isOpenOn(one, file)) {
                    count++;
                }
            }
        }
        return count;
    }

    /** Whether descriptor {@code number} is open. */
    public static boolean isOpen(int number) {
        return Files.exists(OWN.resolve(Integer.toString(number)), java.nio.file.LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isOpenOn(Path descriptor, Path file) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
        } catch (java.nio.file.NoSuchFileException e) {
            return false; // the listing's own descriptor, or another thread's
        }
    }
}
