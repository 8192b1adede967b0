package io.multijvm.samples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A document of the project, as its fenced blocks. */
final class Document {
    private static final String FENCE = "```";

    private Document() {}

    /** The blocks marked {@code java}, each with the text that is said to be printed. */
    static List<CodeBlock> javaBlocks(Path document) throws IOException {
        var fences = fences(document);
        List<CodeBlock> blocks = new ArrayList<>();
        for (int i = 0; i < fences.size(); i++) {
            var fence = fences.get(i);
            if (fence.language.equals("java")) {
                Optional<List<String>> printed = Optional.of(i + 1)
                        .filter(next -> next < fences.size())
                        .map(fences::get)
                        .filter(next -> next.language.equals("text"))
                        .map(Fence::lines);
                blocks.add(new CodeBlock(document, fence.line, fence.lines, printed));
            }
        }
        return blocks;
    }

    /** What is between two lines of backquotes, the first of them, counted from 1, at {@code line}. */
    private record Fence(String language, int line, List<String> lines) {}

    private static List<Fence> fences(Path document) throws IOException {
        var lines = Files.readAllLines(document);
        List<Fence> fences = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(FENCE)) {
                int begin = i + 1;
                int end = begin;
                while (!lines.get(end).equals(FENCE)) {
                    end++;
                }
                fences.add(new Fence(
                        lines.get(i).substring(FENCE.length()), begin, List.copyOf(lines.subList(begin, end))));
                i = end;
            }
        }
        return fences;
    }
}
