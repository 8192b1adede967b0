package io.multijvm.launcher;

import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.memory.RunDirectory;
import io.multijvm.ipc.os.Calls;
import io.multijvm.ipc.os.ProcessControl;
import io.multijvm.ipc.queue.ItemQueues;
import io.multijvm.ipc.socket.MessageSocket;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A JVM that waits, warm, for its one start. */
final class Spare {
    private Spare() {}

    /**
     * What a spare is to load.
     *
     * @param entryPoint class name of the {@link EntryPoint} to come
     * @param classes what else to load, as far as it is there; not initialised
     * @param queues the run directory of a family that uses queues, so that they are to be loaded too; empty for none
     */
    record Order(String entryPoint, List<String> classes, String queues) {
        byte[] toBytes() {
            var bytes = new ByteArrayOutputStream();
            try (var out = new DataOutputStream(bytes)) {
                out.writeUTF(entryPoint);
                Strings.write(out, classes);
                out.writeUTF(queues);
            } catch (IOException e) {
                throw new AssertionError("memory does not fail", e);
            }
            return bytes.toByteArray();
        }

        static Order of(byte[] bytes) throws IOException {
            var in = new DataInputStream(new ByteArrayInputStream(bytes));
            return new Order(in.readUTF(), Strings.read(in), in.readUTF());
        }
    }

    /** Loads what is ordered; returns the entry point, ready for the start to come. */
    static EntryPoint warmUp(byte[] order, ParentChannel parent, ParentWatcher watcher) throws Exception {
        Order what = Order.of(order);
        watcher.prepare();
        watcher.allowQuickExit();
        watcher.startThread();
        what.classes.forEach(Spare::load);
        practise();
        Family.adopt(new Start(Path.of("/"), new byte[0], 0, 0, false, false, "", new byte[0]));
        EntryPoint entry = entryPoint(what.entryPoint);
        entry.warmUp(what.classes);
        if (!what.queues.isEmpty()) {
            ItemQueues.warmUp(RunDirectory.attach(Path.of(what.queues)));
        }
        parent.ready();
        return entry;
    }

    /** Does once, on nothing, what every start does. */
    static void practise() throws Exception {
        Calls.warmUp();
        ProcessControl.joinGroup(ProcessControl.group());
        var thread = new Thread(() -> {}, "multijvm-warm-up");
        thread.start();
        thread.join();
        MessageSocket[] ends = MessageSocket.pair();
        try (MessageSocket sender = ends[0];
                MessageSocket receiver = ends[1];
                Encoded encoded = Codec.encode(new ArrayList<>(List.of("warm", 1)))) {
            sender.send(encoded.bytes(), 0, encoded.bytes().length, List.of(receiver.descriptor()));
            MessageSocket.Message message = receiver.receive();
            Codec.decode(message.bytes(), message.descriptors(), loader());
            message.discard();
        }
        var start = new Start(Path.of("/"), new byte[0], 0, 0, false, false, "", new byte[0]);
        Start.of(start.toBytes());
        Objects.requireNonNull(Family.parentGone());
    }

    static EntryPoint entryPoint(String name) throws ReflectiveOperationException {
        return Class.forName(name)
                .asSubclass(EntryPoint.class)
                .getDeclaredConstructor()
                .newInstance();
    }

    /** Loads and links a class without running its initialiser: its state stays class-initial. */
    static void load(String name) {
        try {
            Objects.requireNonNull(Class.forName(name, false, loader()).getDeclaredMethods());
        } catch (ClassNotFoundException | LinkageError e) {
            // it may not be needed
        }
    }

    private static ClassLoader loader() {
        return ClassLoader.getSystemClassLoader();
    }
}
