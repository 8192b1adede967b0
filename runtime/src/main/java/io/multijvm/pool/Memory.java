package io.multijvm.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What processes have in use of the machine's memory. */
final class Memory {
    private static final int PAGE = 4096;

    private Memory() {}

    /** Bytes a process has in use, as the operating system sees it; 0 when that is not known. */
    static long of(long pid) {
        try {
            String[] pages = Files.readString(Path.of("/proc", Long.toString(pid), "statm"))
                    .split(" ");
            return Long.parseLong(pages[1]) * PAGE;
        } catch (IOException | RuntimeException e) {
            return 0; // gone, or not this kind of system
        }
    }
}
