package dev.jbuild.cli.image;

import dev.jbuild.cli.template.Struct;
import dev.jbuild.cli.template.Values;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What templates of `imagetools inspect` see. Each part is fetched when it is asked for.
final class RemoteFacts {
    private static final String REFERENCE_TYPE = "vnd.docker.reference.type";
    private static final String REFERENCE_DIGEST = "vnd.docker.reference.digest";
    private static final String PREDICATE_TYPE = "in-toto.io/predicate-type";
    private static final String PROVENANCE = "https://slsa.dev/provenance/";
    private static final String SPDX = "https://spdx.dev/Document";
    private static final String CYCLONEDX = "https://cyclonedx.org/bom";

    private final RemoteImage image;
    private final Descriptor root;

    RemoteFacts(RemoteImage image) {
        this.image = image;
        this.root = image.root().descriptor();
    }

    Struct all() {
        return Struct.builder()
                .with("Name", image.reference().toString())
                .lazily("Manifest", () -> of(this::manifest))
                .lazily("Image", () -> of(this::configs))
                .lazily("Provenance", () -> of(() -> attested("SLSA")))
                .lazily("SBOM", () -> of(() -> attested("SPDX")))
                .build();
    }

    /// Something that is fetched.
    private interface Fetch {
        @Nullable
        Object get() throws IOException;
    }

    private static @Nullable Object of(Fetch fetch) {
        try {
            return fetch.get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The document, with the digest and the size that it does not say itself.
    private Object manifest() throws IOException {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("schemaVersion", 2L);
        all.put("mediaType", root.mediaType());
        all.put("digest", root.digest().toString());
        all.put("size", root.size());
        if (Values.read(image.root().bytes()) instanceof Map<?, ?> document) {
            document.forEach((key, value) -> all.putIfAbsent(String.valueOf(key), value));
        }
        return all;
    }

    private List<Descriptor> children() throws IOException {
        return MediaType.isIndex(root.mediaType())
                ? OciJson.readIndex(image.root().bytes()).manifests()
                : List.of();
    }

    private List<Descriptor> images() throws IOException {
        return MediaType.isIndex(root.mediaType())
                ? children().stream()
                        .filter(LocalImage::isImage)
                        .filter(child -> !child.annotations().containsKey(REFERENCE_TYPE))
                        .toList()
                : List.of(root);
    }

    private @Nullable Object configs() throws IOException {
        Map<String, @Nullable Object> configs = new LinkedHashMap<>();
        for (Descriptor each : images()) {
            ImageManifest manifest = OciJson.readManifest(image.documents().read(each));
            byte[] config = image.documents().read(manifest.config());
            configs.put(platform(each, config), Values.read(config));
        }
        return onlyOrAll(configs);
    }

    private static String platform(Descriptor image, byte[] config) throws IOException {
        return image.platform() == null
                ? OciJson.readConfig(config).platform().toString()
                : image.platform().toString();
    }

    private static @Nullable Object onlyOrAll(Map<String, @Nullable Object> byPlatform) {
        return byPlatform.size() == 1 ? byPlatform.values().iterator().next() : byPlatform;
    }

    /// The statements about each image whose predicate is of this kind; an empty map if there are none.
    private @Nullable Object attested(String name) throws IOException {
        Map<String, @Nullable Object> found = new LinkedHashMap<>();
        List<Descriptor> images = images();
        for (Descriptor each : images) {
            Map<String, @Nullable Object> kinds = new LinkedHashMap<>();
            for (Descriptor statement : statements(each.digest())) {
                String type = statement.annotations().getOrDefault(PREDICATE_TYPE, "");
                Optional<String> key = kind(type, name);
                if (key.isPresent() && Values.read(image.documents().read(statement)) instanceof Map<?, ?> document) {
                    kinds.putIfAbsent(key.get(), document.get("predicate"));
                }
            }
            if (!kinds.isEmpty()) {
                found.put(each.platform() == null ? "" : each.platform().toString(), kinds);
            }
        }
        return images.size() == 1 ? onlyOrAll(found) : found;
    }

    private static Optional<String> kind(String type, String name) {
        if (name.equals("SLSA")) {
            return type.startsWith(PROVENANCE) ? Optional.of(name) : Optional.empty();
        }
        if (type.startsWith(CYCLONEDX)) {
            return Optional.of("CycloneDX");
        }
        return type.startsWith(SPDX) ? Optional.of(name) : Optional.empty();
    }

    private List<Descriptor> statements(Digest of) throws IOException {
        List<Descriptor> statements = new ArrayList<>();
        for (Descriptor child : children()) {
            if ("attestation-manifest".equals(child.annotations().get(REFERENCE_TYPE))
                    && of.toString().equals(child.annotations().get(REFERENCE_DIGEST))) {
                statements.addAll(
                        OciJson.readManifest(image.documents().read(child)).layers());
            }
        }
        return statements;
    }
}
