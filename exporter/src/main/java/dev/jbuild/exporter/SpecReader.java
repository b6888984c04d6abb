package dev.jbuild.exporter;

import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.oci.ImageReference;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads the value of one `--output`.
final class SpecReader {
    private static final List<String> TYPES =
            List.of("image", "registry", "oci", "docker", "local", "tar", "cacheonly");
    private static final List<String> IMAGE_KEYS = List.of(
            "name", "compression", "compression-level", "force-compression", "oci-mediatypes", "rewrite-timestamp");
    // Known from other builders; the message for these says that the option is real and only missing here.
    private static final List<String> MISSING_KEYS = List.of(
            "registry.insecure",
            "dangling-name-prefix",
            "danging-name-empty-only",
            "prefer-nondist-layers",
            "prefer-image-digest",
            "source-date-epoch",
            "oci-artifact",
            "attestation-inline",
            "attestation-prefix",
            "compatibility-version",
            "context");

    private final String text;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<Annotation> annotations = new ArrayList<>();

    private SpecReader(String text) {
        this.text = text;
    }

    static ExportSpec read(String text) {
        if (text.isEmpty()) {
            throw ExportException.usage("--output is empty; give it a directory or type=…");
        }
        if (text.equals("-")) {
            return new ExportSpec.Tar(new Destination.Stdout(), ExportSpec.PlatformSplit.AUTO);
        }
        List<String> fields = CsvLine.fields(text);
        // A text without options is a directory, whatever else it looks like.
        if (fields.equals(List.of(text)) && !text.startsWith("type=")) {
            return new ExportSpec.Local(path(text), ExportSpec.PlatformSplit.AUTO, ExportSpec.Mode.COPY);
        }
        SpecReader reader = new SpecReader(text);
        fields.forEach(reader::add);
        return reader.spec();
    }

    private void add(String field) {
        int equals = field.indexOf('=');
        if (equals < 0) {
            throw fail("\"" + field + "\" is not KEY=VALUE");
        }
        String key = field.substring(0, equals).strip();
        String value = field.substring(equals + 1);
        if (key.startsWith("annotation.") || key.startsWith("annotation-") || key.startsWith("annotation[")) {
            if (!key.startsWith("annotation-inline") && !key.startsWith("annotation-prefix")) {
                annotations.add(Annotation.parseOption(key.substring("annotation".length()), value));
                return;
            }
        }
        values.put(key.toLowerCase(Locale.ROOT), value);
    }

    private ExportSpec spec() {
        String type = values.remove("type");
        if (type == null) {
            throw fail("it has no type; begin it with type=" + String.join(", type=", TYPES));
        }
        return switch (type) {
            case "image" -> image(type, bool("store", true), bool("push", false));
            case "registry" -> image(type, bool("store", false), bool("push", true));
            case "oci" -> {
                only(type, true, "dest", "tar");
                if (bool("tar", true)) {
                    yield new ExportSpec.OciArchive(destination(), imageOptions(true));
                }
                yield new ExportSpec.OciLayout(directory(type + ",tar=false"), imageOptions(true));
            }
            case "docker" -> {
                only(type, true, "dest", "tar");
                if (!bool("tar", true)) {
                    throw fail("type=docker is always an archive; type=oci,tar=false writes a directory");
                }
                if (!values.containsKey("dest")) {
                    throw fail("it has no dest; jbuild does not load into an engine by itself. Use dest=FILE, or dest=-"
                            + " and a pipe to docker load or podman load");
                }
                yield new ExportSpec.DockerArchive(destination(), imageOptions(false));
            }
            case "local" -> {
                only(type, false, "dest", "platform-split", "mode");
                yield new ExportSpec.Local(directory(type), split(), mode());
            }
            case "tar" -> {
                only(type, false, "dest", "platform-split");
                yield new ExportSpec.Tar(destination(), split());
            }
            case "cacheonly" -> {
                only(type, false);
                yield new ExportSpec.CacheOnly();
            }
            default -> throw fail("there is no type \"" + type + "\"" + Spelling.suggestion(type, TYPES));
        };
    }

    private ExportSpec image(String type, boolean store, boolean push) {
        only(type, true, "store", "unpack", "push", "push-by-digest", "name-canonical");
        // Every image's snapshots are there after a build, so there is nothing more to unpack.
        bool("unpack", true);
        boolean byDigest = bool("push-by-digest", false);
        ExportSpec.Push how = !push ? ExportSpec.Push.NO : byDigest ? ExportSpec.Push.BY_DIGEST : ExportSpec.Push.TAGS;
        return new ExportSpec.Image(imageOptions(true), store, bool("name-canonical", false), how);
    }

