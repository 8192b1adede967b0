package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.socket.MessageSocket;
import io.multijvm.testkit.Background;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With shells in the place of JVMs, which say READY and then keep what they are told until end-of-file. */
final class SpareStockTest {
    private static final String ENTRY = "io.multijvm.Entry";
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(100);
    private final Family family = new Family(null, new byte[32], RunDirectory.ROOT);
    private final List<MessageSocket> sockets = new ArrayList<>();
    private final List<Descriptor> leased = new ArrayList<>();

    @TempDir
    private Path directory;

    private SpareStock stock;

    @BeforeEach
    void stock() {
        stock = new SpareStock(family, policy(1));
    }

    @AfterEach
    void close() {
        sockets.forEach(MessageSocket::close);
        leased.forEach(Descriptor::close);
        stock.close();
    }

    @Test
    void open_client_isSentASpare() throws IOException {
        MessageSocket client = open(keep());

        ForkServerClient.Lease lease = lease(client);

        assertThat(log("ready")).contains(Integer.toString(lease.pid()));
        assertThat(ProcessControl.signal(lease.pid(), 0)).isTrue();
        assertThat(family.directory().isAlive(lease.number())).isTrue();
        assertThat(lease.lifeline().isClosed()).isFalse();
    }

    @Test
    void open_policyOfNoSpares_bootsNone() throws IOException {
        stock = new SpareStock(family, policy(0));

        open(keep());

        assertThat(stock.await(ENTRY, keep(), 1, MOMENT)).isFalse();
        assertThat(log("begun")).isEmpty();
    }

    @Test
    void open_twoClientsAndOneSpare_eachIsSentOneAllTheSame() throws IOException {
        MessageSocket first = open(keep());
        MessageSocket second = open(keep());

        assertThat(lease(first).pid()).isNotEqualTo(lease(second).pid());
        assertThat(stock.await(ENTRY, keep(), 1, MOMENT)).isFalse();
        assertThat(log("begun")).hasSize(2);
    }

    @Test
    void next_spareUsed_theNextIsSentAndNoneBefore() throws IOException {
        MessageSocket client = socket();
        SpareStock.Line line = stock.open(ENTRY, keep(), List.of(), sockets.get(sockets.size() - 1));
        int first = lease(client).pid();
        assertThat(stock.await(ENTRY, keep(), 1, MOMENT)).isFalse();
        assertThat(client.poll(Deadline.after(Duration.ZERO))).isFalse();

        stock.next(line, List.of());

        assertThat(lease(client).pid()).isNotEqualTo(first);
    }

    @Test
    void next_justStarted_bootsNoOtherFor25Milliseconds() throws IOException {
        MessageSocket client = socket();
        SpareStock.Line line = stock.open(ENTRY, keep(), List.of(), sockets.get(sockets.size() - 1));
        lease(client);
        long before = System.nanoTime();

        stock.next(line, List.of());
        lease(client);

        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(25_000_000);
    }

    @Test
    void close_line_isSentNoMore() throws IOException {
        MessageSocket client = socket();
        SpareStock.Line line = stock.open(ENTRY, keep(), List.of(), sockets.get(sockets.size() - 1));
        lease(client);
        stock.close(line);

        stock.next(line, List.of());

        assertThat(stock.await(ENTRY, keep(), 1, PATIENCE)).isTrue();
        assertThat(client.poll(Deadline.after(Duration.ZERO))).isFalse();
    }

    @Test
    void expect_severalSpares_bootNoMoreAtOnceThanProcessorsAllow() throws IOException {
        int most = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
        int spares = most + 3;
        stock = new SpareStock(family, policy(spares));
        Profile slow = keep("sleep 0.05");

        stock.expect(ENTRY, slow);

        assertThat(stock.await(ENTRY, slow, spares, PATIENCE)).isTrue();
        int booting = 0;
        for (String line : Files.readAllLines(directory.resolve("log"))) {
            booting += line.startsWith("begun") ? 1 : -1;
            assertThat(booting).isLessThanOrEqualTo(most);
        }
        assertThat(log("begun")).hasSize(spares);
    }

    @Test
    void await_closedMeanwhile_endsWithoutSpares() throws Exception {
        stock = new SpareStock(family, policy(0));
        var awaiting = Background.run(() -> stock.await(ENTRY, keep(), 1, PATIENCE));

        stock.close();

        assertThat(awaiting.get()).isFalse();
    }

    @Test
    void await_interrupted_endsWithoutSparesAndStaysInterrupted() throws Exception {
        stock = new SpareStock(family, policy(0));
        var awaiting = Background.run(() -> {
            boolean there = stock.await(ENTRY, keep(), 1, PATIENCE);
            return !there && Thread.currentThread().isInterrupted();
        });

        awaiting.interrupt();

        assertThat(awaiting.get()).isTrue();
    }

