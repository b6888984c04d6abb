package dev.jbuild.cli.explore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jbuild.cli.explore.ImageFile.Found;
import dev.jbuild.layerstore.archive.Decompressor;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.OciFormatException;
import dev.jbuild.layerstore.oci.OciJson;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `docker save` writes, and wrote before it knew OCI layouts: a list of configurations and their layers.
final class DockerArchive {
    static final String MANIFEST = "manifest.json";

    private final Path path;
    private final ImageFile.Content content;

    DockerArchive(Path path, ImageFile.Content content) {
        this.path = path;
        this.content = content;
    }

    Found find(byte[] manifest, String name, PlatformChoice choice) throws IOException, OciFormatException {
        List<JsonNode> images = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (JsonNode image : json(manifest)) {
            List<String> tags = new ArrayList<>();
            image.path("RepoTags").forEach(tag -> tags.add(tag.asText()));
            if (name.isEmpty() || tags.contains(name)) {
                images.add(image);
            }
            names.addAll(tags.isEmpty() ? List.of(image.path("Config").asText()) : tags);
        }
        if (images.size() != 1) {
            throw ImageFile.noSuchImage(path, name, String.join(", ", names));
        }
        Found found = image(images.getFirst());
        choice.check(found.images().getFirst().platform());
        return found;
    }

    private static JsonNode json(byte[] manifest) throws IOException, OciFormatException {
        try {
            return new JsonMapper().readTree(manifest);
        } catch (JsonProcessingException e) {
            throw new OciFormatException(MANIFEST, "", "it is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private Found image(JsonNode image) throws IOException, OciFormatException {
        String configName = image.path("Config").asText();
        byte[] bytes =
                ImageFile.document(content, configName, OciJson.MAX_CONFIG).orElseThrow(() -> lacks(configName));
        ImageConfig config = OciJson.readConfig(bytes);
        Digest digest = Digest.of(bytes);
        JsonNode names = image.path("Layers");
        if (names.size() != config.diffIds().size()) {
            throw new OciFormatException(
                    MANIFEST,
                    "Layers",
                    "it has " + names.size() + " layers, and the configuration has "
                            + config.diffIds().size(),
                    null);
        }
        List<LayerSource> layers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.path(i).asText();
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
        return new Checked(Decompressor.open(in), name + " in " + path, diffId);
    }

    private StoreException lacks(String name) {
        return new StoreException(StoreException.Kind.MISSING, path + " lacks the file \"" + name + "\" of its image");
    }

    /// A layer that ends only if it is the one of this diff ID.
    private static final class Checked extends FilterInputStream {
        private final MessageDigest hash = Digest.newSha256();
        private final String name;
        private final DiffId expected;
        private boolean ended;

        Checked(InputStream in, String name, DiffId expected) {
            super(in);
            this.name = name;
            this.expected = expected;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            if (n > 0) {
                hash.update(buffer, offset, n);
            } else if (n < 0 && !ended) {
                ended = true;
                Digest actual = Digest.ofHash(hash.digest());
                if (!actual.equals(expected.digest())) {
                    throw new StoreException(
                            StoreException.Kind.CORRUPT,
                            name + " is corrupt: its digest is " + actual + ", not " + expected.digest());
                }
            }
            return n;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
