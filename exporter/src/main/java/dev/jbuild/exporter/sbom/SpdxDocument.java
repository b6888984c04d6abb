package dev.jbuild.exporter.sbom;

import dev.jbuild.exporter.attestation.JsonTree;
import dev.jbuild.exporter.attestation.Predicate;
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

/// A list of packages as SPDX 2.3. The same packages give the same bytes.
public final class SpdxDocument {
    private static final String DOCUMENT = "SPDXRef-DOCUMENT";
    private static final String ROOT = "SPDXRef-RootFileSystem";
    private static final String UNKNOWN = "NOASSERTION";
    private static final int HASH_LENGTH = 12;

    private SpdxDocument() {}

    /// The list as a predicate.
    ///
    /// @param name of what was looked into; `sbom` for the image itself
    /// @param created the time that stands in it
    /// @param tool the name and version of this program
    public static Predicate of(Inventory inventory, String name, Instant created, String tool) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("spdxVersion", "SPDX-2.3");
        document.put("dataLicense", "CC0-1.0");
        document.put("SPDXID", DOCUMENT);
        document.put("name", name);
        document.put("documentNamespace", "urn:uuid:" + inventory.uuid(name));
        Map<String, Object> creation = new LinkedHashMap<>();
        creation.put("created", created.truncatedTo(ChronoUnit.SECONDS).toString());
        creation.put("creators", List.of("Tool: " + tool));
        document.put("creationInfo", creation);
        List<Object> packages = new ArrayList<>();
        List<Object> relationships = new ArrayList<>();
        packages.add(root(inventory, name));
        relationships.add(relationship(DOCUMENT, "DESCRIBES", ROOT));
        Set<String> ids = new HashSet<>();
        for (FoundPackage found : inventory.packages()) {
            String id = id(found);
            if (ids.add(id)) {
                packages.add(found(found, id));
                relationships.add(relationship(ROOT, "CONTAINS", id));
            }
        }
        document.put("packages", packages);
        document.put("relationships", relationships);
        String json = new String(JsonTree.write(document), StandardCharsets.UTF_8);
        return new Predicate(Predicate.SPDX, name + ".spdx.json", false, json);
    }

    private static Map<String, Object> root(Inventory inventory, String name) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("SPDXID", ROOT);
        root.put(
                "name",
                inventory.distribution().name().isEmpty()
                        ? name
                        : inventory.distribution().name());
        root.put("versionInfo", inventory.distribution().version());
        root.put("downloadLocation", UNKNOWN);
        root.put("filesAnalyzed", false);
        root.put("licenseConcluded", UNKNOWN);
        root.put("licenseDeclared", UNKNOWN);
        root.put("copyrightText", UNKNOWN);
        root.put("primaryPackagePurpose", "CONTAINER");
        if (!inventory.warnings().isEmpty()) {
            root.put("comment", String.join("\n", inventory.warnings()));
        }
        return root;
    }

    private static Map<String, Object> found(FoundPackage found, String id) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("SPDXID", id);
        tree.put("name", found.name());
        tree.put("versionInfo", found.version());
        tree.put("supplier", supplier(found.supplier()));
        tree.put("downloadLocation", UNKNOWN);
        tree.put("filesAnalyzed", false);
        tree.put("sourceInfo", "found in /" + found.foundIn());
        tree.put("licenseConcluded", UNKNOWN);
        boolean expression = Licenses.isExpression(found.license());
        tree.put("licenseDeclared", expression ? found.license() : UNKNOWN);
        tree.put("licenseComments", expression || found.license().isEmpty() ? "" : "declared as: " + found.license());
        tree.put("copyrightText", UNKNOWN);
        Map<String, Object> reference = new LinkedHashMap<>();
        reference.put("referenceCategory", "PACKAGE-MANAGER");
        reference.put("referenceType", "purl");
        reference.put("referenceLocator", found.purl());
        tree.put("externalRefs", List.of(reference));
        return tree;
    }

    // `NAME <MAIL>` there is `Person: NAME (MAIL)` here.
    private static String supplier(String written) {
        if (written.isEmpty()) {
            return UNKNOWN;
        }
        int bracket = written.indexOf(" <");
        String name = bracket < 0 ? written : written.substring(0, bracket);
        String mail = bracket < 0 ? "" : written.substring(bracket + 2).replace(">", "");
        String kind = mail.isEmpty() ? "Organization" : "Person";
        return (kind + ": " + name.replace("(", "[").replace(")", "]") + (mail.isEmpty() ? "" : " (" + mail + ")"))
                .replaceAll("\\s+", " ");
    }

    private static Map<String, Object> relationship(String from, String type, String to) {
        Map<String, Object> relationship = new LinkedHashMap<>();
        relationship.put("spdxElementId", from);
        relationship.put("relationshipType", type);
        relationship.put("relatedSpdxElement", to);
        return relationship;
    }

    // Letters, digits, dots and hyphens are all that an ID may have.
    private static String id(FoundPackage found) {
        String hash =
                Digest.of(found.toString().getBytes(StandardCharsets.UTF_8)).hex();
        return "SPDXRef-" + found.kind().name().toLowerCase(java.util.Locale.ROOT) + "-"
                + found.name().replaceAll("[^A-Za-z0-9.-]", "-") + "-" + hash.substring(0, HASH_LENGTH);
    }
}
