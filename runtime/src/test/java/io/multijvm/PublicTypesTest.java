package io.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is public in ipc, launcher and runtime is decided, not happened upon: each type is a line of a file. */
final class PublicTypesTest {
    private static final Path LIST = Path.of("src/test/resources/public-types.txt");

    @Test
    void publicTypes_all_areListed() throws IOException {
        var listed = Files.readAllLines(LIST);
        var types = publicTypes();

        assertThat(types).as("public types must be lines of runtime/%s", LIST).isSubsetOf(listed);
        assertThat(listed).as("lines must be public types").isSubsetOf(types).isSorted();
    }

    private static Set<String> publicTypes() {
        return new ClassFileImporter()
                .withImportOption(new ArchitectureTest.Product()).importPackages("io.multijvm").stream()
                        .filter(PublicTypesTest::isPublic)
                        .map(PublicTypesTest::sourceName)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isPublic(JavaClass type) {
        return Stream.iterate(
                        Optional.of(type), Optional::isPresent, each -> each.flatMap(JavaClass::getEnclosingClass))
                .allMatch(each -> each.orElseThrow().getModifiers().contains(JavaModifier.PUBLIC));
    }

    private static String sourceName(JavaClass type) {
        return type.getName().replace('$', '.');
    }
}
