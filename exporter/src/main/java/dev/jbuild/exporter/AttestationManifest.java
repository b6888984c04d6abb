package dev.jbuild.exporter;

import dev.jbuild.exporter.attestation.Predicate;
import dev.jbuild.exporter.attestation.Statement;
import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Attestations as BuildKit stores them: one more manifest in the index, for no platform that exists, whose layers are
/// in-toto statements. Annotations of its descriptor tell the image that it is about.
final class AttestationManifest {
    static final String REFERENCE_TYPE = "vnd.docker.reference.type";
    static final String REFERENCE_DIGEST = "vnd.docker.reference.digest";
    static final String TYPE = "attestation-manifest";

    private static final String ARTIFACT_TYPE = "application/vnd.docker.attestation.manifest.v1+json";
    private static final Platform NO_PLATFORM = new Platform("unknown", "unknown", null);

    private AttestationManifest() {}

    /// Stores a document.
    @FunctionalInterface
    interface Documents {
        Descriptor add(String mediaType, byte[] content);
    }

    /// @param image the manifest that is attested
    /// @param names of the image, spelled out in full
    /// @param artifact whether this is an OCI artifact with a subject
    static PlatformImage of(
            List<Predicate> predicates,
            Descriptor image,
            Platform platform,
            List<String> names,
            boolean artifact,
            boolean ociMediaTypes,
            Documents documents) {
        List<Statement.Subject> subjects = Statement.image(names, platform, image.digest());
        List<Descriptor> layers = new ArrayList<>();
        for (Predicate predicate : predicates) {
            layers.add(documents
                    .add(MediaType.IN_TOTO, Statement.of(predicate, subjects))
                    .withAnnotations(Map.of(Statement.PREDICATE_TYPE, predicate.type())));
        }
        Descriptor config = artifact
                ? documents.add(MediaType.OCI_EMPTY, "{}".getBytes(StandardCharsets.US_ASCII))
                : documents.add(spelled(MediaType.OCI_CONFIG, ociMediaTypes), config(layers));
        ImageManifest manifest = new ImageManifest(
                spelled(MediaType.OCI_MANIFEST, ociMediaTypes),
                config,
                layers,
                Map.of(),
                artifact ? ARTIFACT_TYPE : null,
                artifact ? new Descriptor(image.mediaType(), image.digest(), image.size()) : null);
        Descriptor descriptor = documents
                .add(manifest.mediaType(), OciJson.write(manifest))
                .withPlatform(NO_PLATFORM)
                .withAnnotations(Map.of(
                        REFERENCE_TYPE, TYPE, REFERENCE_DIGEST, image.digest().toString()));
        return new PlatformImage(descriptor, config, layers);
    }

    static boolean is(Descriptor manifest) {
        return TYPE.equals(manifest.annotations().get(REFERENCE_TYPE));
    }

    private static String spelled(String mediaType, boolean oci) {
        return oci ? mediaType : MediaType.toDocker(mediaType);
    }

    private static byte[] config(List<Descriptor> layers) {
        List<DiffId> diffIds = new ArrayList<>();
        for (Descriptor layer : layers) {
            Digest digest = layer.digest();
            diffIds.add(new DiffId(digest));
        }
        return OciJson.write(new ImageConfig(NO_PLATFORM, null, null, ContainerConfig.EMPTY, diffIds, List.of()));
    }
}
