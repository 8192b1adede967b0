package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs whose standard streams were closed by who started them. */
@ForkTest
final class StandardStreamsTest {
    @TempDir
    private Path directory;

    @Test
    void open_allThreeClosed_takesNoneOfTheirNumbers() throws Exception {
        var numbers = directory.resolve("numbers");
        var ended = ChildJvm.of(Opener.class)
                .startedBy("/bin/sh", "-c", "exec \"$@\" <&- >&- 2>&-", "sh")
                .arguments(numbers.toString())
                .run();

        assertThat(ended).isEqualTo(new ChildJvm.Ended(0, "", ""));
        assertThat(Files.readString(numbers).split(" "))
                .hasSize(2)
                .allSatisfy(number -> assertThat(Integer.parseInt(number)).isGreaterThan(2));
    }

    static final class Opener {
        @SuppressWarnings("SystemOut")
        public static void main(String[] args) throws IOException {
            Descriptor[] ends = Descriptor.pipe();
            System.out.println("printed, and read by nobody");
            Files.writeString(Path.of(args[0]), ends[0].number() + " " + ends[1].number());
        }
    }
}
