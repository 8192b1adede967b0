package io.multijvm.samples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Words in a text: runs of Unicode letters and digits, in lower case. */
final class Words {
    private Words() {}

    /** Adds the words of {@code file}, read as UTF-8, to {@code counts}; returns the size of the file in bytes. */
    static long count(Path file, Map<String, Long> counts) throws IOException {
        try (var in = Files.newInputStream(file);
                var text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16)) {
            var word = new StringBuilder();
            for (int c = nextCodePoint(text); c >= 0; c = nextCodePoint(text)) {
                if (Character.isLetterOrDigit(c)) {
                    word.appendCodePoint(c);
                } else {
                    endWord(word, counts);
                }
            }
            endWord(word, counts);
        }
        return Files.size(file);
    }

    /** The next character, also from beyond the first 65,536; -1 at the end. */
    private static int nextCodePoint(BufferedReader text) throws IOException {
        int c = text.read();
        // The decoder never lets half a pair through, so a low surrogate follows.
        return c >= 0 && Character.isHighSurrogate((char) c) ? Character.toCodePoint((char) c, (char) text.read()) : c;
    }

    private static void endWord(StringBuilder word, Map<String, Long> counts) {
        if (word.length() > 0) {
            counts.merge(word.toString().toLowerCase(Locale.ROOT), 1L, Long::sum);
            word.setLength(0);
        }
    }
}
