package io.multijvm.shared;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The names of shared memory blocks, and the names of the files they are in. */
final class BlockName {
    private static final int MOST_BYTES = 200;
    private static final String PLAIN = "shm-"; // then the name, escaped
    private static final String LONG = "shx-"; // then a digest of one that escaped would be too long for a file
    private static final int MOST_ESCAPED = 250;

    private BlockName() {}

    /** A name that is most likely new. */
    static String generate() {
        return "psm_" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    /**
     * The file of the block {@code name}. Characters that every file system and locale can write stand for themselves.
     *
     * @throws IllegalArgumentException when it is no name for a block
     */
    static String toFile(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        boolean hasForbidden = name.indexOf('\0') >= 0
                || name.indexOf('/') >= 0
                || !StandardCharsets.UTF_8.newEncoder().canEncode(name); // half a surrogate pair
        if (bytes.length == 0 || bytes.length > MOST_BYTES || hasForbidden) {
            throw new IllegalArgumentException("name of shared memory \"" + name.replace("\0", "\\0") + "\", 1 to "
                    + MOST_BYTES + " bytes of UTF-8 without NUL and / expected");
        }
        var escaped = new StringBuilder(PLAIN);
        for (byte one : bytes) {
            if (one > ' ' && one < 0x7f && one != '%') {
                escaped.append((char) one);
            } else {
                escaped.append('%').append(HexFormat.of().toHexDigits(one));
            }
        }
        return escaped.length() <= MOST_ESCAPED ? escaped.toString() : LONG + digest(bytes);
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }
}
