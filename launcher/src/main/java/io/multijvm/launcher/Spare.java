package io.multijvm.launcher;

import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.os.JdkInternals;
import io.multijvm.ipc.os.ProcessControl;
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
     * @param preload classes the user has named; loaded, not initialised
     * @param required whether a class of {@code preload} that is missing ends the spare
     * @param seen classes of targets that were started before; loaded if possible
     */
    record Order(String entryPoint, List<String> preload, boolean required, List<String> seen) {
        byte[] toBytes() {
            var bytes = new ByteArrayOutputStream();
            try (var out = new DataOutputStream(bytes)) {
                out.writeUTF(entryPoint);
                Strings.write(out, preload);
                out.writeBoolean(required);
                Strings.write(out, seen);
            } catch (IOException e) {
                throw new AssertionError("memory does not fail", e);
            }
            return bytes.toByteArray();
        }

        static Order of(byte[] bytes) throws IOException {
            var in = new DataInputStream(new ByteArrayInputStream(bytes));
            return new Order(in.readUTF(), Strings.read(in), in.readBoolean(), Strings.read(in));
        }
    }

    /** Loads what is ordered; returns the entry point, ready for the start to come. */
    static EntryPoint warmUp(byte[] order, ParentChannel parent, ParentWatcher watcher) throws Exception {
        Order what = Order.of(order);
        watcher.prepare();
        for (String name : what.preload) {
            load(name, what.required);
        }
        for (String name : what.seen) {
            load(name, false);
        }
        practise();
        EntryPoint entry = entryPoint(what.entryPoint);
        entry.warmUp();
        parent.ready();
        return entry;
    }

    /** Does once, on nothing, what every start does. */
    private static void practise() throws Exception {
        JdkInternals.warmUpCalls();
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
        var start = new Start(Path.of("/"), new byte[0], "", 0, false, "", new byte[0]);
        Start.of(start.toBytes());
        Family.adopt(start);
    }

    static EntryPoint entryPoint(String name) throws ReflectiveOperationException {
        return Class.forName(name)
                .asSubclass(EntryPoint.class)
                .getDeclaredConstructor()
                .newInstance();
    }

    /** Loads and links a class without running its initialiser: its state stays class-initial. */
    private static void load(String name, boolean required) throws ClassNotFoundException {
        try {
            Objects.requireNonNull(Class.forName(name, false, loader()).getDeclaredMethods());
        } catch (ClassNotFoundException | LinkageError e) {
            if (required) {
                throw e;
            }
        }
    }

    private static ClassLoader loader() {
        return ClassLoader.getSystemClassLoader();
    }
}
