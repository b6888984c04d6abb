package dev.jbuild.cli.explore;

import dev.jbuild.cli.explore.ImageFile.Found;
import dev.jbuild.layerstore.archive.Decompressor;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.VerifiedInputStream;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.OciJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `docker save` writes, and wrote before it knew OCI layouts: a list of configurations and their layers.
final class DockerArchive {
    private final Path path;
    private final ImageFile.Content content;

    DockerArchive(Path path, ImageFile.Content content) {
        this.path = path;
        this.content = content;
    }

    Found find(byte[] manifest, String name, PlatformChoice choice) throws IOException {
        List<DockerManifest> images = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (DockerManifest image : DockerManifest.read(manifest)) {
            if (name.isEmpty() || image.tags().contains(name)) {
                images.add(image);
            }
            names.addAll(image.tags().isEmpty() ? List.of(image.config()) : image.tags());
        }
        if (images.size() != 1) {
            throw ImageFile.noSuchImage(path, name, String.join(", ", names));
        }
        Found found = image(images.getFirst());
        choice.check(found.images().getFirst().platform());
        return found;
    }

    private Found image(DockerManifest image) throws IOException {
        byte[] bytes = ImageFile.document(content, image.config(), OciJson.MAX_CONFIG)
                .orElseThrow(() -> lacks(image.config()));
        ImageConfig config = OciJson.readConfig(bytes);
        image.check(config);
        Digest digest = Digest.of(bytes);
        List<LayerSource> layers = new ArrayList<>();
        for (int i = 0; i < image.layers().size(); i++) {
            String name = image.layers().get(i);
            DiffId diffId = config.diffIds().get(i);
            layers.add(new LayerSource(diffId.digest(), size(name), () -> layer(name, diffId)));
        }
        return new Found(digest, List.of(new ImageForPlatform(digest, digest, config, layers)));
    }

    private long size(String name) throws IOException {
        Optional<InputStream> layer = content.open(name);
        try (InputStream in = layer.orElseThrow(() -> lacks(name))) {
            return in.skip(Long.MAX_VALUE);
        }
    }

    private InputStream layer(String name, DiffId diffId) throws IOException {
        InputStream in = content.open(name).orElseThrow(() -> lacks(name));
        return new VerifiedInputStream(Decompressor.open(in), name + " in " + path, diffId.digest());
    }

    private StoreException lacks(String name) {
        return new StoreException(StoreException.Kind.MISSING, path + " lacks the file \"" + name + "\" of its image");
    }
}
