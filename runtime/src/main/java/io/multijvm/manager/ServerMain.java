package io.multijvm.manager;

import io.multijvm.connection.Connection;
import io.multijvm.process.RemoteFailure;
import io.multijvm.process.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What runs in a process that is a manager's server. */
final class ServerMain {
    private ServerMain() {}

    /** Serves until it is shut down; says at {@code parent} where, or why not. Arguments as of {@link ManagerOptions}. */
    static void run(
            Connection parent,
            @Nullable String address,
            byte[] key,
            @Nullable String filter,
            @Nullable Target initializer,
            List<Registration> types)
            throws Exception {
        ManagerServer server;
        try (parent) {
            try {
                ManagerOptions options = ManagerOptions.defaults().authkey(key);
                options = address == null ? options : options.address(Addresses.of(address));
                options = filter == null ? options : options.filter(filter);
                options = initializer == null ? options : options.initializer(initializer);
                for (Registration each : types) {
                    options = options.with(each);
                }
                server = ManagerServer.open(options);
            } catch (Throwable e) { // the initializer is the program's
                parent.send(RemoteFailure.of(e).toBytes());
                return;
            }
            parent.send(Addresses.toText(server.address()));
        }
        serve(server);
    }

    /** Ctrl-C, which a terminal sends to all processes at once, is an interrupt: this one is ended by its manager. */
    private static void serve(ManagerServer server) {
        while (true) {
            try {
                server.serveForever();
                return;
            } catch (InterruptedException e) {
                // goes on
            }
        }
    }
}
