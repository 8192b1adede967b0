package io.multijvm.samples;

import io.multijvm.MultiJvm;
import io.multijvm.StartMethod;
import io.multijvm.connection.Connection;
import java.io.IOException;
import java.util.HashSet;

/**
 * Forkserver takes children from a server process that is started once and keeps warm JVMs waiting.
 *
 * <p>Expect: a line per child, until five came from the server: the operating system names the same process, which is
 * not the main one, as the parent of each. (A child that is wanted while no warm JVM is ready is started directly.)
 * Their creator, all the same, is the main process.
 */
public final class StartForkserver {
    private StartForkserver() {}

    public static void main(String[] args) throws Exception {
        MultiJvm.setStartMethod(StartMethod.FORKSERVER);
        long self = ProcessHandle.current().pid();
        System.out.println("main process: pid " + self);

        var servers = new HashSet<Long>();
        for (int fromServer = 0; fromServer < 5; ) {
            var pipe = MultiJvm.pipe(false);
            var report = pipe.writer();
            var child = MultiJvm.process(() -> reportParents(report));
            child.start();
            long taken = pipe.reader().recv(Long.class);
            child.join();
            if (taken != self) {
                servers.add(taken);
                fromServer++;
            }
        }
        System.out.println("servers seen: " + servers.size());
    }

    private static void reportParents(Connection report) throws IOException {
        long self = ProcessHandle.current().pid();
        long taken = ProcessHandle.current().parent().orElseThrow().pid();
        long creator = MultiJvm.parentProcess().orElseThrow().pid();
        System.out.println("child " + self + ": creator " + creator + ", taken from " + taken);
        report.send(taken);
    }
}
