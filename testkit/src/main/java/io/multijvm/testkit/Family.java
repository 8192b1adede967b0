package io.multijvm.testkit;

import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The living processes that come from this JVM.
 *
 * <p>Descendants alone would miss a grandchild whose parent died: it belongs to init from then on. Surefire gives the
 * test JVM an environment variable that no other run has, and whoever carries it is ours too.
 */
final class Family {
    private static final @Nullable String MARK = System.getenv("MULTIJVM_TEST_RUN");
    /** Processes without the mark, which none of them can gain; looking into each again takes most of a snapshot's time. */
    private static final Set<ProcessHandle> STRANGERS = ConcurrentHashMap.newKeySet();

    private Family() {}

    static Set<ProcessHandle> living() {
        return Stream.concat(ProcessHandle.current().descendants(), marked())
                .filter(Family::isRunning)
                .collect(Collectors.toSet());
    }

    /** The living ones which no module declares to be its infrastructure. */
    static Set<ProcessHandle> livingTestProcesses() {
        var infrastructure = ServiceLoader.load(Infrastructure.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return living().stream()
                .filter(process -> infrastructure.stream().noneMatch(one -> one.isOurs(process)))
                .collect(Collectors.toSet());
    }

    static String describe(ProcessHandle process) {
        var command = Proc.read(process.pid(), "cmdline").replace('\0', ' ').strip();
        return "pid " + process.pid() + ", command [" + command + "]";
    }

    private static Stream<ProcessHandle> marked() {
        if (MARK == null) {
            return Stream.empty();
        }
        var lineage = Stream.iterate(
                        Optional.of(ProcessHandle.current()),
                        Optional::isPresent,
                        process -> process.flatMap(ProcessHandle::parent))
                .map(Optional::orElseThrow)
                .collect(Collectors.toSet());
        var entry = "MULTIJVM_TEST_RUN=" + MARK + '\0';
        var all = ProcessHandle.allProcesses().collect(Collectors.toSet());
        STRANGERS.retainAll(all);
        return all.stream()
                .filter(process -> !STRANGERS.contains(process) && !lineage.contains(process))
                .filter(process -> carries(process, entry));
    }

    private static boolean carries(ProcessHandle process, String entry) {
        var environment = Proc.read(process.pid(), "environ");
        boolean isOurs = environment.contains(entry);
        if (!isOurs && !environment.isEmpty()) { // it is empty for an instant while a process executes a program
            STRANGERS.add(process);
        }
        return isOurs;
    }

    /** Whether {@code process} is alive and more than an entry that nobody has waited for. */
    private static boolean isRunning(ProcessHandle process) {
        var stat = Proc.read(process.pid(), "stat");
        var state = stat.substring(stat.lastIndexOf(')') + 1).strip();
        return process.isAlive() && !state.startsWith("Z") && !state.startsWith("X");
    }
}
