package io.multijvm.launcher;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.ExitStatus;
import io.multijvm.ipc.os.ProcessControl;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The second half of every start: the payload goes to the JVM, and the JVM accepts it, dies, or lets the deadline pass,
 * whichever is first.
 *
 * <p>What makes a start fail (a wrong JVM option, a class the child does not have) makes it fail every time. So only
 * the first start of a subject in a profile waits for the answer; later ones return when the payload is on its way, and
 * children then boot side by side.
 */
public final class Acceptance {
    private static final int KEPT = 1024;

    private final Duration timeout;
    private final Set<Accepted> accepted = ConcurrentHashMap.newKeySet();

    private record Accepted(Profile profile, String subject) {
        /** Written out, as {@link Profile}'s is. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Accepted that && profile.equals(that.profile) && subject.equals(that.subject);
        }

        @Override
        public int hashCode() {
            return 31 * profile.hashCode() + subject.hashCode();
        }
    }

    /** Gives children {@code timeout} from their start to the acceptance of their payload. */
    public Acceptance(Duration timeout) {
        this.timeout = timeout;
    }

    /** Whether {@link #confirm} will wait for the child. */
    boolean isAwaited(LaunchSpec spec) {
        return !accepted.contains(new Accepted(spec.profile(), spec.subject()));
    }

    /** Sends the payload; throws {@link IOException} when the child does not take it, because it has died, say. */
    void deliver(LaunchSpec spec, Child child, Start start, List<Descriptor> descriptors) throws IOException {
        child.begin(start, descriptors, deadline(spec));
    }

    /** Somebody who wants to step through a child's first line may take his time. */
    private Deadline deadline(LaunchSpec spec) {
        return Debugging.isSuspended(spec.profile()) ? Deadline.never() : Deadline.after(timeout);
    }

    /** Waits, where that is called for, until the child has accepted its payload. */
    Child confirm(LaunchSpec spec, Child child) {
        Deadline deadline = deadline(spec);
        var known = new Accepted(spec.profile(), spec.subject());
        if (!accepted.contains(known)) {
            await(spec, child, deadline);
            if (accepted.size() > KEPT) {
                accepted.clear();
            }
            accepted.add(known);
        }
        return child;
    }

    private void await(LaunchSpec spec, Child child, Deadline deadline) {
        try {
            child.running().get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            throw failure("child " + cause.getMessage(), spec, child, cause);
        } catch (TimeoutException e) {
            throw failure("child did not accept its payload within " + timeout, spec, child, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("interrupted while the child started", spec, child, e);
        }
    }

    /** Ends the child, so that nothing is left of it, and says what became of it. */
    LaunchException failure(String what, LaunchSpec spec, Child child, Throwable cause) {
        try {
            boolean interrupted = Thread.interrupted();
            ExitStatus status = end(child);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return new LaunchException(what + ", " + status, spec, child, cause);
        } catch (IOException e) {
            cause.addSuppressed(e);
            return new LaunchException(what, spec, child, cause);
        }
    }

    private ExitStatus end(Child child) throws IOException {
        try {
            // One that fails ends by itself, and its own exit status says more than ours would.
            long moment = TimeUnit.SECONDS.toNanos(child.running().isCompletedExceptionally() ? 1 : 0);
            return child.exit().get(moment, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            child.signal(ProcessControl.SIGKILL);
            return child.exit().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            child.signal(ProcessControl.SIGKILL);
            return child.exit().join();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }
}
