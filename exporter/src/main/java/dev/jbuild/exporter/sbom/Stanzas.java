package dev.jbuild.exporter.sbom;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Groups of lines `NAME:VALUE` with an empty line between them, as dpkg and apk keep them. Of a value in several lines
/// the first counts.
final class Stanzas {
    private Stanzas() {}

    static List<Map<String, String>> read(byte[] content) {
        List<Map<String, String>> stanzas = new ArrayList<>();
        Map<String, String> stanza = new HashMap<>();
        for (String line : new String(content, StandardCharsets.UTF_8).split("\n", -1)) {
            if (line.isBlank()) {
                if (!stanza.isEmpty()) {
                    stanzas.add(stanza);
                    stanza = new HashMap<>();
                }
                continue;
            }
            int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != ' ' && line.charAt(0) != '\t') {
                stanza.putIfAbsent(
                        line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        if (!stanza.isEmpty()) {
            stanzas.add(stanza);
        }
        return stanzas;
    }
}
