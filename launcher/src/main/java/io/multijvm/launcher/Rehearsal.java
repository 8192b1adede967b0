package io.multijvm.launcher;

import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Descriptor;
import io.multijvm.ipc.queue.ItemQueues;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A child that loads what children and their parents load, for its JVM to write it into an archive. */
public final class Rehearsal implements EntryPoint {
    /** What a parent loads and a rehearsal does not come by. */
    private static final List<String> LOADED_BY_PARENTS =
            List.of(ForkServerClient.class.getName(), Archivist.class.getName() + "$Started");

    /** Made by name in the child. */
    public Rehearsal() {}

    /**
     * What is to be loaded.
     *
     * @param entryPoint class name of the {@link EntryPoint} that programs use; empty for nothing at all
     * @param classes what else, as far as it is there; not initialised
     * @param queues whether queues are to be loaded, too
     */
    record Order(String entryPoint, List<String> classes, boolean queues) {
        static final Order NOTHING = new Order("", List.of(), false);

        byte[] toBytes() {
            var bytes = new ByteArrayOutputStream();
            try (var out = new DataOutputStream(bytes)) {
                out.writeUTF(entryPoint);
                Strings.write(out, classes);
                out.writeBoolean(queues);
            } catch (IOException e) {
                throw new AssertionError("memory does not fail", e);
            }
            return bytes.toByteArray();
        }

        static Order of(byte[] bytes) throws IOException {
            var in = new DataInputStream(new ByteArrayInputStream(bytes));
            return new Order(in.readUTF(), Strings.read(in), in.readBoolean());
        }
    }

    @Override
    public void run(Start start, List<Descriptor> descriptors, ParentChannel parent) throws Exception {
        Order order = Order.of(start.payload());
        parent.running();
        if (!order.entryPoint.isEmpty()) {
            EntryPoint entry = Spare.entryPoint(order.entryPoint);
            order.classes.forEach(Spare::load);
            Spare.practise();
            entry.warmUp(order.classes);
            entry.rehearse();
            LOADED_BY_PARENTS.forEach(Spare::load);
            lookForArchive();
            List<Path> unused = RunDirectory.sweepStale();
            if (order.queues) {
                ItemQueues.warmUp(RunDirectory.attach(start.runDirectory()));
            }
        }
        parent.ended(0);
    }

    /** As every parent does; there is none yet, and here they are off. */
    private static void lookForArchive() {
        String java = System.getProperty("java.home") + "/bin/java";
        var profile = new Profile(List.of(java, "-cp", System.getProperty("java.class.path"), ""), Map.of(), null);
        ArchiveKey key = ArchiveKey.of(profile, false);
        if (key != null) {
            Objects.requireNonNull(ArchiveKey.using(Path.of(java)));
            @Nullable Path unused = ArchiveCache.ofUser().find(key);
        }
    }

    @Override
    public void warmUp(List<String> expected) {}
}
