package io.multijvm.ipc.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In JVMs of their own: a JVM has one filter for good. */
@ForkTest
final class JvmFilterTest {
    private static final String PATTERN = "!" + JvmFilterTest.class.getName() + "$Note";

    @TempDir
    Path directory;

    @Test
    void decode_filterOfTheCommandLine_isAsked() throws Exception {
        assertThat(ChildJvm.of(Decoding.class)
                        .flags("-Djdk.serialFilter=" + PATTERN)
                        .run()
                        .stdout())
                .isEqualTo("rejected\n");
    }

    @Test
    void decode_filterOfTheSecurityProperties_isAsked() throws Exception {
        Path file = Files.writeString(directory.resolve("more.security"), "jdk.serialFilter=" + PATTERN + "\n");

        assertThat(ChildJvm.of(Decoding.class)
                        .flags("-Djava.security.properties=" + file)
                        .run()
                        .stdout())
                .isEqualTo("rejected\n");
    }

    @Test
    void decode_noFilterUntilTheProgramSetsOne_isAskedFromThenOn() throws Exception {
        assertThat(ChildJvm.of(Decoding.class).arguments("later").run().stdout())
                .isEqualTo("Note[text=x]\nrejected\n");
    }

    record Note(String text) implements Serializable {}

    static final class Decoding {
        public static void main(String[] args) throws Exception {
            decode();
            if (args.length > 0) {
                ObjectInputFilter.Config.setSerialFilter(ObjectInputFilter.Config.createFilter(PATTERN));
                decode();
            }
        }

        private static void decode() throws Exception {
            byte[] bytes = Codec.encode(new Note("x")).bytes();
            try {
                System.out.println(Codec.decode(bytes, List.of(), JvmFilterTest.class.getClassLoader()));
            } catch (InvalidClassException e) {
                System.out.println("rejected");
            }
        }
    }
}
