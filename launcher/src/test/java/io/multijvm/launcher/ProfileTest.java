package io.multijvm.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A spare serves a start whose profile is equal to its own: what makes JVMs differ makes profiles differ. */
final class ProfileTest {
    private static final List<String> COMMAND = List.of("java", "-Xmx1g");
    private static final Map<String, String> ENVIRONMENT = Map.of("LANG", "C");
    private static final Path DIRECTORY = Path.of("/tmp");

    private final Profile profile = new Profile(COMMAND, ENVIRONMENT, DIRECTORY);

    @Test
    void equals_sameContent_isEqual() {
        var same = new Profile(new ArrayList<>(COMMAND), new HashMap<>(ENVIRONMENT), DIRECTORY);

        assertThat(profile).isEqualTo(same).hasSameHashCodeAs(same);
    }

    @Test
    void equals_otherCommandEnvironmentOrDirectory_differs() {
        assertThat(profile)
                .isNotEqualTo(new Profile(List.of("java", "-Xmx2g"), ENVIRONMENT, DIRECTORY))
                .isNotEqualTo(new Profile(COMMAND, Map.of("LANG", "C.UTF-8"), DIRECTORY))
                .isNotEqualTo(new Profile(COMMAND, Map.of(), DIRECTORY))
                .isNotEqualTo(new Profile(COMMAND, ENVIRONMENT, Path.of("/")))
                .isNotEqualTo(new Profile(COMMAND, ENVIRONMENT, null))
                .isNotEqualTo("java -Xmx1g");
    }

    @Test
    void constructor_listsChangeLater_keepsWhatTheyHeld() {
        var command = new ArrayList<>(COMMAND);
        var environment = new HashMap<>(ENVIRONMENT);
        var early = new Profile(command, environment, DIRECTORY);

        command.add("-Xint");
        environment.put("TZ", "UTC");

        assertThat(early).isEqualTo(profile);
    }
}