    @Test
    void idle_nobodyAsks_endsTheSparesAndBootsNoOthers() throws Exception {
        stock = new SpareStock(family, new WarmPolicy(2, Duration.ofMillis(50), List.of()));

        stock.expect(ENTRY, keep("sleep 0.06"));

        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("ready").size() >= 1);
        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> liveProcesses() == 1);
        awaitMonitor();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("multijvm-refill");
        assertThat(log("ended")).isEqualTo(log("begun")).hasSizeBetween(1, 2);
    }

    @Test
    void idle_somebodyAsksAgain_bootsAgain() throws IOException {
        stock = new SpareStock(family, new WarmPolicy(1, Duration.ofMillis(50), List.of()));
        stock.expect(ENTRY, keep());
        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("ended").size() == 1);

        MessageSocket client = open(keep());

        assertThat(lease(client).pid())
                .isNotEqualTo(Integer.parseInt(log("ended").get(0)));
    }

    @Test
    void idle_whenThatIsLonger_keepsTheSpares() throws Exception {
        assertThat(stock.await(ENTRY, keep(), 1, PATIENCE)).isTrue();

        awaitMonitor();

        assertThat(stock.await(ENTRY, keep(), 1, 0)).isTrue();
        assertThat(log("begun")).hasSize(1);
    }

    @Test
    void idle_policyMakesItShorter_endsTheSparesSooner() throws IOException {
        assertThat(stock.await(ENTRY, keep(), 1, PATIENCE)).isTrue();

        stock.policy(new WarmPolicy(1, Duration.ofMillis(50), List.of()));

        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("ended").size() == 2);
    }

    @Test
    void policy_another_replacesTheSpares() throws IOException {
        assertThat(stock.await(ENTRY, keep(), 1, PATIENCE)).isTrue();
        List<String> old = log("ready");

        stock.policy(new WarmPolicy(2, MINUTE, List.of("x.Y")));

        assertThat(stock.await(ENTRY, keep(), 2, PATIENCE)).isTrue();
        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("ended"), old::equals);
        assertThat(log("ready")).hasSize(3);
    }

    @Test
    void policy_changedWhileASpareBoots_thatOneIsNotKept() throws IOException {
        Path gate = Files.createFile(directory.resolve("gate"));
        Profile profile = keep("while [ -e \"$1/gate\" ]; do sleep 0.01; done");
        stock.expect(ENTRY, profile);
        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("begun").size() == 1);

        stock.policy(new WarmPolicy(1, MINUTE, List.of("x.Y")));
        Files.delete(gate);

        assertThat(stock.await(ENTRY, profile, 1, PATIENCE)).isTrue();
        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("ended").size() == 1);
        assertThat(log("ended")).containsExactly(log("begun").get(0));
    }

    @Test
    void open_profilesAndEntryPoints_areKeptApart() throws IOException {
        Profile plain = keep();
        var other = new Profile(plain.command(), Map.of("PATH", "/usr/bin:/bin", "OTHER", "yes"), Path.of("/"));
        MessageSocket first = open(plain);
        int firstPid = lease(first).pid();

        MessageSocket second = open(other);
        int secondPid = lease(second).pid();

        assertThat(environment(firstPid)).doesNotContain("OTHER=yes");
        assertThat(environment(secondPid)).contains("OTHER=yes");
        assertThat(Path.of("/proc/" + secondPid + "/cwd").toRealPath()).isEqualTo(Path.of("/"));
        MessageSocket third = socket();
        stock.open("another.Entry", plain, List.of(), sockets.get(sockets.size() - 1));
        int thirdPid = lease(third).pid();
        assertThat(entryPointTold(thirdPid)).isEqualTo("another.Entry");
    }

    @Test
    void expect_thirdProfile_theOneNotUsedForLongestGoesCold() throws IOException {
        Profile first = keep(": first");
        Profile second = keep(": second");
        Profile third = keep(": third");
        assertThat(stock.await(ENTRY, first, 1, PATIENCE)).isTrue();
        assertThat(stock.await(ENTRY, second, 1, PATIENCE)).isTrue();
        assertThat(stock.await(ENTRY, first, 1, PATIENCE)).isTrue();
        String seconds = log("ready").get(1);

        assertThat(stock.await(ENTRY, third, 1, PATIENCE)).isTrue();

        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("ended"), List.of(seconds)::equals);
        assertThat(stock.await(ENTRY, first, 1, 0)).isTrue();
        assertThat(log("begun")).hasSize(3);
    }

    @Test
    void ready_spareKilled_isReplaced() throws IOException {
        assertThat(stock.await(ENTRY, keep(), 1, PATIENCE)).isTrue();
        int dead = Integer.parseInt(log("ready").get(0));

        ProcessControl.signal(dead, ProcessControl.SIGKILL);

        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("ready").size() == 2);
        MessageSocket client = open(keep());
        assertThat(lease(client).pid()).isNotEqualTo(dead);
    }

    @Test
    void ready_spareKilled_itsDescriptorsAreGivenBack() throws IOException {
        assertThat(stock.await(ENTRY, keep(), 1, PATIENCE)).isTrue();
        int before = descriptors();
        int dead = Integer.parseInt(log("ready").get(0));

        ProcessControl.signal(dead, ProcessControl.SIGKILL);

        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("ready").size() == 2);
        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> descriptors() == before);
    }

    private static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    @Test
    void handedOver_spareEnds_itsCodeIsReported() throws IOException {
        ForkServerClient.Lease lease = lease(open(keep()));
        Path live = family.directory().file("live").resolve(Integer.toString(lease.number()));
        assertThat(live).exists();

        lease.control().close();

        assertThat(status(lease))
                .isEqualTo(ByteBuffer.allocate(8).putInt(0).putInt(7).flip());
        assertThat(live).doesNotExist();
    }

    @Test
    void handedOver_spareKilled_theSignalIsReportedWhenItIsGone() throws IOException {
        ForkServerClient.Lease lease = lease(open(keep()));

        ProcessControl.signal(lease.pid(), ProcessControl.SIGKILL);

        assertThat(status(lease))
                .isEqualTo(ByteBuffer.allocate(8).putInt(1).putInt(9).flip());
        assertThat(ProcessControl.signal(lease.pid(), 0)).isFalse();
    }

    @Test
    void handedOver_clientGone_theSpareEnds() throws IOException {
        MessageSocket client = socket();
        client.close();

        stock.open(ENTRY, keep(), List.of(), sockets.get(sockets.size() - 1));

        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("ended").size() == 1);
        assertThat(log("ended")).isEqualTo(log("ready"));
    }

    @Test
    void close_stock_killsTheSparesButNotThoseHandedOver() throws IOException {
        stock = new SpareStock(family, policy(2));
        ForkServerClient.Lease lease = lease(open(keep()));
        assertThat(stock.await(ENTRY, keep(), 1, PATIENCE)).isTrue();
        int spare = Integer.parseInt(log("ready").stream()
                .filter(pid -> !pid.equals(Integer.toString(lease.pid())))
                .findFirst()
                .orElseThrow());

        try (Descriptor spares = ProcessControl.watch(spare);
                Descriptor handedOver = ProcessControl.watch(lease.pid())) {
            stock.close();

            assertThat(spares.awaitReadable(Deadline.after(StandIn.PATIENCE))).isTrue();
            assertThat(handedOver.awaitReadable(Deadline.after(Duration.ZERO))).isFalse();
        }
        assertThat(log("ended")).isEmpty();
        lease.control().close();
        Awaitility.await()
                .atMost(StandIn.PATIENCE)
                .until(() -> log("ended"), List.of(Integer.toString(lease.pid()))::equals);
    }

    @Test
    void boot_failsThreeTimes_isNotTriedAgainUntilThePolicyChanges() throws IOException {
        Profile broken = Shells.profile("echo begun $$ >> \"$1/log\"; echo no heap >&2; exit 1", directory);
        stock.expect(ENTRY, broken);
        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("begun").size() == 3);

        assertThat(stock.await(ENTRY, broken, 1, MOMENT)).isFalse();
        assertThat(log("begun")).hasSize(3);
        stock.policy(new WarmPolicy(1, MINUTE, List.of("x.Y")));

        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("begun").size() == 6);
    }

    @Test
    void boot_answerOtherThanReady_isKilled() throws IOException {
        Profile odd = Shells.profile("echo begun $$ >> \"$1/log\"\n" + Shells.RUNNING + "exec sleep 1000", directory);

        stock.expect(ENTRY, odd);

        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("begun").size() == 3);
        for (String pid : log("begun")) {
            Awaitility.await().atMost(StandIn.PATIENCE).until(() -> StandIn.isGone(Integer.parseInt(pid)));
        }
        assertThat(stock.await(ENTRY, odd, 1, 0)).isFalse();
    }

    @Test
    void boot_order_namesWhatWasPreloadedAndSeenBefore() throws IOException {
        stock = new SpareStock(family, new WarmPolicy(1, MINUTE, List.of("pre.Load", "seen.A")));
        MessageSocket client = socket();
        SpareStock.Line line = stock.open(ENTRY, keep(), List.of("seen.A", "seen.B"), sockets.get(1));
        ForkServerClient.Lease first = lease(client);
        stock.next(line, List.of("seen.C", "seen.B"));
        ForkServerClient.Lease second = lease(client);

        assertThat(told(first.pid()).classes()).containsExactly("pre.Load", "seen.A", "seen.B");
        assertThat(told(second.pid()).classes()).containsExactly("pre.Load", "seen.A", "seen.C", "seen.B");
        assertThat(told(second.pid()).entryPoint()).isEqualTo(ENTRY);
        assertThat(told(second.pid()).queues()).isEmpty();
    }

    @Test
    void boot_manyClassesSeen_theOldestAreForgotten() throws IOException {
        var many = new ArrayList<String>();
        for (int i = 0; i < 600; i++) {
            many.add("seen.C" + i);
        }
        MessageSocket client = socket();
        stock.open(ENTRY, keep(), many, sockets.get(1));

        Spare.Order order = told(lease(client).pid());

        assertThat(order.classes()).hasSize(512).startsWith("seen.C88").endsWith("seen.C599");
    }

    @Test
    void boot_familyUsesQueues_theOrderSaysWhere() throws IOException {
        Files.createDirectory(family.directory().file("queue-x"));

        Spare.Order order = told(lease(open(keep())).pid());

        assertThat(order.queues()).isEqualTo(family.directory().path().toString());
    }

    private static WarmPolicy policy(int spares) {
        return new WarmPolicy(spares, MINUTE, List.of());
    }

    private Profile keep() {
        return keep(":");
    }

    /** A spare that does {@code whileBooting} before it is ready. */
    private Profile keep(String whileBooting) {
        String script = String.join(
                "\n",
                "echo begun $$ >> \"$1/log\"",
                whileBooting,
                "echo ready $$ >> \"$1/log\"",
                Shells.READY,
                "cat > \"$1/told-$$\"",
                "echo ended $$ >> \"$1/log\"",
                "exit 7");
        return Shells.profile(script, directory);
    }

    private MessageSocket open(Profile profile) throws IOException {
        MessageSocket client = socket();
        stock.open(ENTRY, profile, List.of(), sockets.get(sockets.size() - 1));
        return client;
    }

    /** The client's end; the server's is the last of {@link #sockets}. */
    private MessageSocket socket() throws IOException {
        MessageSocket[] ends = MessageSocket.pair();
        sockets.addAll(List.of(ends));
        return ends[0];
    }

    private ForkServerClient.Lease lease(MessageSocket client) throws IOException {
        assertThat(client.poll(Deadline.after(StandIn.PATIENCE))).isTrue();
        var lease = ForkServerClient.Lease.of(client.receive());
        leased.addAll(List.of(lease.control(), lease.stderr(), lease.lifeline(), lease.status()));
        return lease;
    }

    private int liveProcesses() {
        return family.directory().file("live").toFile().list().length;
    }

    /** Returns when the monitor has done all that it had to do. */
    private void awaitMonitor() throws InterruptedException {
        var reached = new CountDownLatch(1);
        family.monitor().at(Deadline.after(Duration.ZERO), reached::countDown);
        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private static ByteBuffer status(ForkServerClient.Lease lease) throws IOException {
        byte[] word = new byte[100];
        assertThat(lease.status().awaitReadable(Deadline.after(StandIn.PATIENCE)))
                .isTrue();
        int size = lease.status().readNow(word);
        return ByteBuffer.wrap(word, 0, size);
    }

    /** The pids of the shells that have written {@code word}. */
    private List<String> log(String word) throws IOException {
        Path log = directory.resolve("log");
        return Files.notExists(log)
                ? List.of()
                : Files.readAllLines(log).stream()
                        .filter(line -> line.startsWith(word))
                        .map(line -> line.substring(word.length() + 1))
                        .toList();
    }

    /** Returns what a client's spare was told, and ends the spare. */
    private Spare.Order told(int pid) throws IOException {
        leased.forEach(Descriptor::close);
        Awaitility.await().atMost(StandIn.PATIENCE).until(() -> log("ended").contains(Integer.toString(pid)));
        byte[] said = Files.readAllBytes(directory.resolve("told-" + pid));
        assertThat(Frame.kindOf(ByteBuffer.wrap(said))).isEqualTo(Frame.WARM);
        assertThat(Frame.lengthOf(ByteBuffer.wrap(said))).isEqualTo(said.length - Frame.HEADER);
        return Spare.Order.of(Arrays.copyOfRange(said, Frame.HEADER, said.length));
    }

    private String entryPointTold(int pid) throws IOException {
        return told(pid).entryPoint();
    }

    private static List<String> environment(int pid) throws IOException {
        String all = Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
        return List.of(all.split("\0"));
    }
}
