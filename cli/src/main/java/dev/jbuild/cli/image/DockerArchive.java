package dev.jbuild.cli.image;

import dev.jbuild.cli.template.Values;
import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Understands the `manifest.json` of a docker archive whose files are in the content store. The archive has no
/// manifests of images, so that they are made: with Docker's media types, and each layer as it came.
final class DockerArchive {
    private static final int MOST_IMAGES = 1000;
    private static final int MOST_LAYERS = 1000;

    private final ImageArchiveReader archive;
    private final StagedBlobs content;

    DockerArchive(ImageArchiveReader archive, StagedBlobs content) {
        this.archive = archive;
        this.content = content;
    }

    List<LoadedImage> images(byte[] manifest) throws IOException {
        List<?> entries = list(parsed(manifest), "manifest.json");
        if (entries.size() > MOST_IMAGES) {
            throw ImageArchiveReader.refused("manifest.json lists " + entries.size() + " images");
        }
        List<LoadedImage> images = new ArrayList<>();
        for (Object entry : entries) {
            if (!(entry instanceof Map<?, ?> image)) {
                throw ImageArchiveReader.refused("manifest.json is no list of objects");
            }
            images.add(image(image));
        }
        return images;
    }

    private static Object parsed(byte[] json) {
        try {
            Object value = Values.read(json);
            return value == null ? List.of() : value;
        } catch (IOException e) {
            throw ImageArchiveReader.refused("manifest.json is not valid: " + e.getMessage());
        }
    }

    private LoadedImage image(Map<?, ?> entry) throws IOException {
        ImageArchiveReader.Blob file = archive.file(text(entry.get("Config"), "Config"));
        Descriptor config = new Descriptor(MediaType.DOCKER_CONFIG, file.digest(), file.size());
        if (file.size() > OciJson.MAX_CONFIG) {
            throw ImageArchiveReader.refused("its image configuration has " + file.size() + " bytes");
        }
        ImageConfig read = OciJson.readConfig(content.read(config));
        List<?> paths = list(entry.get("Layers"), "Layers");
        if (paths.size() != read.diffIds().size() || paths.size() > MOST_LAYERS) {
            throw ImageArchiveReader.refused("manifest.json lists " + paths.size() + " layers for " + config.digest()
                    + ", its configuration " + read.diffIds().size());
        }
        List<String> files = new ArrayList<>();
        List<Descriptor> layers = new ArrayList<>();
        for (Object path : paths) {
            files.add(text(path, "Layers"));
            layers.add(layer(files.getLast()));
        }
        content.checkLayers(layers, read, files);
        ImageManifest manifest = new ImageManifest(MediaType.DOCKER_MANIFEST, config, layers);
        Descriptor root = content.put(MediaType.DOCKER_MANIFEST, OciJson.write(manifest));
        layers.forEach(layer -> content.want(layer.digest()));
        content.want(config.digest());
        content.want(root.digest());
        return new LoadedImage(root, config.digest(), names(entry.get("RepoTags")));
    }

    private Descriptor layer(String path) throws IOException {
        ImageArchiveReader.Blob file = archive.file(path);
        Compression compression;
        try (InputStream in = content.open(new Descriptor(MediaType.DOCKER_LAYER, file.digest(), file.size()))) {
            compression = Compression.detect(in.readNBytes(4));
        }
        String type = switch (compression) {
            case NONE -> MediaType.DOCKER_LAYER;
            case GZIP, ESTARGZ -> MediaType.DOCKER_LAYER_GZIP;
            case ZSTD -> MediaType.DOCKER_LAYER_ZSTD;
        };
        return new Descriptor(type, file.digest(), file.size());
    }

    private static List<ImageReference> names(@Nullable Object tags) {
        List<ImageReference> names = new ArrayList<>();
        for (Object tag : tags == null ? List.of() : list(tags, "RepoTags")) {
            try {
                names.add(ImageReference.parse(text(tag, "RepoTags")));
            } catch (IllegalArgumentException e) {
                throw ImageArchiveReader.refused(String.valueOf(e.getMessage()));
            }
        }
        return names;
    }

    private static List<?> list(@Nullable Object value, String field) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw ImageArchiveReader.refused(field + " in manifest.json is not a list");
    }

    private static String text(@Nullable Object value, String field) {
        if (value instanceof String text) {
            return text;
        }
        throw ImageArchiveReader.refused(field + " in manifest.json is not a string");
    }
}
