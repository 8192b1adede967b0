package io.multijvm.process;

import io.multijvm.ipc.os.RawObjects;
import io.multijvm.ipc.snapshot.ForkedByField;
import io.multijvm.ipc.snapshot.Scope;
import io.multijvm.launcher.Family;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Proxy;
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
    private static final ClassLoader SYSTEM = ClassLoader.getSystemClassLoader();
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final String LIBRARY = "io.multijvm";
    private static final Set<String> PARTS = Set.of(
            "ipc",
            "launcher",
            "process",
            "connection",
            "queue",
            "sync",
            "shared",
            "pool",
            "executor",
            "manager",
            "function");
    /** What this library stands on; it may be in one jar with everything else. */
    private static final List<String> FOUNDATIONS =
            List.of("com.sun.jna.", "net.openhft.", "software.chronicle.", "org.slf4j.", "org.jspecify.");

    /** Where a class comes from; empty for the JDK's and for those of which nobody knows. */
    private static final ClassValue<String> LOCATIONS = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            CodeSource source = type.getProtectionDomain().getCodeSource();
            String location = source == null || source.getLocation() == null
                    ? ""
                    : source.getLocation().toExternalForm();
            return location.startsWith("jrt:/java.") || location.startsWith("jrt:/jdk.") ? "" : location;
        }
    };

    private final Set<String> locations = new LinkedHashSet<>();
    private final List<String> packages;
    private final Set<ClassLoader> loaders;

    /**
     * The scope of a process.
     *
     * @param program where the program's main class comes from, or who that is, and those of its processes so far
     * @param loaders the loaders, other than the class path's, of those; that of this one is added
     * @param target the target's class
     * @param packages names of packages; those below them count, too; empty to go by where classes come from
     */
    ForkScope(List<String> program, Set<ClassLoader> loaders, Class<?> target, List<String> packages) {
        this.packages = packages;
        this.loaders = loaders;
        program.forEach(each -> locations.add(resolved(each)));
        Class<?> subject = isOfTheLibrary(target) ? userOfTheLibrary() : target;
        if (subject != null) {
            locations.add(LOCATIONS.get(subject));
            ClassLoader loader = subject.getClassLoader();
            if (isForeign(loader)) {
                loaders.add(loader);
            }
        }
        locations.remove("");
    }

    /** The nearest caller that is not of this library, for whom a pool's processes are; null on threads of its own. */
    private static @Nullable Class<?> userOfTheLibrary() {
        return STACK.walk(frames -> frames.map(StackWalker.StackFrame::getDeclaringClass)
                .filter(each -> !LOCATIONS.get(each).isEmpty() || isForeign(each.getClassLoader()))
                .filter(each -> !isOfTheLibrary(each))
                .findFirst()
                .orElse(null));
    }

    private static boolean isForeign(@Nullable ClassLoader loader) {
        return loader != null && loader != SYSTEM && loader != ClassLoader.getPlatformClassLoader();
    }

    /** Where the program's classes come from, as far as is known by now. */
    List<String> program() {
        return List.copyOf(locations);
    }

    /** Where it comes from that was not known, or not asked for, before; empty when nobody knows. */
    private static String resolved(String location) {
        if (!MainClass.isUnresolved(location)) {
            return location;
        }
        File jar = MainClass.jar(location);
        if (jar != null) {
            return locationOf(jar);
        }
        try {
            return LOCATIONS.get(Class.forName(MainClass.name(location), false, SYSTEM));
        } catch (ClassNotFoundException | LinkageError e) {
            return ""; // started by something other than the java command
        }
    }

    /** As the loader of the class path names it. */
    private static String locationOf(File jar) {
        try {
            return jar.exists() ? jar.getCanonicalFile().toURI().toString() : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** The initialised classes, in the order they were loaded. */
    List<Class<?>> classes() {
        var chosen = new ArrayList<Class<?>>();
        var all = new ArrayList<ClassLoader>(List.of(SYSTEM));
        all.addAll(loaders);
        for (ClassLoader loader : all) {
            for (Class<?> type : RawObjects.classesOf(loader, 0)) {
                if (isApplication(type) && hasName(type) && RawObjects.isInitialised(type)) {
                    chosen.add(type);
                }
            }
        }
        return chosen;
    }

    /** Whether the other process can find it. */
    private static boolean hasName(Class<?> type) {
        return !type.isHidden() && !Proxy.isProxyClass(type);
    }

    @Override
    public boolean isApplication(Class<?> type) {
        if (isOfTheLibrary(type) || isFoundation(type.getName())) {
            return false;
        }
        if (!packages.isEmpty()) {
            return isInPackages(type.getPackageName());
        }
        String location = LOCATIONS.get(type);
        return locations.contains(location) || (isSource(location) && loaders.contains(type.getClassLoader()));
    }

    /** Whether classes from there have been compiled in memory: then the loader has all of the program, and nothing else. */
    private static boolean isSource(String location) {
        return location.isEmpty() || location.endsWith(".java");
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
        return !Serializable.class.isAssignableFrom(type)
                && isOfTheLibrary(type)
                && !type.isAnnotationPresent(ForkedByField.class);
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
