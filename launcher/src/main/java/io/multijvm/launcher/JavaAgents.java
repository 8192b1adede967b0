package io.multijvm.launcher;

import io.multijvm.ipc.os.JdkInternals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * This JVM's {@code -javaagent}s, for its children: each child's has output files of its own, or all would write to one.
 *
 * <p>Options of the form {@code name=value,name=value} are understood. A {@code %p} in one is replaced by what no other
 * process has; without one, that is put before the extension of what is known to name an output file.
 */
final class JavaAgents {
    /** {@code off} for children without. */
    static final String PROPERTY = "multijvm.agents";

    /** Replaced by {@link #distinct} when a JVM is started. */
    private static final String CHILD = "%{child}";

    private static final String AGENT = "-javaagent:";

    private JavaAgents() {}

    /** The arguments to hand on. */
    static List<String> inherited() {
        if ("off".equals(System.getProperty(PROPERTY))) {
            return List.of();
        }
        return Stream.of(JdkInternals.runtimeArguments())
                .filter(argument -> argument.startsWith(AGENT))
                .map(JavaAgents::ofChild)
                .toList();
    }

    /** {@code argument}, with absolute paths, and a placeholder where children must differ. */
    static String ofChild(String argument) {
        int equals = argument.indexOf('=');
        String jar = equals < 0 ? argument.substring(AGENT.length()) : argument.substring(AGENT.length(), equals);
        String options = equals < 0 ? "" : argument.substring(equals + 1);
        Matcher outputs = Patterns.OUTPUT.matcher(options);
        String changed = outputs.replaceAll(
                found -> Matcher.quoteReplacement(outputs.group("name") + "=" + distinguished(outputs.group("path"))));
        return AGENT + Path.of(jar).toAbsolutePath() + (equals < 0 ? "" : "=" + changed.replace("%p", CHILD));
    }

    private static String distinguished(String output) {
        String path = Path.of(output).toAbsolutePath().toString();
        if (path.contains("%p") || path.contains(CHILD)) {
            return path;
        }
        Path whole = Path.of(path);
        Path named = whole.getFileName();
        if (named == null) {
            return path;
        }
        String name = named.toString();
        String own = Patterns.OWN_SUFFIX.matcher(name).replaceFirst("");
        int dot = own.lastIndexOf('.');
        String child = "-" + CHILD;
        return whole.resolveSibling(dot <= 0 ? own + child : own.substring(0, dot) + child + own.substring(dot))
                .toString();
    }

    /** The command line of one child. */
    static List<String> distinct(List<String> command, int number) {
        if (command.stream().noneMatch(argument -> argument.contains(CHILD))) {
            return command;
        }
        String child = ProcessHandle.current().pid() + "-" + number;
        var distinct = new ArrayList<String>(command.size());
        for (String argument : command) {
            distinct.add(argument.startsWith(AGENT) ? argument.replace(CHILD, child) : argument);
        }
        return distinct;
    }

    /** Apart: most programs have no agent. */
    private static final class Patterns {
        static final Pattern OUTPUT = Pattern.compile(
                "(?i)(?<![\\w.-])(?<name>(?:(?:dest|out|output|log|report)[_.-]?)?file|output)=(?<path>[^,;]+)");
        /** What this process, being a child, has itself got in its file's name. */
        static final Pattern OWN_SUFFIX = Pattern.compile("-\\d+-\\d+(?=\\.[^.]*$|$)");
    }
}
