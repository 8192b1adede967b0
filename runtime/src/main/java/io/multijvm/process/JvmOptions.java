package io.multijvm.process;

import io.multijvm.ipc.snapshot.ForkedByField;
import io.multijvm.launcher.Debugging;
import io.multijvm.launcher.JvmCommand;
import io.multijvm.launcher.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a child JVM is started; immutable, each method returns a changed copy. What is not said is as in the parent: its
 * java, JVM arguments, class path, environment, working directory, standard output and error.
 */
@ForkedByField
public final class JvmOptions {
    private static final JvmOptions DEFAULTS =
            new JvmOptions(List.of(), Map.of(), null, Output.inherit(), Output.inherit(), List.of());

    private final List<String> arguments;
    private final Map<String, @Nullable String> environment;
    private final @Nullable Path directory;
    private final Output stdout;
    private final Output stderr;
    private final List<String> forkPackages;

    private JvmOptions(
            List<String> arguments,
            Map<String, @Nullable String> environment,
            @Nullable Path directory,
            Output stdout,
            Output stderr,
            List<String> forkPackages) {
        this.arguments = arguments;
        this.environment = environment;
        this.directory = directory;
        this.stdout = stdout;
        this.stderr = stderr;
        this.forkPackages = forkPackages;
    }

    /** Everything as in the parent. */
    public static JvmOptions defaults() {
        return DEFAULTS;
    }

    /** The largest heap, as {@code -Xmx} takes it: {@code "256m"}, {@code "2g"}. */
    public JvmOptions heap(String size) {
        return jvmArguments("-Xmx" + Objects.requireNonNull(size));
    }

    /** Further JVM arguments; they win over the parent's. */
    public JvmOptions jvmArguments(String... more) {
        var all = new ArrayList<>(arguments);
        all.addAll(Arrays.asList(more));
        return new JvmOptions(List.copyOf(all), environment, directory, stdout, stderr, forkPackages);
    }

    /**
     * Has children listen for a debugger, each at an address of its own on this machine, which the parent prints on its
     * standard error; with {@code suspend} a child does not begin before a debugger has come. Such children are fresh JVMs
     * whatever the start method. {@code -Dmultijvm.debug=true} or {@code suspend} does so for all.
     */
    public JvmOptions debug(boolean suspend) {
        var all = new ArrayList<>(arguments);
        all.removeIf(Debugging::isArgument);
        all.add(Debugging.argument(suspend));
        return new JvmOptions(List.copyOf(all), environment, directory, stdout, stderr, forkPackages);
    }

    /** Sets an environment variable, or removes it if {@code value} is null. */
    public JvmOptions environment(String name, @Nullable String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException("not the name of an environment variable: '" + name + "'");
        }
        Map<String, @Nullable String> all = new HashMap<>(environment);
        all.put(name, value);
        return new JvmOptions(arguments, Collections.unmodifiableMap(all), directory, stdout, stderr, forkPackages);
    }

    /** The working directory. */
    public JvmOptions directory(Path directory) {
        return new JvmOptions(arguments, environment, directory.toAbsolutePath(), stdout, stderr, forkPackages);
    }

    /** Where standard output goes. */
    public JvmOptions stdout(Output where) {
        return new JvmOptions(arguments, environment, directory, Objects.requireNonNull(where), stderr, forkPackages);
    }

    /** Where standard error goes. */
    public JvmOptions stderr(Output where) {
        return new JvmOptions(arguments, environment, directory, stdout, Objects.requireNonNull(where), forkPackages);
    }

    /**
     * The packages, with those below them, whose classes' static fields a forked process gets. Otherwise these are the
     * classes that come from the directory or jar of the main class or of the target's class.
     */
    public JvmOptions forkPackages(String... names) {
        return new JvmOptions(arguments, environment, directory, stdout, stderr, List.of(names));
    }

    List<String> forkPackages() {
        return forkPackages;
    }

    Output stdout() {
        return stdout;
    }

    Output stderr() {
        return stderr;
    }

    JvmCommand command(@Nullable Path executable) {
        return new JvmCommand(executable, arguments, environment, directory);
    }
}
