package io.multijvm.process;

import io.multijvm.contract.PoolParties;
import io.multijvm.contract.ResidentParties;
import io.multijvm.launcher.Family;
import io.multijvm.testkit.Infrastructure;
import io.multijvm.testkit.Proc;
import java.util.OptionalLong;

/**
 * The guardian of the test JVM's children, its fork server, that one's guardian and the spares nobody has taken; and the
 * processes that serve a whole test class.
 */
public final class FamilyInfrastructure implements Infrastructure {
    private static final int GROUP = 2; // in the fields of /proc/PID/stat, from the state on

    @Override
    public boolean isOurs(ProcessHandle process) {
        if (ResidentParties.isResident(process.pid()) || PoolParties.isSharedWorker(process.pid())) {
            return true;
        }
        OptionalLong server = Family.current().forkServer().serverPid();
        long parent = process.parent().map(ProcessHandle::pid).orElse(0L);
        boolean serversOwn = server.isPresent() && parent == server.getAsLong();
        if (isGuardian(process.pid())) {
            return serversOwn || parent == ProcessHandle.current().pid();
        }
        if (server.isPresent() && process.pid() == server.getAsLong()) {
            return true;
        }
        // A spare that is taken moves to the group of its parent's guardian.
        return serversOwn && ledByGuardianOf(server.getAsLong(), process.pid());
    }

    private static boolean ledByGuardianOf(long server, long pid) {
        long group = group(pid);
        return isGuardian(group)
                && ProcessHandle.of(group)
                        .flatMap(ProcessHandle::parent)
                        .filter(parent -> parent.pid() == server)
                        .isPresent();
    }

    private static boolean isGuardian(long pid) {
        return Proc.read(pid, "cmdline").contains("\0multijvm-guardian\0");
    }

    private static long group(long pid) {
        String stat = Proc.read(pid, "stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        return fields.length > GROUP ? Long.parseLong(fields[GROUP]) : 0;
    }
}
