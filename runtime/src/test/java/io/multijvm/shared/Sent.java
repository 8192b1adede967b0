package io.multijvm.shared;

import io.multijvm.Context;
import io.multijvm.MultiJvm;
import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.process.JvmProcess;
import io.multijvm.process.ProcessContext;
import io.multijvm.process.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Shared objects under way, and what they leave in the run directory. */
final class Sent {
    private Sent() {}

    /** A context for every start method. */
    static Stream<Context> contexts() {
        return MultiJvm.getAllStartMethods().stream().map(MultiJvm::getContext);
    }

    /** Runs {@code target} in a process of its own, to its good end. */
    static void run(Context context, Target target) throws Exception {
        JvmProcess process = context.process(target);
        process.start();
        process.joinOrThrow();
    }

    /** What arrives when {@code object} is sent. */
    @SuppressWarnings("unchecked") // it arrives as what it was
    static <T> T copy(T object) throws IOException, ClassNotFoundException {
        return (T) decode(encode(object));
    }

    static byte[] encode(Object object) {
        try (Encoded encoded = Codec.encode(object)) {
            return encoded.bytes();
        }
    }

    static Object decode(byte[] bytes) throws IOException, ClassNotFoundException {
        return Codec.decode(bytes, List.of(), Sent.class.getClassLoader());
    }

    /** The files of this program whose names begin with {@code prefix}. */
    static List<String> files(String prefix) throws IOException {
        try (Stream<Path> all = Files.list(ProcessContext.memory().directory().path())) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    /** The file of this program that was made last of those whose names begin with {@code prefix}. */
    static String newest(String prefix) throws IOException {
        return files(prefix).stream()
                .max(Comparator.comparingInt(name -> Integer.parseInt(name.substring(name.lastIndexOf('-') + 1))))
                .orElseThrow();
    }

    /** How often this process has that file mapped. */
    static long mappings(String file) throws IOException {
        String path = ProcessContext.memory().directory().file(file).toString();
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.endsWith(path)).count();
        }
    }
}
