package io.multijvm.process;

import io.multijvm.ipc.os.RawObjects;
import io.multijvm.ipc.snapshot.Scope;
import io.multijvm.launcher.Family;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The classes whose static fields a forked process gets: those that come from where the main class or the target's class
 * comes from, be it a directory or a jar; or else those of the packages that were named.
 */
final class ForkScope implements Scope {
    private static final String LIBRARY = "io.multijvm";
    private static final Set<String> PARTS = Set.of(
            "ipc", "launcher", "process", "connection", "queue", "sync", "shared", "pool", "executor", "manager");
    /** What this library stands on; it may be in one jar with everything else. */
    private static final List<String> FOUNDATIONS =
            List.of("com.sun.jna.", "net.openhft.", "software.chronicle.", "org.slf4j.", "org.jspecify.");

    /** Where a class comes from; empty for what nobody knows of. */
    private static final ClassValue<String> LOCATIONS = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            CodeSource source = type.getProtectionDomain().getCodeSource();
            return source == null || source.getLocation() == null
                    ? ""
                    : source.getLocation().toExternalForm();
        }
    };

    private final Set<String> locations = new LinkedHashSet<>();
    private final List<String> packages;
    private final Set<ClassLoader> loaders = new LinkedHashSet<>();

    /**
     * The scope of a process.
     *
     * @param program where the program's main class comes from, and those of its processes so far
     * @param target the target's class
     * @param packages names of packages; those below them count, too; empty to go by where classes come from
     */
    ForkScope(List<String> program, Class<?> target, List<String> packages) {
        this.packages = packages;
        locations.addAll(program);
        if (!isOfTheLibrary(target)) {
            locations.add(LOCATIONS.get(target));
        }
        locations.remove("");
        loaders.add(ClassLoader.getSystemClassLoader());
        ClassLoader loader = target.getClassLoader();
        if (loader != null) {
            loaders.add(loader);
        }
    }

    /** Where the program's classes come from, as far as is known by now. */
    List<String> program() {
        return List.copyOf(locations);
    }

    /** Where this JVM's main class comes from; empty when there is none, or nobody knows. */
    static List<String> ofMainClass() {
        String command = System.getProperty("sun.java.command", "").split(" ", 2)[0];
        String name = command.substring(command.indexOf('/') + 1);
        if (name.isEmpty()) {
            return List.of();
        }
        if (command.endsWith(".jar")) {
            Path jar = Path.of(command);
            return Files.exists(jar) ? List.of(jar.toAbsolutePath().toUri().toString()) : List.of();
        }
        try {
            return List.of(LOCATIONS.get(Class.forName(name, false, ClassLoader.getSystemClassLoader())));
        } catch (ClassNotFoundException | LinkageError e) {
            return List.of(); // started by something other than the java command
        }
    }

    /** The initialised classes, in the order they were loaded. */
    List<Class<?>> classes() {
        var chosen = new ArrayList<Class<?>>();
        for (ClassLoader loader : loaders) {
            for (Class<?> type : RawObjects.classesOf(loader, 0)) {
                if (isApplication(type) && !type.isHidden() && RawObjects.isInitialised(type)) {
                    chosen.add(type);
                }
            }
        }
        return chosen;
    }

    @Override
    public boolean isApplication(Class<?> type) {
        if (isOfTheLibrary(type) || isFoundation(type.getName())) {
            return false;
        }
        return packages.isEmpty() ? locations.contains(LOCATIONS.get(type)) : isInPackages(type.getPackageName());
    }

    private boolean isInPackages(String name) {
        for (String each : packages) {
            if (name.equals(each) || name.startsWith(each + ".")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFoundation(String name) {
        return FOUNDATIONS.stream().anyMatch(name::startsWith);
    }

    @Override
    public boolean isLocal(Class<?> type) {
        return !Serializable.class.isAssignableFrom(type) && isOfTheLibrary(type);
    }

    /** By package and by where it comes from: a program's packages may have names like ours. */
    private static boolean isOfTheLibrary(Class<?> type) {
        String name = type.getPackageName();
        if (!name.startsWith(LIBRARY)) {
            return false;
        }
        String part = name.equals(LIBRARY) ? "" : name.substring(LIBRARY.length() + 1);
        int dot = part.indexOf('.');
        boolean isOurs = part.isEmpty() || PARTS.contains(dot < 0 ? part : part.substring(0, dot));
        return isOurs && isFromOurJars(LOCATIONS.get(type));
    }

    private static boolean isFromOurJars(@Nullable String location) {
        return LOCATIONS.get(ForkScope.class).equals(location)
                || LOCATIONS.get(RawObjects.class).equals(location)
                || LOCATIONS.get(Family.class).equals(location);
    }
}
