package dev.jbuild.exporter;

import dev.jbuild.layerstore.oci.Platform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A note that an image carries, as `--annotation index:org.opencontainers.image.title=demo` asks for it.
///
/// @param platform the only platform it is for; null means every one
public record Annotation(Level level, @Nullable Platform platform, String key, String value) {
    /// Which document carries an annotation.
    public enum Level {
        MANIFEST,
        INDEX,
        MANIFEST_DESCRIPTOR,
        INDEX_DESCRIPTOR;

        private String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Level parse(String text) {
            return Arrays.stream(values())
                    .filter(level -> level.text().equals(text))
                    .findFirst()
                    .orElseThrow(() -> ExportException.usage("unknown annotation level \"" + text + "\"; there are "
                            + Arrays.stream(values()).map(Level::text).collect(Collectors.joining(", "))));
        }
    }

    public Annotation {
        if (key.isEmpty()) {
            throw ExportException.usage("an annotation needs a key before its \"=\"");
        }
    }

    /// Parses the value of `--annotation`: `[LEVEL[\[PLATFORM\]],…:]KEY=VALUE`, one annotation for each level.
    public static List<Annotation> parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw ExportException.usage("invalid annotation \"" + text + "\"; expected KEY=VALUE");
        }
        String key = text.substring(0, equals);
        String value = text.substring(equals + 1);
        int colon = key.indexOf(':');
        if (colon < 0) {
            return List.of(new Annotation(Level.MANIFEST, null, key, value));
        }
        List<Annotation> annotations = new ArrayList<>();
        for (String where : key.substring(0, colon).split(",", -1)) {
            annotations.add(at(where, key.substring(colon + 1), value));
        }
        return annotations;
    }

    /// Parses an exporter option whose name is `annotation[-LEVEL][\[PLATFORM\]].KEY`, without the word `annotation`.
    static Annotation parseOption(String rest, String value) {
        int bracket = rest.indexOf('[');
        int dot = rest.indexOf('.', bracket >= 0 && bracket < rest.indexOf('.') ? rest.indexOf(']') + 1 : 0);
        if (dot < 0) {
            throw ExportException.usage(
                    "invalid output option \"annotation" + rest + "\"; expected annotation[-LEVEL].KEY=VALUE");
        }
        String where = rest.substring(0, dot);
        if (where.startsWith("-")) {
            where = where.substring(1);
        } else {
            where = "manifest" + where;
        }
        return at(where, rest.substring(dot + 1), value);
    }

    private static Annotation at(String where, String key, String value) {
        int bracket = where.indexOf('[');
        if (bracket < 0) {
            return new Annotation(Level.parse(where), null, key, value);
        }
        if (!where.endsWith("]")) {
            throw ExportException.usage("annotation level \"" + where + "\" has no closing bracket");
        }
        try {
            Platform platform = Platform.parse(where.substring(bracket + 1, where.length() - 1));
            return new Annotation(Level.parse(where.substring(0, bracket)), platform, key, value);
        } catch (IllegalArgumentException e) {
            throw ExportException.usage("annotation level \"" + where + "\": " + e.getMessage());
        }
    }

    boolean isFor(Level wanted, @Nullable Platform of) {
        return level == wanted && (platform == null || of == null || platform.equals(of));
    }
}
