package dev.jbuild.cli.explore;

import dev.jbuild.cli.template.Values;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.OciFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One image in the `manifest.json` of an archive that `docker save` writes.
///
/// @param config the file with its configuration
/// @param tags its names; nobody checked whether they are names
/// @param layers the files with its layers, the lowest first
public record DockerManifest(String config, List<String> tags, List<String> layers) {
    /// The name of the document in the archive.
    public static final String FILE = "manifest.json";

    private static final int MOST_IMAGES = 1000;
    private static final int MOST_LAYERS = 1000;

    public DockerManifest {
        tags = List.copyOf(tags);
        layers = List.copyOf(layers);
    }

    /// Reads the document.
    public static List<DockerManifest> read(byte[] json) throws OciFormatException {
        List<DockerManifest> images = new ArrayList<>();
        for (Object entry : list(parsed(json), "")) {
            String at = "[" + images.size() + "].";
            if (!(entry instanceof Map<?, ?> image)) {
                throw wrong("", "it is no list of objects");
            }
            Object tags = image.get("RepoTags");
            images.add(new DockerManifest(
                    text(image.get("Config"), at + "Config"),
                    texts(tags == null ? List.of() : tags, at + "RepoTags"),
                    texts(image.get("Layers"), at + "Layers")));
            if (images.size() > MOST_IMAGES) {
                throw wrong("", "it has more than " + MOST_IMAGES + " images");
            }
        }
        return images;
    }

    /// Whether the image's configuration, once it was read, can be that of these layers.
    public void check(ImageConfig read) throws OciFormatException {
        if (layers.size() != read.diffIds().size() || layers.size() > MOST_LAYERS) {
            throw wrong(
                    "Layers",
                    "it has " + layers.size() + " layers, and the configuration has "
                            + read.diffIds().size());
        }
    }

    private static @Nullable Object parsed(byte[] json) throws OciFormatException {
        try {
            return Values.read(json);
        } catch (IOException e) {
            throw new OciFormatException(FILE, "", "it is not JSON: " + e.getMessage(), e);
        }
    }

    private static List<String> texts(@Nullable Object value, String field) throws OciFormatException {
        List<String> texts = new ArrayList<>();
        for (Object each : list(value, field)) {
            texts.add(text(each, field));
        }
        return texts;
    }

    private static List<?> list(@Nullable Object value, String field) throws OciFormatException {
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrong(field, "it is not a list");
    }

    private static String text(@Nullable Object value, String field) throws OciFormatException {
        if (value instanceof String text) {
            return text;
        }
        throw wrong(field, "it is not a string");
    }

    private static OciFormatException wrong(String field, String problem) {
        return new OciFormatException(FILE, field, problem, null);
    }
}
