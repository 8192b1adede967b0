package io.multijvm.ipc.os;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program to be started with {@code posix_spawn(3)}.
 *
 * <p>Against {@link ProcessBuilder} it can hand down any descriptor (a control socket, a held file lock), starts
 * the program in a process group, with a clean signal mask, without a helper program in between, and leaves the exit
 * status to be fetched whole: exit code or signal, never one dressed as the other.
 *
 * @param command path of the program and its arguments
 * @param environment the whole environment
 * @param directory the working directory, or null for this process's own
 * @param descriptors what the program finds as its descriptors 0, 1, 2, …; everything else is closed
 * @param processGroup the group to join, or 0 for a new one
 */
public record Executable(
        List<String> command,
        Map<String, String> environment,
        @Nullable Path directory,
        List<Descriptor> descriptors,
        int processGroup) {
    private static final int STRUCTURE = 512; // larger than any of glibc's and musl's
    private static final int SIGNAL_SET = 128;

    /** Starts the program and returns its pid; a program that cannot be executed is a {@link PosixException}. */
    public int spawn() throws IOException {
        refuseNul();
        try (var actions = LibC.memory(STRUCTURE);
                var attributes = LibC.memory(STRUCTURE);
                var signals = LibC.memory(SIGNAL_SET);
                var arguments = new StringArray(command);
                var variables = new StringArray(environment.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList())) {
            checkReturned(LibC.posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init");
            checkReturned(LibC.posix_spawnattr_init(attributes), "posix_spawnattr_init");
            var sources = new ArrayList<Descriptor>(descriptors.size());
            try {
                describe(attributes, signals);
                for (Descriptor descriptor : descriptors) {
                    int target = sources.size();
                    // Above all targets, so that none is overwritten before its turn.
                    sources.add(descriptor.duplicateFrom(descriptors.size()));
                    LibC.posix_spawn_file_actions_adddup2(
                            actions, sources.get(target).number(), target);
                }
                closeTheRest(actions);
                if (directory != null) {
                    LibC.posix_spawn_file_actions_addchdir_np(actions, directory.toString());
                }
                int[] pid = new int[1];
                checkReturned(
                        LibC.posix_spawn(
                                pid, command.get(0), actions, attributes, arguments.pointer, variables.pointer),
                        "cannot run " + command.get(0) + (directory == null ? "" : " in " + directory));
                return pid[0];
            } finally {
                sources.forEach(Descriptor::close);
                LibC.posix_spawnattr_destroy(attributes);
                LibC.posix_spawn_file_actions_destroy(actions);
            }
        }
    }

    /** A JVM's threads block SIGQUIT, and whoever started us may ignore some: the child begins with neither. */
    private void describe(Memory attributes, Memory signals) {
        LibC.posix_spawnattr_setflags(attributes, (short)
                (LibC.POSIX_SPAWN_SETPGROUP | LibC.POSIX_SPAWN_SETSIGMASK | LibC.POSIX_SPAWN_SETSIGDEF));
        LibC.posix_spawnattr_setpgroup(attributes, processGroup);
        signals.clear();
        LibC.posix_spawnattr_setsigmask(attributes, signals);
        signals.setMemory(0, 8, (byte) 0xff);
        LibC.posix_spawnattr_setsigdefault(attributes, signals);
    }

    private void closeTheRest(Memory actions) throws IOException {
        if (CloseFrom.AVAILABLE) {
            CloseFrom.posix_spawn_file_actions_addclosefrom_np(actions, descriptors.size());
        } else {
            closeEach(actions);
        }
    }

    private void closeEach(Memory actions) throws IOException {
        var numbers = new ArrayList<Integer>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            open.forEach(path -> numbers.add(Integer.parseInt(path.getFileName().toString())));
        }
        // One of them is the listing itself, closed by now: posix_spawn passes over what is not open.
        numbers.stream()
                .filter(number -> number >= descriptors.size())
                .forEach(number -> LibC.posix_spawn_file_actions_addclose(actions, number));
    }

    /** The system's strings end at the first one: what follows would silently be lost. */
    private void refuseNul() {
        var all = new ArrayList<>(command);
        all.addAll(environment.keySet());
        all.addAll(environment.values());
        for (String string : all) {
            if (string.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "NUL character in '" + string.replace('\0', '?') + "', for " + command.get(0));
            }
        }
    }

    private static void checkReturned(int errno, String call) throws PosixException {
        if (errno != 0) {
            throw new PosixException(call, errno);
        }
    }

    /** A function glibc has from 2.34 on. */
    static final class CloseFrom {
        static final boolean AVAILABLE = bound();

        private CloseFrom() {}

        private static boolean bound() {
            try {
                NativeLibrary.bind(CloseFrom.class);
                return true;
            } catch (UnsatisfiedLinkError e) {
                return false;
            }
        }

        static native int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int lowest);
    }

    /** A null-terminated array of C strings. */
    private static final class StringArray implements AutoCloseable {
        private final Memory memory;
        final Pointer pointer;

        StringArray(List<String> strings) {
            var encoded = new ArrayList<byte[]>(strings.size());
            long size = 8L * (strings.size() + 1);
            for (String string : strings) {
                byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
                encoded.add(bytes);
                size += bytes.length + 1;
            }
            memory = LibC.memory(size);
            pointer = memory;
            long at = 8L * (strings.size() + 1);
            for (int i = 0; i < encoded.size(); i++) {
                byte[] bytes = encoded.get(i);
                memory.setPointer(8L * i, memory.share(at));
                memory.write(at, bytes, 0, bytes.length);
                memory.setByte(at + bytes.length, (byte) 0);
                at += bytes.length + 1;
            }
            memory.setPointer(8L * encoded.size(), Pointer.NULL);
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
