package io.multijvm.samples;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The text files in some files and directories; build output, git's own files and binary files are left out. */
record TextFiles(List<TextFile> files) {
    private static final Set<String> SKIPPED_DIRECTORIES = Set.of("target", ".git");
    private static final int PROBE = 8 * 1024;

    /** Where a file is, in a form that can travel and keeps every byte of its name, and its size. */
    record TextFile(URI location, long bytes) {}

    static TextFiles under(List<Path> roots) throws IOException {
        List<TextFile> found = new ArrayList<>();
        for (var root : roots) {
            if (!Files.exists(root)) {
                throw new NoSuchFileException(root.toString());
            }
            collect(root.toRealPath(), found);
        }
        return new TextFiles(List.copyOf(found));
    }

    long bytes() {
        return files.stream().mapToLong(TextFile::bytes).sum();
    }

    List<URI> locations() {
        return files.stream().map(TextFile::location).toList();
    }

    List<TextFile> largestFirst() {
        return files.stream()
                .sorted(Comparator.comparingLong(TextFile::bytes).reversed())
                .toList();
    }

    private static void collect(Path root, List<TextFile> found) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean skipped = !directory.equals(root)
                        && SKIPPED_DIRECTORIES.contains(String.valueOf(directory.getFileName()));
                return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && isText(file)) {
                    found.add(new TextFile(file.toUri(), attributes.size()));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** A file without a zero byte near its beginning passes as text, as it does for git and grep. */
    private static boolean isText(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            for (byte b : in.readNBytes(PROBE)) {
                if (b == 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
