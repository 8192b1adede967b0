package io.multijvm.process;

import io.multijvm.ipc.codec.Codec;
import io.multijvm.ipc.codec.Encoded;
import io.multijvm.ipc.codec.LambdaCall;
import io.multijvm.ipc.codec.NotSendableException;
import io.multijvm.ipc.os.Descriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process is told about itself at its start, and its activity: the payload of the launcher's start frame.
 *
 * @param name the process's name
 * @param identity its numbers, one for each generation
 * @param daemon whether it is daemonic
 * @param authKey its key
 * @param parentPid pid of the process that starts it
 * @param parentName and that one's name
 * @param startMethod Python's name of the start method
 * @param program where the program's classes come from; see {@link ForkScope}
 * @param initialisers the classes whose static initialisers may start nothing in it; see {@link Initialisers}
 * @param activity what it runs
 */
record Description(
        String name,
        List<Integer> identity,
        boolean daemon,
        byte[] authKey,
        long parentPid,
        String parentName,
        String startMethod,
        List<String> program,
        List<String> initialisers,
        Activity activity) {

    /** What a process runs, encoded: a lambda taken apart, or an object that is a {@link Target} or {@link JvmProcess}. */
    record Activity(@Nullable LambdaCall call, byte[] encoded) {
        /** Encodes {@code activity}; the descriptors are for the payload. */
        static Prepared of(Object activity) {
            LambdaCall call = LambdaCall.of(activity);
            // A lambda's captured variables alone are encoded; what cannot be is reported as the lambda's.
            Encoded encoded = call == null ? Codec.encode(activity) : encodeCaptured(call, activity);
            return new Prepared(new Activity(call, encoded.bytes()), encoded.descriptors(), List.of());
        }

        private static Encoded encodeCaptured(LambdaCall call, Object lambda) {
            if (call.captured().length == 0) {
                return new Encoded(new byte[0], List.of());
            }
            try {
                return Codec.encode(call.captured());
            } catch (NotSendableException e) {
                Codec.encode(lambda).close(); // fails as well, and says on which way the trouble was reached
                throw e;
            }
        }

        /** The class that it is all about. */
        String subject(Object activity) {
            return call == null ? activity.getClass().getName() : call.owner();
        }
    }

    /**
     * An activity ready to be sent.
     *
     * @param descriptors those it refers to
     * @param classes names of classes that the child will need besides the activity's own
     */
    record Prepared(Activity activity, List<Descriptor> descriptors, List<String> classes) {}

    byte[] toBytes() {
        var bytes = new ByteArrayOutputStream(256 + activity.encoded.length);
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(name);
            out.writeByte(identity.size());
            for (int number : identity) {
                out.writeInt(number);
            }
            out.writeBoolean(daemon);
            out.writeInt(authKey.length);
            out.write(authKey);
            out.writeLong(parentPid);
            out.writeUTF(parentName);
            out.writeUTF(startMethod);
            out.writeByte(program.size());
            for (String location : program) {
                out.writeUTF(location);
            }
            out.writeShort(initialisers.size());
            for (String initialiser : initialisers) {
                out.writeUTF(initialiser);
            }
            LambdaCall call = activity.call;
            out.writeBoolean(call != null);
            if (call != null) {
                out.writeUTF(call.owner());
                out.writeUTF(call.method());
                out.writeUTF(call.descriptor());
            }
            out.write(activity.encoded);
        } catch (IOException e) {
            throw new IllegalArgumentException("name too long", e);
        }
        return bytes.toByteArray();
    }

    static Description of(byte[] bytes) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        String name = in.readUTF();
        int generations = in.readByte();
        var identity = new ArrayList<Integer>(generations);
        for (int i = 0; i < generations; i++) {
            identity.add(in.readInt());
        }
        boolean daemon = in.readBoolean();
        byte[] authKey = in.readNBytes(in.readInt());
        long parentPid = in.readLong();
        String parentName = in.readUTF();
        String startMethod = in.readUTF();
        int locations = in.readUnsignedByte();
        var program = new ArrayList<String>(locations);
        for (int i = 0; i < locations; i++) {
            program.add(in.readUTF());
        }
        int initialiserCount = in.readUnsignedShort();
        var initialisers = new ArrayList<String>(initialiserCount);
        for (int i = 0; i < initialiserCount; i++) {
            initialisers.add(in.readUTF());
        }
        LambdaCall call =
                in.readBoolean() ? new LambdaCall(in.readUTF(), in.readUTF(), in.readUTF(), new Object[0]) : null;
        return new Description(
                name,
                List.copyOf(identity),
                daemon,
                authKey,
                parentPid,
                parentName,
                startMethod,
                program,
                initialisers,
                new Activity(call, in.readAllBytes()));
    }
}
