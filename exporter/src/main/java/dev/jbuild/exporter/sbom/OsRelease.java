package dev.jbuild.exporter.sbom;

import dev.jbuild.exporter.sbom.Inventory.Distribution;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Reads `os-release`: lines of shell variables.
final class OsRelease {
    private OsRelease() {}

    static Distribution read(byte[] content) {
        Map<String, String> values = new HashMap<>();
        for (String line : new String(content, StandardCharsets.UTF_8).split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                String value = line.substring(equals + 1).strip();
                boolean quoted = value.length() > 1
                        && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                        && value.charAt(value.length() - 1) == value.charAt(0);
                values.put(line.substring(0, equals).strip(), quoted ? value.substring(1, value.length() - 1) : value);
            }
        }
        String id = values.getOrDefault("ID", "");
        return new Distribution(id, values.getOrDefault("VERSION_ID", ""), values.getOrDefault("PRETTY_NAME", id));
    }
}
