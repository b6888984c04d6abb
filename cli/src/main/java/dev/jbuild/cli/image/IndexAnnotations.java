package dev.jbuild.cli.image;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What `--annotation` adds to an index and to the descriptors in it:
/// `[index|manifest-descriptor[PLATFORM]:]KEY=VALUE`.
final class IndexAnnotations {
    private static final Pattern WORD = Pattern.compile(
            "(?:(index|manifest-descriptor|manifest|index-descriptor)(?:\\[([^]]*)])?:)?([^=]+)=(.*)", Pattern.DOTALL);

    private final Map<String, String> index = new TreeMap<>();
    private final List<OfManifest> manifests = new ArrayList<>();

    private record OfManifest(@Nullable Platform platform, String key, String value) {}

    IndexAnnotations(List<String> words) {
        words.forEach(this::add);
    }

    private void add(String word) {
        Matcher matcher = WORD.matcher(word);
        if (!matcher.matches()) {
            throw new UsageException("--annotation " + word + ": expected [index|manifest-descriptor:]KEY=VALUE");
        }
        String level = matcher.group(1) == null ? "index" : matcher.group(1);
        String platform = matcher.group(2);
        switch (level) {
            case "index" -> {
                if (platform != null) {
                    throw new UsageException("--annotation " + word + ": an index is for no single platform");
                }
                index.put(matcher.group(3), matcher.group(4));
            }
            case "manifest-descriptor" ->
                manifests.add(new OfManifest(
                        platform == null ? null : LocalImage.parsePlatform(platform),
                        matcher.group(3),
                        matcher.group(4)));
            default ->
                throw new UsageException("--annotation " + word + ": a " + level
                        + " exists already and cannot be changed; annotate the index or a manifest-descriptor");
        }
    }

    boolean isEmpty() {
        return index.isEmpty() && manifests.isEmpty();
    }

    /// Those of the index, over those it had.
    Map<String, String> ofIndex(Map<String, String> before) {
        Map<String, String> all = new TreeMap<>(before);
        all.putAll(index);
        return all;
    }

    Descriptor annotated(Descriptor manifest) {
        Map<String, String> all = new TreeMap<>(manifest.annotations());
        for (OfManifest annotation : manifests) {
            if (annotation.platform() == null
                    ? LocalImage.isImage(manifest)
                    : annotation.platform().equals(manifest.platform())) {
                all.put(annotation.key(), annotation.value());
            }
        }
        return manifest.withAnnotations(all);
    }
}
