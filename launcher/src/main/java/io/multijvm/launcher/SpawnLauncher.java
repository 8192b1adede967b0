package io.multijvm.launcher;

import io.multijvm.ipc.os.Descriptor;
import java.io.IOException;

/** A fresh JVM for every start. */
public final class SpawnLauncher implements Launcher {
    private final Acceptance acceptance;

    public SpawnLauncher(Acceptance acceptance) {
        this.acceptance = acceptance;
    }

    @Override
    public Child launch(LaunchSpec spec) {
        Family family = Family.current();
        try (var stdout = StandardOutput.of(spec.stdout())) {
            StartedJvm jvm = execute(spec, stdout.childsEnd(), family);
            Child child = adopt(spec, jvm, family, stdout);
            int groupIsSet = 0;
            Start start = new Start(
                    family.directory().path(),
                    family.key(),
                    jvm.liveness().number(),
                    groupIsSet,
                    false,
                    acceptance.isAwaited(spec),
                    spec.entryPoint(),
                    spec.payload().bytes());
            try {
                acceptance.deliver(spec, child, start, spec.payload().descriptors());
            } catch (IOException e) {
                throw acceptance.failure("child took no payload (" + e + ")", spec, child, e);
            }
            return acceptance.confirm(spec, child);
        } catch (IOException e) {
            throw new LaunchException("cannot start a JVM: " + e.getMessage(), spec, null, e);
        }
    }

    private static Child adopt(LaunchSpec spec, StartedJvm jvm, Family family, StandardOutput stdout)
            throws IOException {
        boolean adopted = false;
        Descriptor pipe = stdout.takePipe();
        try {
            Child child = Child.own(spec, jvm, family, pipe);
            adopted = true;
            return child;
        } finally {
            if (!adopted) {
                jvm.abandon();
                if (pipe != null) {
                    pipe.close();
                }
            }
        }
    }

    private static StartedJvm execute(LaunchSpec spec, Descriptor stdout, Family family) throws IOException {
        if (!Debugging.isIn(spec.profile())) {
            return StartedJvm.of(spec.profile(), stdout, family);
        }
        int port = Debugging.freePort();
        StartedJvm jvm = StartedJvm.of(Debugging.withPort(spec.profile(), port), stdout, family);
        Debugging.announce(spec, jvm.pid(), port);
        return jvm;
    }
}
