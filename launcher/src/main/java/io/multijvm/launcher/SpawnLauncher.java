package io.multijvm.launcher;

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
            StartedJvm jvm = StartedJvm.of(spec.profile(), stdout.childsEnd(), family);
            Child child = Child.own(spec, jvm, family, stdout.takePipe());
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
                acceptance.deliver(child, start, spec.payload().descriptors());
            } catch (IOException e) {
                throw acceptance.failure("child took no payload (" + e + ")", spec, child, e);
            }
            return acceptance.confirm(spec, child);
        } catch (IOException e) {
            throw new LaunchException("cannot start a JVM: " + e.getMessage(), spec, null, e);
        }
    }
}
