package dev.jbuild.exporter.sbom;

import dev.jbuild.exporter.attestation.JsonTree;
import dev.jbuild.exporter.attestation.Predicate;
import dev.jbuild.exporter.sbom.Inventory.Distribution;
import dev.jbuild.layerstore.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A list of packages as CycloneDX 1.6. The same packages give the same bytes.
public final class CycloneDxDocument {
    private static final int HASH_LENGTH = 16;

    private CycloneDxDocument() {}

    /// The list as a predicate.
    ///
    /// @param name of what was looked into; `sbom` for the image itself
    /// @param created the time that stands in it
    /// @param tool the name of this program, a hyphen and its version
    public static Predicate of(Inventory inventory, String name, Instant created, String tool) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("bomFormat", "CycloneDX");
        document.put("specVersion", "1.6");
        document.put("serialNumber", "urn:uuid:" + inventory.uuid(name));
        document.put("version", 1);
        document.put("metadata", metadata(name, created, tool));
        List<Object> components = new ArrayList<>();
        if (!inventory.distribution().id().isEmpty()) {
            components.add(distribution(inventory.distribution()));
        }
        Set<String> references = new HashSet<>();
        for (FoundPackage found : inventory.packages()) {
            Map<String, Object> component = component(found);
            if (references.add(String.valueOf(component.get("bom-ref")))) {
                components.add(component);
            }
        }
        document.put("components", components);
        String json = new String(JsonTree.write(document), StandardCharsets.UTF_8);
        return new Predicate(Predicate.CYCLONEDX, name + ".cdx.json", false, json);
    }

    private static Map<String, Object> metadata(String name, Instant created, String tool) {
        int hyphen = tool.lastIndexOf('-');
        Map<String, Object> program = new LinkedHashMap<>();
        program.put("type", "application");
        program.put("name", tool.substring(0, hyphen));
        program.put("version", tool.substring(hyphen + 1));
        Map<String, Object> subject = new LinkedHashMap<>();
        subject.put("type", "container");
        subject.put("bom-ref", "root");
        subject.put("name", name);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("timestamp", created.truncatedTo(ChronoUnit.SECONDS).toString());
        metadata.put("tools", Map.of("components", List.of(program)));
        metadata.put("component", subject);
        return metadata;
    }

    private static Map<String, Object> distribution(Distribution distribution) {
        Map<String, Object> system = new LinkedHashMap<>();
        system.put("type", "operating-system");
        system.put("bom-ref", "os");
        system.put("name", distribution.id());
        system.put("version", distribution.version());
        system.put("description", distribution.name());
        return system;
    }

    private static Map<String, Object> component(FoundPackage found) {
        String hash =
                Digest.of(found.toString().getBytes(StandardCharsets.UTF_8)).hex();
        Map<String, Object> component = new LinkedHashMap<>();
        component.put("type", "library");
        component.put("bom-ref", found.purl() + "#" + hash.substring(0, HASH_LENGTH));
        component.put("publisher", found.supplier());
        if (found.kind() == FoundPackage.Kind.MAVEN && found.name().indexOf(':') > 0) {
            component.put("group", found.name().substring(0, found.name().indexOf(':')));
        }
        component.put("name", found.name().substring(found.name().indexOf(':') + 1));
        component.put("version", found.version());
        if (Licenses.isExpression(found.license())) {
            component.put("licenses", List.of(Map.of("expression", found.license())));
        } else if (!found.license().isEmpty()) {
            component.put("licenses", List.of(Map.of("license", Map.of("name", found.license()))));
        }
        component.put("purl", found.purl());
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("name", "jbuild:found-in");
        place.put("value", "/" + found.foundIn());
        component.put("properties", List.of(place));
        return component;
    }
}
