package io.multijvm.samples.check;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** What a sample has shown: its exit code and the lines it printed. */
public record Shown(int exitCode, List<String> out, List<String> err) {
    /** It ended with 0, and printed neither errors nor warnings. */
    void succeeded() {
        endedWell();
        Require.that(err.isEmpty(), "nothing is printed to standard error");
    }

    void endedWell() {
        Require.that(exitCode == 0, "the exit code is 0, but " + exitCode);
    }

    /** These lines and no others. */
    void exactly(String... lines) {
        Require.equal(out, List.of(lines));
    }

    void has(String... lines) {
        for (var line : lines) {
            Require.that(out.contains(line), "a line is \"" + line + "\"");
        }
    }

    void hasNot(String line) {
        Require.that(!out.contains(line), "no line is \"" + line + "\"");
    }

    /** These lines in this order, and possibly others between. */
    void inOrder(String... lines) {
        Require.inOrder(out, List.of(lines));
    }

    void begins(String... lines) {
        Require.that(out.size() >= lines.length, "there are at least " + lines.length + " lines");
        Require.equal(out.subList(0, lines.length), List.of(lines));
    }

    void ends(String... lines) {
        Require.that(out.size() >= lines.length, "there are at least " + lines.length + " lines");
        Require.equal(out.subList(out.size() - lines.length, out.size()), List.of(lines));
    }

    void size(int lines) {
        Require.that(out.size() == lines, "there are " + lines + " lines, not " + out.size());
    }

    /** A line of standard error has this in it. */
    void wrote(String text) {
        Require.that(err.stream().anyMatch(line -> line.contains(text)), "standard error says \"" + text + "\"");
    }

    /** What the group of {@code pattern} is in each line that matches it. */
    public List<String> texts(String pattern) {
        var compiled = Pattern.compile(pattern);
        return out.stream()
                .map(compiled::matcher)
                .map(matcher -> matcher.matches() ? matcher.group(1) : null)
                .filter(Objects::nonNull)
                .toList();
    }

    /** What the group of {@code pattern} is in the one line that matches it. */
    public String text(String pattern) {
        var texts = texts(pattern);
        Require.that(texts.size() == 1, "one line is like \"" + pattern + "\", but " + texts.size());
        return texts.get(0);
    }

    /** The one line that matches {@code pattern}. */
    public String line(String pattern) {
        return text("(" + pattern + ")");
    }

    public List<Long> numbers(String pattern) {
        return texts(pattern).stream().map(Long::valueOf).toList();
    }

    /** The one number that matches; it may be written with a comma before every three digits. */
    public long number(String pattern) {
        return Long.parseLong(text(pattern).replace(",", ""));
    }

    double decimal(String pattern) {
        return Double.parseDouble(text(pattern));
    }

    /** The lines between two others. */
    public List<String> between(String before, String after) {
        inOrder(before, after);
        return out.subList(out.indexOf(before) + 1, out.indexOf(after));
    }

    /** The lines after another. */
    List<String> after(String before) {
        has(before);
        return out.subList(out.indexOf(before) + 1, out.size());
    }
}
