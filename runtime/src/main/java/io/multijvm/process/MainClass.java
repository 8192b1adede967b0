package io.multijvm.process;

import java.io.File;
import org.jspecify.annotations.Nullable;

/**
 * The class or jar this JVM was started with, as it is known before anybody looks for it: every process is told the
 * program's, and only those that fork have to find out where it comes from.
 */
final class MainClass {
    private static final String NAMED = "main:";
    private static final String JAR = ".jar";

    private MainClass() {}

    /** What {@link ForkScope} finds it by. */
    static String unresolved() {
        return unresolved(System.getProperty("sun.java.command", ""), System.getProperty("java.class.path", ""));
    }

    static String unresolved(String command, String classPath) {
        if (classPath.endsWith(JAR) && (command + " ").startsWith(classPath + " ")) { // java -jar; it may have blanks
            return NAMED + new File(classPath).getAbsolutePath();
        }
        int end = command.indexOf(' ');
        return NAMED + (end < 0 ? command : command.substring(0, end));
    }

    static boolean isUnresolved(String location) {
        return location.startsWith(NAMED);
    }

    /** The jar that was named; null when a class was. */
    static @Nullable File jar(String unresolved) {
        return unresolved.endsWith(JAR) ? new File(unresolved.substring(NAMED.length())) : null;
    }

    /** The class that was named, without its module; empty when nobody knows it. */
    static String name(String unresolved) {
        return unresolved.substring(Math.max(NAMED.length(), unresolved.indexOf('/') + 1));
    }
}
