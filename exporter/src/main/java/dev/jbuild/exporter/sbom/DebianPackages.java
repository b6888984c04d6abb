package dev.jbuild.exporter.sbom;

import dev.jbuild.exporter.sbom.FoundPackage.Kind;
import dev.jbuild.exporter.sbom.Inventory.Distribution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads dpkg's `status`, and the files of `status.d` that images without dpkg have.
final class DebianPackages {
    private DebianPackages() {}

    static List<FoundPackage> read(byte[] content, Distribution distribution, String path) {
        List<FoundPackage> packages = new ArrayList<>();
        String namespace = distribution.id().isEmpty() ? "debian" : distribution.id();
        for (Map<String, String> stanza : Stanzas.read(content)) {
            String name = stanza.getOrDefault("Package", "");
            // `deinstall ok config-files` is what is left of a package that is gone.
            String status = stanza.getOrDefault("Status", "install ok installed");
            if (name.isEmpty() || !status.endsWith(" installed")) {
                continue;
            }
            String version = stanza.getOrDefault("Version", "");
            Map<String, String> qualifiers = new HashMap<>();
            qualifiers.put("arch", stanza.getOrDefault("Architecture", ""));
            qualifiers.put("distro", distribution.qualifier());
            qualifiers.put("upstream", upstream(stanza.getOrDefault("Source", ""), version));
            packages.add(new FoundPackage(
                    Kind.DEB,
                    name,
                    version,
                    PackageUrl.of("deb", namespace, name, version, qualifiers),
                    "",
                    stanza.getOrDefault("Maintainer", ""),
                    path));
        }
        return packages;
    }

    // `Source: NAME (VERSION)`, where the version may be left out.
    private static String upstream(String source, String version) {
        int bracket = source.indexOf(" (");
        if (bracket < 0) {
            return source;
        }
        String other = source.substring(bracket + 2).replace(")", "");
        return source.substring(0, bracket) + (other.equals(version) ? "" : "@" + other);
    }
}
