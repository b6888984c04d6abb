package dev.jbuild.exporter.sbom;

import dev.jbuild.exporter.sbom.FoundPackage.Kind;
import dev.jbuild.exporter.sbom.Inventory.Distribution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads apk's `installed`.
final class AlpinePackages {
    private AlpinePackages() {}

    static List<FoundPackage> read(byte[] content, Distribution distribution, String path) {
        List<FoundPackage> packages = new ArrayList<>();
        String namespace = distribution.id().isEmpty() ? "alpine" : distribution.id();
        for (Map<String, String> stanza : Stanzas.read(content)) {
            String name = stanza.getOrDefault("P", "");
            if (name.isEmpty()) {
                continue;
            }
            String version = stanza.getOrDefault("V", "");
            String origin = stanza.getOrDefault("o", "");
            Map<String, String> qualifiers = new HashMap<>();
            qualifiers.put("arch", stanza.getOrDefault("A", ""));
            qualifiers.put("distro", distribution.qualifier());
            qualifiers.put("upstream", origin.equals(name) ? "" : origin);
            packages.add(new FoundPackage(
                    Kind.APK,
                    name,
                    version,
                    PackageUrl.of("apk", namespace, name, version, qualifiers),
                    stanza.getOrDefault("L", ""),
                    stanza.getOrDefault("m", ""),
                    path));
        }
        return packages;
    }
}
