package io.multijvm.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.ChildJvmCommand;
import io.multijvm.testkit.ForkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = Stream.of(
                        System.getProperty(ChildJvmCommand.JAVA_PROPERTY, java),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        numbers.toString())
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        try (var program = Program.start("exec " + command + " <&- >&- 2>&-")) {
            program.end();
        }

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
