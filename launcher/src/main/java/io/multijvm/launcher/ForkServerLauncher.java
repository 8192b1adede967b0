package io.multijvm.launcher;

import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.ProcessControl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A warm spare from the family's fork server for every start; where there is none at the moment, a fresh JVM, which is
 * sooner there than a spare would be.
 */
public final class ForkServerLauncher implements Launcher {
    private final Acceptance acceptance;
    private final Launcher fresh;

    public ForkServerLauncher(Acceptance acceptance) {
        this.acceptance = acceptance;
        this.fresh = new SpawnLauncher(acceptance);
    }

    @Override
    public Child launch(LaunchSpec spec) {
        if (Debugging.isIn(spec.profile())) {
            return fresh.launch(spec);
        }
        Family family = Family.current();
        ForkServerClient.Lease lease;
        try {
            lease = family.forkServer().take(spec);
        } catch (IOException e) {
            throw new LaunchException("the fork server refuses: " + e.getMessage(), spec, null, e);
        }
        Child child = null;
        if (lease != null) {
            child = begin(spec, lease, family);
            family.forkServer().taken(spec);
        }
        return child == null ? fresh.launch(spec) : acceptance.confirm(spec, child);
    }

    private static Child adopt(LaunchSpec spec, ForkServerClient.Lease lease, Family family, StandardOutput stdout)
            throws IOException {
        boolean adopted = false;
        Descriptor pipe = stdout.takePipe();
        try {
            Child child = Child.leased(spec, lease, family, pipe);
            adopted = true;
            return child;
        } finally {
            if (!adopted) {
                lease.giveUp();
                if (pipe != null) {
                    pipe.close();
                }
            }
        }
    }

    /** Starts the child in the spare; null when the spare has died before it took the payload. */
    private @Nullable Child begin(LaunchSpec spec, ForkServerClient.Lease lease, Family family) {
        try (var stdout = StandardOutput.of(spec.stdout())) {
            Child child = adopt(spec, lease, family, stdout);
            // The spare has the standard output of the process that started the server: the root, as a rule.
            boolean replacesStdout = spec.stdout().kind() != Output.Kind.INHERIT || !family.isRoot();
            var descriptors = new ArrayList<Descriptor>();
            if (replacesStdout) {
                descriptors.add(stdout.childsEnd());
            }
            descriptors.addAll(spec.payload().descriptors());
            var start = new Start(
                    family.directory().path(),
                    family.key(),
                    lease.number(),
                    family.childGroup(),
                    replacesStdout,
                    acceptance.isAwaited(spec),
                    spec.entryPoint(),
                    spec.payload().bytes());
            try {
                acceptance.deliver(spec, child, start, List.copyOf(descriptors));
                return child;
            } catch (IOException e) {
                child.signal(ProcessControl.SIGKILL);
                return null;
            }
        } catch (IOException e) {
            throw new LaunchException("cannot start a spare JVM: " + e.getMessage(), spec, null, e);
        }
    }
}
