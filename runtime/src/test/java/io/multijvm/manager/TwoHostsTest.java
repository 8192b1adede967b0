package io.multijvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.MultiJvm;
import io.multijvm.testkit.ChildJvmCommand;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager and its client on two hosts: network namespaces with a cable between them, where the machine allows it. */
@ForkTest
final class TwoHostsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final InetSocketAddress SERVER = new InetSocketAddress("10.99.0.1", 5000);
    private static final byte[] KEY = {7, 8, 9};

    /** What a shell with its own users and network does; arguments: java, class path, the two programs. */
    private static final String HOSTS = """
            set -e
            ip link set lo up
            unshare --net sleep 100 &
            there=$!
            trap 'kill $there' EXIT
            while [ "$(readlink /proc/$there/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
            ip link add name near type veth peer name far
            ip link set far netns $there
            ip addr add 10.99.0.1/24 dev near
            ip link set near up
            nsenter --target $there --net sh -c 'ip addr add 10.99.0.2/24 dev far; ip link set far up; ip link set lo up'
            "$1" -Dmultijvm.archives=off -cp "$2" "$3" &
            server=$!
            nsenter --target $there --net "$1" -Dmultijvm.archives=off -cp "$2" "$4"
            wait $server
            """;

    @Test
    void client_onAnotherHost_sharesObjects(@TempDir Path directory) throws Exception {
        assumeTrue(
                runs("unshare", "--user", "--map-root-user", "--net", "ip", "link", "set", "lo", "up"),
                "needs unshare(1), ip(8) and a kernel that lets this user make namespaces");
        Path out = directory.resolve("out");
        String java = System.getProperty(
                ChildJvmCommand.JAVA_PROPERTY,
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Process hosts = new ProcessBuilder(List.of(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "--net",
                        "sh",
                        "-c",
                        HOSTS,
                        "sh",
                        java,
                        System.getProperty("java.class.path"),
                        Serving.class.getName(),
                        Using.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(hosts.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(Files.readString(out))
                    .isTrue();
            assertThat(Files.readAllLines(out))
                    .containsExactlyInAnyOrder("client has {a=1, b=[1, 2]}", "server got hello from 10.99.0.2");
            assertThat(hosts.exitValue()).isZero();
        } finally {
            hosts.descendants().forEach(ProcessHandle::destroyForcibly);
            hosts.destroyForcibly();
        }
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** On the one host. */
    static final class Serving {
        private static final Mailbox SHARED = new Mailbox.InMemory();

        public static void main(String[] args) throws Exception {
            var options =
                    ManagerOptions.defaults().address(SERVER).authkey(KEY).register(Mailbox.class, arguments -> SHARED);
            try (Manager manager = MultiJvm.manager(options)) {
                System.out.println("server got " + manager.create(Mailbox.class).take());
            }
        }
    }

    /** On the other host. */
    static final class Using {
        public static void main(String[] args) throws Exception {
            Manager manager = Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(ConnectException.class)
                    .until(() -> Manager.connect(SERVER, KEY), connected -> true);
            ManagedMap<String, Object> dict = manager.dict(Map.of("a", 1));
            ManagedList<Integer> list = manager.list(List.of(1));
            dict.put("b", list);
            list.add(2);
            System.out.println("client has " + dict);
            manager.create(Mailbox.class).put("hello from 10.99.0.2");
        }
    }
}
