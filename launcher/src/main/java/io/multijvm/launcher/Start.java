package io.multijvm.launcher;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The message that turns a waiting JVM into a child.
 *
 * @param runDirectory the family's directory
 * @param familyKey the secret that opens the family's sockets
 * @param number the child's number in its family
 * @param processGroup the group of the parent's children; 0 for none
 * @param replacesStdout whether the first descriptor is to become standard output
 * @param isAwaited whether somebody waits for the word that the payload is accepted
 * @param entryPoint class name of the {@link EntryPoint}
 * @param payload for the entry point
 */
public record Start(
        Path runDirectory,
        byte[] familyKey,
        int number,
        int processGroup,
        boolean replacesStdout,
        boolean isAwaited,
        String entryPoint,
        byte[] payload) {

    byte[] toBytes() {
        var bytes = new ByteArrayOutputStream(512 + payload.length);
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(runDirectory.toString());
            out.writeByte(familyKey.length);
            out.write(familyKey);
            out.writeInt(number);
            out.writeInt(processGroup);
            out.writeBoolean(replacesStdout);
            out.writeBoolean(isAwaited);
            out.writeUTF(entryPoint);
            out.write(payload);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    static Start of(byte[] bytes) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        return new Start(
                Path.of(in.readUTF()),
                in.readNBytes(in.readUnsignedByte()),
                in.readInt(),
                in.readInt(),
                in.readBoolean(),
                in.readBoolean(),
                in.readUTF(),
                in.readAllBytes());
    }
}
