package dev.jbuild.exporter.sbom;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// Writes package URLs, `pkg:TYPE/NAMESPACE/NAME@VERSION?QUALIFIERS`.
final class PackageUrl {
    private PackageUrl() {}

    /// The URL of one package.
    ///
    /// @param namespace with slashes between its parts, empty if there is none
    /// @param qualifiers those that are empty are left out
    static String of(String type, String namespace, String name, String version, Map<String, String> qualifiers) {
        StringBuilder url = new StringBuilder("pkg:").append(type).append('/');
        if (!namespace.isEmpty()) {
            for (String part : namespace.split("/")) {
                if (!part.isEmpty()) {
                    url.append(encoded(part)).append('/');
                }
            }
        }
        url.append(encoded(name));
        if (!version.isEmpty()) {
            url.append('@').append(encoded(version));
        }
        char separator = '?';
        for (Map.Entry<String, String> qualifier : new TreeMap<>(qualifiers).entrySet()) {
            if (!qualifier.getValue().isEmpty()) {
                url.append(separator).append(qualifier.getKey()).append('=').append(encoded(qualifier.getValue()));
                separator = '&';
            }
        }
        return url.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%3A", ":")
                .replace("%7E", "~")
                .replace("*", "%2A");
    }
}