    // Says of every key that this type does not have what to write instead.
    private void only(String type, boolean image, String... keys) {
        List<String> known = new ArrayList<>(List.of(keys));
        if (image) {
            known.addAll(IMAGE_KEYS);
        } else if (!annotations.isEmpty()) {
            throw fail("type=" + type + " is no image and has no annotations");
        }
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw fail(
                        MISSING_KEYS.contains(key)
                                ? "jbuild does not have the option \"" + key + "\" yet"
                                : "type=" + type + " has no option \"" + key + "\"" + Spelling.suggestion(key, known));
            }
        }
    }

    private ImageOptions imageOptions(boolean ociMediaTypes) {
        Compression compression = switch (values.getOrDefault("compression", "gzip")) {
            case "gzip" -> Compression.GZIP;
            case "zstd" -> Compression.ZSTD;
            case "uncompressed" -> Compression.NONE;
            case "estargz" -> throw fail("compression=estargz is not supported; use gzip, zstd or uncompressed");
            case String other ->
                throw fail("there is no compression \"" + other + "\"; use gzip, zstd or uncompressed");
        };
        int level = Compression.DEFAULT_LEVEL;
        String levelText = values.get("compression-level");
        if (levelText != null) {
            try {
                level = Integer.parseInt(levelText);
                compression.checkLevel(level);
            } catch (NumberFormatException e) {
                throw fail("compression-level is not a number: \"" + levelText + '"');
            } catch (IllegalArgumentException e) {
                throw fail(String.valueOf(e.getMessage()));
            }
        }
        // Docker's media types have no zstd that others read.
        boolean oci = bool("oci-mediatypes", ociMediaTypes) || compression == Compression.ZSTD;
        return new ImageOptions(
                names(),
                compression,
                level,
                bool("force-compression", false),
                oci,
                bool("rewrite-timestamp", true),
                annotations);
    }

    private List<String> names() {
        String names = values.getOrDefault("name", "");
        List<String> parsed = new ArrayList<>();
        for (String name : names.isEmpty() ? new String[0] : names.split(",", -1)) {
            parsed.add(imageName(name.strip()));
        }
        return parsed;
    }

    /// A name for an image, spelled out in full.
    static String imageName(String name) {
        try {
            ImageReference reference = ImageReference.parse(name);
            if (reference.digest() != null) {
                throw ExportException.usage("\"" + name + "\" cannot name the result of a build: it has a digest");
            }
            return reference.toString();
        } catch (IllegalArgumentException e) {
            throw ExportException.usage(String.valueOf(e.getMessage()));
        }
    }

    private Destination destination() {
        String dest = values.getOrDefault("dest", "");
        return dest.isEmpty() || dest.equals("-") ? new Destination.Stdout() : new Destination.File(path(dest));
    }

    private Path directory(String type) {
        String dest = values.getOrDefault("dest", "");
        if (dest.isEmpty()) {
            throw fail("type=" + type + " needs a directory, dest=DIR");
        }
        if (dest.equals("-")) {
            throw fail("type=" + type + " cannot be written to standard output; type=tar,dest=- can");
        }
        return path(dest);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw ExportException.usage("not a path: \"" + text + "\": " + e.getReason());
        }
    }

    private ExportSpec.PlatformSplit split() {
        if (!values.containsKey("platform-split")) {
            return ExportSpec.PlatformSplit.AUTO;
        }
        return bool("platform-split", true) ? ExportSpec.PlatformSplit.ALWAYS : ExportSpec.PlatformSplit.NEVER;
    }

    private ExportSpec.Mode mode() {
        return switch (values.getOrDefault("mode", "copy")) {
            case "copy" -> ExportSpec.Mode.COPY;
            case "delete" -> ExportSpec.Mode.DELETE;
            case String other -> throw fail("there is no mode \"" + other + "\"; use copy or delete");
        };
    }

    private boolean bool(String key, boolean otherwise) {
        String value = values.get(key);
        return switch (value) {
            case null -> otherwise;
            case "" -> true;
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw fail(key + " is true or false, not \"" + value + '"');
        };
    }

    private ExportException fail(String message) {
        return ExportException.usage("invalid --output \"" + text + "\": " + message);
    }
}
