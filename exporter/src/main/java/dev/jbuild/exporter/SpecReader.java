package dev.jbuild.exporter;

import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.oci.ImageReference;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the value of one `--output`.
final class SpecReader {
    private static final List<String> TYPES =
            List.of("image", "registry", "oci", "docker", "local", "tar", "cacheonly");
    private static final List<String> IMAGE_KEYS = List.of(
            "name",
            "compression",
            "compression-level",
            "force-compression",
            "oci-mediatypes",
            "rewrite-timestamp",
            "source-date-epoch",
            "prefer-nondist-layers",
            "prefer-image-digest",
            "attestation-inline",
            "oci-artifact",
            "compatibility-version");
    // Known from BuildKit. This builder has one way to write images, and no older one to go back to.
    private static final String COMPATIBILITY = "compatibility-version";

    private static final String PREFIX = "attestation-prefix";
    private static final String DANGLING = "dangling-name-prefix";
    // So it is spelled elsewhere.
    private static final String DANGLING_ONLY = "danging-name-empty-only";

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
            return new ExportSpec.Tar(new Destination.Stdout(), ExportSpec.PlatformSplit.AUTO, "");
        }
        List<String> fields = CsvLine.fields(text);
        // A text without options is a directory, whatever else it looks like.
        if (fields.equals(List.of(text)) && !text.startsWith("type=")) {
            return new ExportSpec.Local(path(text), ExportSpec.PlatformSplit.AUTO, ExportSpec.Mode.COPY, "");
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
            case "docker" -> docker(type);
            case "local" -> {
                only(type, false, "dest", "platform-split", "mode", PREFIX);
                yield new ExportSpec.Local(directory(type), split(), mode(), prefix());
            }
            case "tar" -> {
                only(type, false, "dest", "platform-split", PREFIX);
                yield new ExportSpec.Tar(destination(), split(), prefix());
            }
            case "cacheonly" -> {
                only(type, false);
                yield new ExportSpec.CacheOnly();
            }
            default -> throw fail("there is no type \"" + type + "\"" + Spelling.suggestion(type, TYPES));
        };
    }

    private ExportSpec image(String type, boolean store, boolean push) {
        only(
                type,
                true,
                "store",
                "unpack",
                "push",
                "push-by-digest",
                "name-canonical",
                "registry.insecure",
                DANGLING,
                DANGLING_ONLY);
        // Every image's snapshots are there after a build, so there is nothing more to unpack.
        bool("unpack", true);
        ExportSpec.Push how =
                new ExportSpec.Push(push, bool("push-by-digest", false), bool("registry.insecure", false));
        ExportSpec.Naming naming =
                new ExportSpec.Naming(bool("name-canonical", false), dangling(), bool(DANGLING_ONLY, false));
        return new ExportSpec.Image(imageOptions(true), store, naming, how);
    }

    private @Nullable String dangling() {
        String prefix = values.getOrDefault(DANGLING, "");
        if (prefix.isEmpty()) {
            return null;
        }
        if (prefix.indexOf(':', prefix.lastIndexOf('/') + 1) >= 0 || prefix.contains("@")) {
            throw fail(DANGLING + " is a name without a tag or a digest, not \"" + prefix + '"');
        }
        return reference(prefix).name();
    }

    private ExportSpec docker(String type) {
        only(type, true, "dest", "tar", "context");
        if (!bool("tar", true)) {
            throw fail("type=docker is always an archive; type=oci,tar=false writes a directory");
        }
        String context = values.getOrDefault("context", "");
        if (!values.containsKey("dest")) {
            return new ExportSpec.DockerLoad(context.isEmpty() ? null : context, imageOptions(false));
        }
        if (!context.isEmpty()) {
            throw fail(
                    "context is where to load the image, and dest is a file to write instead; leave one of them out");
        }
        return new ExportSpec.DockerArchive(destination(), imageOptions(false));
    }

    private String prefix() {
        String prefix = values.getOrDefault(PREFIX, "");
        if (prefix.contains("/") || prefix.contains("\0")) {
            throw fail(PREFIX + " is the beginning of file names and has no \"/\" in it: \"" + prefix + '"');
        }
        return prefix;
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
                throw fail("type=" + type + " has no option \"" + key + "\"" + Spelling.suggestion(key, known));
            }
        }
    }

    private ImageOptions imageOptions(boolean ociMediaTypes) {
        Compression compression = Compression.ofWord(values.getOrDefault("compression", Compression.GZIP.word()))
                .orElseThrow(() -> fail("there is no compression \"" + values.get("compression") + '"'
                        + Spelling.suggestion(values.getOrDefault("compression", ""), Compression.words())));
        if (values.containsKey(COMPATIBILITY)) {
            throw fail(COMPATIBILITY + " asks for images as older versions of BuildKit wrote them, which jbuild never"
                    + " did; say what you need with oci-mediatypes=, oci-artifact= and rewrite-timestamp=");
        }
        // Docker's media types have no zstd that others read, and Docker's manifests no annotations.
        boolean onlyOci = compression == Compression.ZSTD || compression == Compression.ESTARGZ;
        boolean oci = bool("oci-mediatypes", ociMediaTypes) || onlyOci;
        return new ImageOptions(
                names(),
                new ImageOptions.Layers(
                        compression,
                        level(compression),
                        bool("force-compression", false),
                        bool("rewrite-timestamp", true),
                        bool("prefer-nondist-layers", false)),
                oci,
                epoch(),
                bool("prefer-image-digest", false),
                new ImageOptions.Attestations(bool("attestation-inline", true), bool("oci-artifact", false)),
                annotations);
    }

    private int level(Compression compression) {
        String text = values.get("compression-level");
        if (text == null) {
            return Compression.DEFAULT_LEVEL;
        }
        try {
            int level = Integer.parseInt(text);
            // -1 is our word for the default, and nobody else's.
            if (level < 0) {
                throw fail("compression-level is not negative: \"" + text + '"');
            }
            compression.checkLevel(level);
            return level;
        } catch (NumberFormatException e) {
            throw fail("compression-level is not a number: \"" + text + '"');
        } catch (IllegalArgumentException e) {
            throw fail(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Instant epoch() {
        String text = values.getOrDefault("source-date-epoch", "");
        if (text.isEmpty()) {
            return null;
        }
        if (!text.matches("[0-9]{1,12}")) {
            throw fail("source-date-epoch is a number of seconds since 1970, not \"" + text + '"');
        }
        return Instant.ofEpochSecond(Long.parseLong(text));
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
        ImageReference reference = reference(name);
        if (reference.digest() != null) {
            throw ExportException.usage("\"" + name + "\" cannot name the result of a build: it has a digest");
        }
        return reference.toString();
    }

    private static ImageReference reference(String name) {
        try {
            return ImageReference.parse(name);
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
