package io.multijvm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.multijvm.ipc.os.Executable;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What may use what in ipc, launcher and runtime. A rule that matches no class fails. */
@AnalyzeClasses(packages = "io.multijvm", importOptions = ArchitectureTest.Product.class)
final class ArchitectureTest {
    private static final String ROOT = "io.multijvm";

    private static final Set<String> SLEEPERS = Set.of(Thread.class.getName(), TimeUnit.class.getName());
    private static final Set<String> GENERIC = Set.of(
            Throwable.class.getName(),
            Exception.class.getName(),
            RuntimeException.class.getName(),
            Error.class.getName());

    @ArchTest
    static final ArchRule jnaOnlyInTheOsPackage = noClasses()
            .that()
            .resideOutsideOfPackage("io.multijvm.ipc.os")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule processesStartInTheLauncherOnly = noClasses()
            .that()
            .resideOutsideOfPackage("io.multijvm.launcher..")
            .and()
            .resideOutsideOfPackage("io.multijvm.ipc.os")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(ProcessBuilder.class, Executable.class);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().assignedFrom(new EachPackage()).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingLooksUpToTheRootPackage = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT);

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "it sleeps",
                    call -> call.getName().equals("sleep")
                            && SLEEPERS.contains(call.getTargetOwner().getName())));

    @ArchTest
    static final ArchRule exceptionsHaveATypeOfTheirOwn =
            noClasses().should().callConstructorWhere(creatingAny(GENERIC));

    private static DescribedPredicate<JavaConstructorCall> creatingAny(Set<String> types) {
        return DescribedPredicate.describe(
                "it is of a generic exception type",
                call -> types.contains(call.getTargetOwner().getName()) && !isCallOfSuperclass(call));
    }

    private static boolean isCallOfSuperclass(JavaConstructorCall call) {
        return call.getOrigin().isConstructor()
                && call.getOriginOwner().isAssignableTo(call.getTargetOwner().getName());
    }

    /** What programs get, without tests and testkit. */
    static final class Product implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/") && !location.contains("/io/multijvm/testkit/");
        }
    }

    /** Packages by their whole name, so that a module's root package is one of them. */
    private static final class EachPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
