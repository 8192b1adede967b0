package io.multijvm.manager;

import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.UUID;

/**
 * The keys of managers, known to all processes of this program when one of them has passed on an object of the manager:
 * files in the program's own directory. Keys never travel with the objects, which may go over open networks.
 */
final class Keys {
    private Keys() {}

    /** The key of {@code server}; what nobody has published has this process's own. */
    static byte[] find(UUID server) throws IOException {
        try {
            return Files.readAllBytes(file(server));
        } catch (NoSuchFileException e) {
            return own();
        }
    }

    /** Lets all processes of this program know the key. */
    static void publish(UUID server, byte[] key) throws IOException {
        if (Arrays.equals(key, own())) {
            return; // inherited by all of them
        }
        Path file = file(server);
        if (Files.exists(file)) {
            return;
        }
        Path draft = ProcessContext.uniqueFile("key");
        Files.write(draft, key);
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            Files.delete(draft); // somebody else has
        }
    }

    private static byte[] own() {
        return JvmProcess.currentProcess().authKey();
    }

    private static Path file(UUID server) {
        return ProcessContext.sharedFile("manager-" + server);
    }
}
