package dev.jbuild.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The directions in docs/ARCHITECTURE.md, between modules and between the packages of each.
class ArchitectureTest {
    private static final String R = "dev.jbuild.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/fake/"))
            .importPackages("dev.jbuild");

    /// The packages of a module in their order; the empty name is the module's own package.
    private static final Map<String, List<String>> ORDER = Map.of(
            "parser", List.of("source", "ignore", "ast", "word", "lint", ""),
            "layerstore", List.of("kernel", "oci", "content", "archive", "snapshot", "registry", ""),
            "solver",
                    List.of(
                            "graph", "event", "context", "cache", "plan", "sandbox", "secret", "file", "fetch", "run",
                            ""),
            "exporter", List.of("attestation", "sbom", ""),
            "cli", List.of("report", "attest", "template", "command", "explore", "image", ""));

    private static final Map<String, List<String>> MODULES = Map.of(
            "parser", List.of(),
            "layerstore", List.of(),
            "solver", List.of("parser", "layerstore"),
            "exporter", List.of("layerstore"),
            "cli", List.of("parser", "layerstore", "solver", "exporter"));

    static List<String> modules() {
        return MODULES.keySet().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void modulesDependOnlyOnThoseBelow(String module) {
        assertThat(in(module)).as("classes seen of " + module).hasSizeGreaterThan(10);
        for (String other : MODULES.keySet()) {
            if (!other.equals(module)
                    && !MODULES.getOrDefault(module, List.of()).contains(other)) {
                noClasses()
                        .that()
                        .resideInAPackage(R + module + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(R + other + "..")
                        .check(CLASSES);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void packagesImportOnlyThoseBeforeThem(String module) {
        List<String> order = ORDER.getOrDefault(module, List.of());
        List<String> seen = in(module).stream()
                .map(JavaClass::getPackageName)
                .distinct()
                .map(name -> name.equals(R + module) ? "" : name.substring((R + module + ".").length()))
                .toList();
        assertThat(order).as("the order of " + module).containsAll(seen);
        for (int i = 0; i < order.size(); i++) {
            for (String later : order.subList(i + 1, order.size())) {
                noClasses()
                        .that()
                        .resideInAPackage(name(module, order.get(i)))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(name(module, later))
                        .allowEmptyShould(true)
                        .check(CLASSES);
            }
        }
    }

    @Test
    void noPackageIsPartOfACycle() {
        slices().matching("dev.jbuild.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheCliReadsTheEnvironmentAndPrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage(R + "cli..")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CLASSES);
    }

    private static String name(String module, String packageName) {
        return packageName.isEmpty() ? R + module : R + module + "." + packageName;
    }

    private static List<JavaClass> in(String module) {
        return CLASSES.stream()
                .filter(each -> each.getPackageName().equals(R + module)
                        || each.getPackageName().startsWith(R + module + "."))
                .toList();
    }
}
