package io.multijvm.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Prints rows, for programs and for people. */
final class Table {
    private static final List<String> TSV_HEAD = List.of("case", "ours", "peer", "unit", "ratio", "goal", "met");
    private static final List<String> READABLE_HEAD = List.of(
            "case", "ours: median (min … max)", "peer: median (min … max)", "unit", "rounds", "ratio", "goal", "met");

    private Table() {}

    static void printTsv(List<Row> rows, PrintStream out) {
        out.println(String.join("\t", TSV_HEAD));
        for (Row row : rows) {
            out.println(String.join(
                    "\t",
                    row.name(),
                    number(row.ours().median()),
                    number(row.peer().median()),
                    row.unit(),
                    number(row.ratio()),
                    row.goal().text(),
                    row.met()));
        }
    }

    static void printReadable(List<Row> rows, List<String> notes, String surroundings, PrintStream out) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(READABLE_HEAD);
        for (Row row : rows) {
            lines.add(List.of(
                    row.name(),
                    row.ours().spread(),
                    row.peer().spread(),
                    row.unit(),
                    Integer.toString(row.ours().count()),
                    number(row.ratio()),
                    row.goal().text(),
                    row.met()));
        }
        printAligned(lines, out);
        out.println();
        notes.forEach(out::println);
        out.printf("%s; JDK %s; %s%n", machine(), Runtime.version(), surroundings);
    }

    private static void printAligned(List<List<String>> lines, PrintStream out) {
        int[] widths = IntStream.range(0, READABLE_HEAD.size())
                .map(column -> lines.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        for (List<String> line : lines) {
            var text = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String cell = line.get(column);
                text.append(cell).append(" ".repeat(widths[column] - cell.length() + 2));
            }
            out.println(text.toString().stripTrailing());
        }
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : "-";
    }

    private static String machine() {
        return String.format(
                "%s %s, %s, %d cores",
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                cpu(),
                Runtime.getRuntime().availableProcessors());
    }

    private static String cpu() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
