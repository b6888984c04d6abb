package dev.jbuild.exporter.sbom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.exporter.attestation.Predicate;
import dev.jbuild.exporter.sbom.FoundPackage.Kind;
import dev.jbuild.exporter.sbom.Inventory.Distribution;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentsTest {
    private static final FoundPackage MUSL = new FoundPackage(
            Kind.APK,
            "musl",
            "1.2.4",
            "pkg:apk/alpine/musl@1.2.4",
            "MIT",
            "Some One <one@example.org>",
            "lib/apk/db/installed");
    private static final FoundPackage ODD =
            new FoundPackage(Kind.NPM, "@a/b", "1", "pkg:npm/%40a/b@1", "Do What You Like", "", "n/package.json");
    static final Inventory INVENTORY = new Inventory(
            new Distribution("alpine", "3.19", "Alpine"), List.of(ODD, MUSL, MUSL), List.of("/x: broken"));

    @Test
    void spdxHasThePackagesInTheImage() {
        Predicate predicate = SpdxDocument.of(INVENTORY, "sbom", Instant.EPOCH, "jbuild-1.0");
        assertThat(predicate.type()).isEqualTo("https://spdx.dev/Document");
        assertThat(predicate.file()).isEqualTo("sbom.spdx.json");
        assertThat(predicate.json())
                .startsWith("{\"spdxVersion\":\"SPDX-2.3\",\"dataLicense\":\"CC0-1.0\",\"SPDXID\":\"SPDXRef-DOCUMENT\","
                        + "\"name\":\"sbom\",\"documentNamespace\":\"urn:uuid:")
                .contains("\"creationInfo\":{\"created\":\"1970-01-01T00:00:00Z\",\"creators\":[\"Tool: jbuild-1.0\"]}")
                .contains("\"name\":\"Alpine\",\"versionInfo\":\"3.19\"", "\"comment\":\"/x: broken\"")
                .contains("\"supplier\":\"Person: Some One (one@example.org)\"", "\"licenseDeclared\":\"MIT\"")
                .contains("\"licenseComments\":\"declared as: Do What You Like\"")
                .containsPattern("\"spdxElementId\":\"SPDXRef-RootFileSystem\",\"relationshipType\":\"CONTAINS\","
                        + "\"relatedSpdxElement\":\"SPDXRef-npm--a-b-[0-9a-f]{12}\"")
                .containsOnlyOnce("\"name\":\"musl\"");
        assertThat(SpdxDocument.of(INVENTORY, "sbom", Instant.EPOCH, "jbuild-1.0"))
                .isEqualTo(predicate);
    }

    @Test
    void cycloneDxHasThemToo() {
        Predicate predicate = CycloneDxDocument.of(INVENTORY, "sbom", Instant.EPOCH, "jbuild-1.0");
        assertThat(predicate.type()).isEqualTo("https://cyclonedx.org/bom");
        assertThat(predicate.json())
                .startsWith("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"serialNumber\":\"urn:uuid:")
                .contains(
                        "\"tools\":{\"components\":[{\"type\":\"application\",\"name\":\"jbuild\",\"version\":\"1.0\"}]}")
                .contains("{\"type\":\"operating-system\",\"bom-ref\":\"os\",\"name\":\"alpine\",\"version\":\"3.19\"")
                .contains("\"licenses\":[{\"expression\":\"MIT\"}],\"purl\":\"pkg:apk/alpine/musl@1.2.4\"")
                .contains("\"licenses\":[{\"license\":{\"name\":\"Do What You Like\"}}]");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(textBlock = """
            MIT,                                            true
            MIT AND (Apache-2.0 OR BSD-3-Clause),           true
            GPL-2.0-only WITH Classpath-exception-2.0,      true
            GPLv2+,                                         false
            MIT AND,                                        false
            MIT Apache-2.0,                                 false
            (MIT,                                           false
            '',                                             false
            """)
    void anExpressionIsToldFromOtherWords(String license, boolean expression) {
        assertThat(Licenses.isExpression(license)).isEqualTo(expression);
    }
}
