package dev.jbuild.cli.attest;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.exporter.attestation.Provenance;
import dev.jbuild.exporter.attestation.Provenance.Mode;
import dev.jbuild.exporter.attestation.Provenance.Version;
import dev.jbuild.parser.source.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `--provenance`, `--sbom` and `--attest` ask for. Nothing, unless they do.
///
/// @param provenance null if none is wanted
/// @param sbom null if none is wanted
public record AttestOptions(
        Provenance.@Nullable Form provenance, @Nullable Sbom sbom) {
    public static final AttestOptions NONE = new AttestOptions(null, null);

    private static final List<String> TYPES = List.of("provenance", "sbom");
    private static final List<String> PROVENANCE_KEYS =
            List.of("mode", "version", "builder-id", "filename", "reproducible", "inline-only", "disabled");
    private static final List<String> SBOM_KEYS = List.of("generator", "format", "disabled");
    private static final String BUILT_IN = "";

    /// A list of packages.
    ///
    /// @param generator the image that makes it, empty for the generator that is built in
    public record Sbom(String generator, Format format) {
        public boolean isBuiltIn() {
            return generator.equals(BUILT_IN);
        }
    }

    public enum Format {
        SPDX,
        CYCLONEDX
    }

    public boolean isEmpty() {
        return provenance == null && sbom == null;
    }

    /// Gives words without a value that of `true`: `--sbom .` is a build of the current directory.
    public static List<String> withValues(List<String> args) {
        List<String> given = new ArrayList<>(args.size());
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            boolean bare = arg.equals("--sbom") || arg.equals("--provenance");
            if (arg.equals("--")) {
                given.addAll(args.subList(i, args.size()));
                return given;
            }
            given.add(bare && !(i + 1 < args.size() && isValue(args.get(i + 1))) ? arg + "=true" : arg);
        }
        return given;
    }

    private static boolean isValue(String word) {
        int equals = word.indexOf('=');
        String key = equals < 0 ? "" : word.substring(0, equals);
        return isTruth(word) != null || PROVENANCE_KEYS.contains(key) || SBOM_KEYS.contains(key);
    }

    /// Understands the values of the options, in the order in which they were given.
    ///
    /// @throws UsageException if a word is not known
    public static AttestOptions parse(List<String> attest, List<String> provenance, List<String> sbom) {
        Map<String, Map<String, String>> asked = new LinkedHashMap<>();
        for (String text : attest) {
            String option = "--attest " + text;
            Map<String, String> keys = keys(option, text);
            String type = keys.remove("type");
            if (type == null) {
                throw new UsageException(option + ": it has no type; expected type=sbom or type=provenance");
            }
            if (!TYPES.contains(type)) {
                throw new UsageException(option + ": there is no type \"" + type + '"' + hint(type, TYPES));
            }
            if (asked.put(type, keys) != null) {
                throw new UsageException(option + ": type=" + type + " was given before; one is enough");
            }
        }
        last(asked, "provenance", provenance);
        last(asked, "sbom", sbom);
        Map<String, String> provenanceKeys = asked.get("provenance");
        Map<String, String> sbomKeys = asked.get("sbom");
        return new AttestOptions(
                provenanceKeys == null ? null : provenance(provenanceKeys), sbomKeys == null ? null : sbom(sbomKeys));
    }

    // The short options have the last word, and the last of them counts.
    private static void last(Map<String, Map<String, String>> asked, String type, List<String> values) {
        if (values.isEmpty()) {
            return;
        }
        String text = values.getLast();
        String option = "--" + type + " " + text;
        Boolean truth = isTruth(text);
        if (truth != null) {
            asked.put(type, truth ? Map.of() : Map.of("disabled", "true"));
            return;
        }
        Map<String, String> keys = keys(option, text);
        String given = keys.remove("type");
        if (given != null && !given.equals(type)) {
            throw new UsageException(option + ": type=" + given + " is another option, --attest");
        }
        asked.put(type, keys);
    }

    private static Map<String, String> keys(String option, String text) {
        Map<String, String> keys = new HashMap<>();
        for (String field : text.split(",", -1)) {
            int equals = field.indexOf('=');
            if (equals < 1) {
                throw new UsageException(option + ": \"" + field + "\" is not KEY=VALUE, true or false");
            }
            keys.put(
                    field.substring(0, equals).strip(),
                    field.substring(equals + 1).strip());
        }
        return keys;
    }

    private static void only(String option, Map<String, String> keys, List<String> known) {
        for (String key : keys.keySet()) {
            if (!known.contains(key)) {
                throw new UsageException(option + ": there is no \"" + key + '"' + hint(key, known));
            }
        }
    }

    private static Provenance.@Nullable Form provenance(Map<String, String> keys) {
        String option = "--provenance";
        only(option, keys, PROVENANCE_KEYS);
        if (truth(option, keys, "disabled")) {
            return null;
        }
        Mode mode = switch (keys.getOrDefault("mode", "min")) {
            case "min" -> Mode.MIN;
            case "max" -> Mode.MAX;
            case String other -> throw unknown(option, "mode", other, List.of("min", "max"));
        };
        Version version = switch (keys.getOrDefault("version", "v1")) {
            case "v1" -> Version.V1;
            case "v0.2" -> Version.V02;
            case String other -> throw unknown(option, "version", other, List.of("v1", "v0.2"));
        };
        String file = keys.getOrDefault("filename", Provenance.Form.FILE);
        if (file.isEmpty() || file.indexOf('/') >= 0 || file.startsWith(".")) {
            throw new UsageException(
                    option + " filename=" + file + ": expected the name of a file, such as " + Provenance.Form.FILE);
        }
        return new Provenance.Form(
                mode,
                version,
                keys.getOrDefault("builder-id", ""),
                truth(option, keys, "reproducible"),
                truth(option, keys, "inline-only"),
                file);
    }

    private static @Nullable Sbom sbom(Map<String, String> keys) {
        String option = "--sbom";
        only(option, keys, SBOM_KEYS);
        if (truth(option, keys, "disabled")) {
            return null;
        }
        String generator = keys.getOrDefault("generator", BUILT_IN);
        Format format = switch (keys.getOrDefault("format", "spdx")) {
            case "spdx" -> Format.SPDX;
            case "cyclonedx" -> Format.CYCLONEDX;
            case String other -> throw unknown(option, "format", other, List.of("spdx", "cyclonedx"));
        };
        if (!generator.equals(BUILT_IN) && format != Format.SPDX) {
            throw new UsageException(
                    option + ": a generator image writes SPDX; format= is for the generator that is built in");
        }
        return new Sbom(generator, format);
    }

    private static UsageException unknown(String option, String key, String value, List<String> known) {
        return new UsageException(
                option + " " + key + "=" + value + ": expected " + String.join(" or ", known) + hint(value, known));
    }

    private static String hint(String word, List<String> known) {
        String near = Suggestion.didYouMean(word, known);
        return near == null ? "; there are " + String.join(", ", known) : "; " + near;
    }

    private static boolean truth(String option, Map<String, String> keys, String key) {
        String value = keys.get(key);
        if (value == null) {
            return false;
        }
        Boolean truth = isTruth(value);
        if (truth == null) {
            throw new UsageException(option + " " + key + "=" + value + ": expected true or false");
        }
        return truth;
    }

    private static @Nullable Boolean isTruth(String word) {
        return switch (word) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> null;
        };
    }
}
