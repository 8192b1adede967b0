package io.multijvm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WordsTest {
    @TempDir
    Path directory;

    @Test
    void count_punctuationAndCase_countsLowerCaseRuns() throws IOException {
        assertThat(wordsOf("Ping, pong; PING!\n(ping_pong) 4x4\t"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("ping", 3L, "pong", 2L, "4x4", 1L));
    }

    @Test
    void count_otherScripts_countsTheirLettersAndDigits() throws IOException {
        assertThat(wordsOf("ÄRGER ärger 進程 ٣٤ 𝒳𝒴 𝒳𝒴 🚀"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("ärger", 2L, "進程", 1L, "٣٤", 1L, "𝒳𝒴", 2L));
    }

    @Test
    void count_emptyFile_hasNoWords() throws IOException {
        assertThat(wordsOf("")).isEmpty();
    }

    @Test
    void count_severalFiles_addsUpAndTellsSizes() throws IOException {
        var counts = new HashMap<String, Long>();
        var file = Files.writeString(directory.resolve("a"), "one two");

        assertThat(Words.count(file, counts) + Words.count(file, counts)).isEqualTo(14);
        assertThat(counts).containsExactlyInAnyOrderEntriesOf(Map.of("one", 2L, "two", 2L));
    }

    private Map<String, Long> wordsOf(String text) throws IOException {
        var counts = new HashMap<String, Long>();
        Words.count(Files.writeString(directory.resolve("text"), text), counts);
        return counts;
    }
}
