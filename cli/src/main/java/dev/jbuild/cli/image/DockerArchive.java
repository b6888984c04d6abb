package dev.jbuild.cli.image;

import dev.jbuild.cli.explore.DockerManifest;
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

/// Understands the `manifest.json` of a docker archive whose files are in the content store. The archive has no
/// manifests of images, so that they are made: with Docker's media types, and each layer as it came.
final class DockerArchive {
    private final ImageArchiveReader archive;
    private final StagedBlobs content;

    DockerArchive(ImageArchiveReader archive, StagedBlobs content) {
        this.archive = archive;
        this.content = content;
    }

    List<LoadedImage> images(byte[] manifest) throws IOException {
        List<LoadedImage> images = new ArrayList<>();
        for (DockerManifest image : DockerManifest.read(manifest)) {
            images.add(image(image));
        }
        return images;
    }

    private LoadedImage image(DockerManifest image) throws IOException {
        ImageArchiveReader.Blob file = archive.file(image.config());
        Descriptor config = new Descriptor(MediaType.DOCKER_CONFIG, file.digest(), file.size());
        if (file.size() > OciJson.MAX_CONFIG) {
            throw ImageArchiveReader.refused("its image configuration has " + file.size() + " bytes");
        }
        ImageConfig read = OciJson.readConfig(content.read(config));
        image.check(read);
        List<Descriptor> layers = new ArrayList<>();
        for (String path : image.layers()) {
            layers.add(layer(path));
        }
        content.checkLayers(layers, read, image.layers());
        ImageManifest manifest = new ImageManifest(MediaType.DOCKER_MANIFEST, config, layers);
        Descriptor root = content.put(MediaType.DOCKER_MANIFEST, OciJson.write(manifest));
        layers.forEach(layer -> content.want(layer.digest()));
        content.want(config.digest());
        content.want(root.digest());
        return new LoadedImage(root, config.digest(), names(image.tags()));
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

    private static List<ImageReference> names(List<String> tags) {
        List<ImageReference> names = new ArrayList<>();
        for (String tag : tags) {
            try {
                names.add(ImageReference.parse(tag));
            } catch (IllegalArgumentException e) {
                throw ImageArchiveReader.refused(String.valueOf(e.getMessage()));
            }
        }
        return names;
    }
}
