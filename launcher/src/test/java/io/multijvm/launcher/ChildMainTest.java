package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.ipc.Deadline;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.os.ExitStatus;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.os.Sockets;
import io.multijvm.testkit.ForkTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real child JVM; the test is its parent, or plays one that sends frames of its own. */
@ForkTest
final class ChildMainTest {
    private static final byte[] PAYLOAD = {4, 5, 6};

    private final Family family = new Family(null, new byte[32], RunDirectory.ROOT);
    private final List<byte[]> failures = new ArrayList<>();

    /** Sends its payload back as a failure, so that the test sees that it ran. */
    public static final class Echo implements EntryPoint {
        @Override
        public void warmUp(List<String> expected) {}

        @Override
        public void run(Start start, List<Descriptor> descriptors, ParentChannel parent) {
            parent.running();
            parent.failed(start.payload());
            parent.ended(0);
        }
    }

    /** Runs until it is ended. */
    public static final class Hang implements EntryPoint {
        @Override
        public void warmUp(List<String> expected) {}

        @Override
        public void run(Start start, List<Descriptor> descriptors, ParentChannel parent) throws InterruptedException {
            parent.running();
            hangHere();
        }

        private static void hangHere() throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    @AfterEach
    void endFamily() {
        family.close();
    }

    @Test
    void main_start_runsTheEntryPointAndEnds() throws IOException {
        StartedJvm jvm = execute();

        say(jvm, Frame.START, start(Echo.class.getName(), true));

        assertThat(framesUntilEnd(jvm)).startsWith("RUNNING []", "FAILED [4, 5, 6]", "ENDED [0, 0, 0, 0]");
        assertThat(end(jvm)).isEqualTo(ExitStatus.exited(0));
    }

    @Test
    void main_warmThenStart_isReadyFirstAndRunsTheSame() throws IOException {
        StartedJvm jvm = execute();
        say(jvm, Frame.WARM, new Spare.Order(Echo.class.getName(), List.of("no.such.Type"), "").toBytes());
        assertThat(receive(jvm)).isEqualTo(Frame.READY.header(0, 0));

        say(jvm, Frame.START, start(Echo.class.getName(), false));

        assertThat(framesUntilEnd(jvm)).startsWith("FAILED [4, 5, 6]", "ENDED [0, 0, 0, 0]");
        assertThat(end(jvm)).isEqualTo(ExitStatus.exited(0));
    }

    @Test
    void main_parentGoneBeforeTheWholeStart_endsWithoutAWord() throws IOException {
        StartedJvm jvm = execute();
        byte[] body = start(Echo.class.getName(), true);
        byte[] whole = ByteBuffer.allocate(Frame.HEADER + body.length)
                .put(Frame.START.header(body.length, 0))
                .put(body)
                .array();

        jvm.control().writeFully(whole, 0, whole.length - 1);
        Sockets.endSending(jvm.control());

        assertThat(framesUntilEnd(jvm)).isEmpty();
        assertThat(end(jvm)).isEqualTo(ExitStatus.exited(0));
    }

    @Test
    void main_noSuchEntryPoint_saysWhichAndFails() throws IOException {
        StartedJvm jvm = execute();

        say(jvm, Frame.START, start("no.such.Entry", true));

        assertThat(framesUntilEnd(jvm)).isEmpty();
        byte[] printed = new byte[4096];
        int count = jvm.stderr().readNow(printed);
        assertThat(new String(printed, 0, count, StandardCharsets.UTF_8)).contains("no.such.Entry");
        assertThat(end(jvm)).isEqualTo(ExitStatus.exited(1));
    }

    @Test
    void lifeline_closedByTheParent_endsTheChild() throws IOException {
        StartedJvm jvm = execute();
        say(jvm, Frame.START, start(Hang.class.getName(), true));
        assertThat(receive(jvm)).isEqualTo(Frame.RUNNING.header(0, 0));

        jvm.lifeline().close();

        framesUntilEnd(jvm);
        assertThat(end(jvm)).isEqualTo(ExitStatus.exited(1));
    }

    @Test
    void dump_runningChild_showsItsMainThread() throws IOException {
        Child child = Child.own(spec(), execute(), family, null);
        child.begin(
                new Start(family.directory().path(), family.key(), 2, 0, false, true, Hang.class.getName(), PAYLOAD),
                List.of(),
                Deadline.never());
        assertThat(child.running()).succeedsWithin(StandIn.PATIENCE);

        String dump = ThreadDump.of(child);

        assertThat(dump).contains("\"main\"", "ChildMainTest$Hang.hangHere", "Locked ownable synchronizers");
        child.signal(ProcessControl.SIGKILL);
        assertThat(child.exit()).succeedsWithin(StandIn.PATIENCE).isEqualTo(ExitStatus.killed(9));
        assertThatThrownBy(() -> ThreadDump.of(child)).isInstanceOf(IOException.class);
    }

    private StartedJvm execute() throws IOException {
        Profile profile = new JvmCommand(null, List.of("-XX:TieredStopAtLevel=1"), Map.of(), null).profile();
        return StartedJvm.of(profile, Descriptor.adopt(1), family);
    }

    private LaunchSpec spec() {
        return new LaunchSpec(
                "child",
                Shells.profile(""),
                Hang.class.getName(),
                new Encoded(PAYLOAD, List.of()),
                "subject",
                List.of(),
                Output.inherit(),
                Output.discard(),
                failures::add);
    }

    private byte[] start(String entryPoint, boolean isAwaited) {
        return new Start(family.directory().path(), family.key(), 2, 0, false, isAwaited, entryPoint, PAYLOAD)
                .toBytes();
    }

    private static void say(StartedJvm jvm, Frame kind, byte[] body) throws IOException {
        byte[] header = kind.header(body.length, 0);
        jvm.control().writeFully(header, 0, header.length);
        jvm.control().writeFully(body, 0, body.length);
    }

    /** The next frame, of a child that says one at a time; empty at end-of-file. */
    private static byte[] receive(StartedJvm jvm) throws IOException {
        assertThat(jvm.control().awaitReadable(Deadline.after(StandIn.PATIENCE)))
                .isTrue();
        byte[] received = Sockets.receive(jvm.control(), 1000, new ArrayList<>());
        return received == null ? new byte[0] : received;
    }

    /** All that comes but READY and ENDING, of which nobody knows when they come. */
    private static List<String> framesUntilEnd(StartedJvm jvm) throws IOException {
        var said = new ByteArrayOutputStream();
        for (byte[] part = receive(jvm); part.length > 0; part = receive(jvm)) {
            said.writeBytes(part);
        }
        var frames = new ArrayList<String>();
        for (ByteBuffer rest = ByteBuffer.wrap(said.toByteArray()); rest.hasRemaining(); ) {
            ByteBuffer header = rest.slice();
            byte[] body = Arrays.copyOfRange(
                    said.toByteArray(),
                    rest.position() + Frame.HEADER,
                    rest.position() + Frame.HEADER + Frame.lengthOf(header));
            rest.position(rest.position() + Frame.HEADER + body.length);
            Frame kind = Frame.kindOf(header);
            if (kind != Frame.READY && kind != Frame.ENDING) {
                frames.add(kind + " " + Arrays.toString(body));
            }
        }
        return frames;
    }

    private static ExitStatus end(StartedJvm jvm) throws IOException {
        try (Descriptor process = ProcessControl.watch(jvm.pid())) {
            assertThat(process.awaitReadable(Deadline.after(StandIn.PATIENCE))).isTrue();
        }
        jvm.letGo();
        jvm.liveness().remove();
        return ExitStatus.reap(jvm.pid());
    }
}
