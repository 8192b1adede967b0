package io.multijvm.ipc.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The space that files take. */
public final class Space {
    private Space() {}

    /**
     * Gives back all space of a file, whose size stays as it is and which is zeros from now on, also where it is mapped. A
     * file system that cannot do so keeps the space until the file is removed and nobody has it open any more.
     */
    public static void giveBack(Path file) throws IOException {
        try (Descriptor descriptor = Descriptor.openToLook(file)) {
            int mode = LibC.FALLOC_FL_KEEP_SIZE | LibC.FALLOC_FL_PUNCH_HOLE;
            if (LibC.fallocate(descriptor.number(), mode, 0, Files.size(file)) != 0) {
                PosixException failure = PosixException.last("fallocate " + file);
                if (failure.errno() != PosixException.EOPNOTSUPP) {
                    throw failure;
                }
            }
        }
    }
}
