package dev.jbuild.exporter.sbom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.exporter.sbom.FoundPackage.Kind;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spdx.jacksonstore.MultiFormatStore;
import org.spdx.storage.simple.InMemSpdxStore;

/// The libraries of the SPDX and CycloneDX projects have nothing to say against our lists.
class ValidatorsTest {
    @BeforeAll
    static void stayHere() {
        // The library has a list of licenses with it, and would ask for a newer one.
        System.setProperty("org.spdx.useJARLicenseInfoOnly", "true");
        System.setProperty("SPDXParser.OnlyUseLocalLicenses", "true");
    }

    static Stream<Inventory> inventories() {
        Inventory few = DocumentsTest.INVENTORY;
        // As packagers write them.
        List<FoundPackage> licensed = Stream.of(
                        "",
                        "MIT",
                        "GPL-2.0",
                        "GPLv2+",
                        "BSD",
                        "Public-Domain",
                        "custom",
                        "LicenseRef-Fedora-Public-Domain",
                        "GPL-2.0-or-later AND (MIT OR custom:x)",
                        "GPL-3.0-or-later WITH GCC-exception-3.1",
                        "(MIT OR Apache-2.0) AND SEE LICENSE IN x")
                .map(license -> new FoundPackage(
                        Kind.RPM, "a", "1", "pkg:rpm/fedora/a@1?l=" + license.length(), license, "Fedora", "x"))
                .toList();
        return Stream.of(
                few,
                new Inventory(few.distribution(), List.of(), List.of()),
                new Inventory(new Inventory.Distribution("", "", ""), licensed, List.of("/x: a \"broken\"\nfile")));
    }

    private static List<String> spdx(String json) throws Exception {
        MultiFormatStore store = new MultiFormatStore(new InMemSpdxStore(), MultiFormatStore.Format.JSON);
        String uri = store.deSerialize(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), true);
        return new org.spdx.library.model.SpdxDocument(store, uri, null, false).verify();
    }

    @ParameterizedTest
    @MethodSource("inventories")
    void spdx(Inventory inventory) throws Exception {
        String json =
                SpdxDocument.of(inventory, "sbom", Instant.EPOCH, "jbuild-1.0").json();
        assertThat(spdx(json)).isEmpty();
        assertThat(spdx(json.replace("\"Tool: jbuild-1.0\"", "\"nobody\""))).isNotEmpty();
    }

    private static List<?> cycloneDx(String json) throws Exception {
        return new JsonParser().validate(json.getBytes(StandardCharsets.UTF_8), Version.VERSION_16);
    }

    @ParameterizedTest
    @MethodSource("inventories")
    void cycloneDx(Inventory inventory) throws Exception {
        String json = CycloneDxDocument.of(inventory, "sbom", Instant.EPOCH, "jbuild-1.0")
                .json();
        assertThat(cycloneDx(json)).isEmpty();
        assertThat(cycloneDx(json.replace("\"container\"", "\"barrel\""))).isNotEmpty();
    }
}
