package io.multijvm.samples.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A block of Java in a document, and what the document says that it prints.
 *
 * <p>A block with a class that has a {@code main} method, or methods marked {@code @Test}, is a source file. Any other is made
 * into one: its imports join the usual ones, what begins with {@code static}, {@code record}, {@code interface} or {@code enum}
 * in the first column, up to a closing brace or a semicolon at the end of such a line, becomes a member of a class, and the rest
 * the body of its {@code main}. What it prints is the next fenced block when that is {@code text}; {@code …} there stands for
 * what differs from run to run, in a line, or for any number of lines when it is a line.
 *
 * @param line the line of the document before the block's first
 */
record CodeBlock(Path document, int line, List<String> lines, Optional<List<String>> printed) {
    private static final Pattern FILE = Pattern.compile("^(public |final )*class (\\w+)(?=.*\\{)", Pattern.MULTILINE);
    private static final Pattern MEMBER = Pattern.compile("(static|record|interface|enum) .*");
    private static final String USUAL = Stream.of(
                    "io.multijvm.*",
                    "io.multijvm.connection.*",
                    "io.multijvm.connection.Pipe",
                    "io.multijvm.executor.*",
                    "io.multijvm.launcher.Output",
                    "io.multijvm.manager.*",
                    "io.multijvm.pool.*",
                    "io.multijvm.process.*",
                    "io.multijvm.queue.*",
                    "io.multijvm.shared.*",
                    "io.multijvm.sync.*",
                    "java.io.*",
                    "java.net.*",
                    "java.nio.*",
                    "java.nio.channels.*",
                    "java.nio.charset.*",
                    "java.nio.file.*",
                    "java.time.*",
                    "java.util.*",
                    "java.util.concurrent.*",
                    "java.util.concurrent.atomic.*",
                    "java.util.concurrent.locks.*",
                    "java.util.stream.*")
            .map(name -> "import " + name + ";")
            .collect(Collectors.joining(" "));

    boolean isFile() {
        return fileClass().find();
    }

    /** Its class, a source file's own or one named after where the block is. */
    String className() {
        var own = fileClass();
        return own.find() ? own.group(2) : "Line" + line;
    }

    private Matcher fileClass() {
        var text = String.join("\n", lines);
        return FILE.matcher(text.contains(" void main(") || text.contains("@Test") ? text : "");
    }

    /** The source file, in which each line of the block has the number that it has in the document. */
    String source() {
        if (isFile()) {
            return "\n".repeat(line) + String.join("\n", lines);
        }
        var imports = new StringBuilder();
        var members = new StringBuilder();
        var body = new ArrayList<String>();
        boolean inMember = false;
        for (var text : lines) {
            if (text.startsWith("import ")) {
                imports.append(text).append(' ');
                body.add("");
            } else if (inMember || MEMBER.matcher(text).matches()) {
                members.append(text).append('\n');
                inMember = text.startsWith(" ") || text.isEmpty() || text.endsWith("{");
                body.add("");
            } else {
                body.add(text);
            }
        }
        return USUAL + imports + "final class " + className()
                + " { public static void main(String[] args) throws Exception {" + "\n".repeat(line)
                + String.join("\n", body) + "\n}\n" + members + "}\n";
    }

    /** Whether {@code output} is what the document says; anything is when it says nothing. */
    boolean prints(List<String> output) {
        return printed.isEmpty() || lines(output).matches(pattern(printed.get()));
    }

    private static String pattern(List<String> printed) {
        return printed.stream()
                .map(text -> text.equals("…")
                        ? "(.*\n)*"
                        : Stream.of(text.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")) + "\n")
                .collect(Collectors.joining());
    }

    private static String lines(List<String> texts) {
        return texts.stream().map(text -> text + "\n").collect(Collectors.joining());
    }

    @Override
    public String toString() {
        return document.getFileName() + ":" + (line + 1);
    }
}
