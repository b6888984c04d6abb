package dev.jbuild.exporter.attestation;

/// What is said of an artifact, without the artifact.
///
/// @param type the URI that says what the JSON means
/// @param file the name under which it is written beside files that are no image, such as `provenance.json`
/// @param inlineOnly whether it belongs into images only, and not beside files
/// @param json one JSON object
public record Predicate(String type, String file, boolean inlineOnly, String json) {
    public static final String SLSA_1 = "https://slsa.dev/provenance/v1";
    public static final String SLSA_02 = "https://slsa.dev/provenance/v0.2";
    public static final String SPDX = "https://spdx.dev/Document";
    public static final String CYCLONEDX = "https://cyclonedx.org/bom";

    public Predicate {
        if (type.isEmpty() || file.isEmpty() || file.indexOf('/') >= 0 || file.startsWith(".")) {
            throw new IllegalArgumentException("not a predicate: " + type + " in \"" + file + '"');
        }
    }

    /// Whether this is provenance rather than a list of packages.
    public boolean isProvenance() {
        return type.equals(SLSA_1) || type.equals(SLSA_02);
    }
}
