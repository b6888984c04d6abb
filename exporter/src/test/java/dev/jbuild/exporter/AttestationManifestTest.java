package dev.jbuild.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.exporter.attestation.Predicate;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.layerstore.snapshot.MountedView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttestationManifestTest {
    private static final Predicate LIST = new Predicate(Predicate.SPDX, "sbom.spdx.json", false, "{\"name\":\"x\"}");

    @TempDir
    private Path root;

    /// A result of which something is told.
    private record Attested(PlatformResult result) implements PlatformResult {
        @Override
        public Platform platform() {
            return result.platform();
        }

        @Override
        public ImageConfig config() {
            return result.config();
        }

        @Override
        public List<LayerBlob> layers(LayerFormat format) throws IOException, InterruptedException {
            return result.layers(format);
        }

        @Override
        public MountedView rootfs() throws IOException, InterruptedException {
            return result.rootfs();
        }

        @Override
        public List<Predicate> predicates(@Nullable LayerFormat format) {
            return List.of(LIST);
        }
    }

    private static AssembledImage assemble(LayerStore store, String... platforms) throws Exception {
        List<Attested> results = new java.util.ArrayList<>();
        for (String platform : platforms) {
            results.add(new Attested(BuiltImage.of(store, platform, Map.of("hello", platform))));
        }
        return ImageAssembler.assemble(BuiltImage.request(results, "demo:1"), ImageOptions.DEFAULT, store.content());
    }

    private static byte[] document(AssembledImage image, Descriptor descriptor) {
        return image.documents().getOrDefault(descriptor.digest(), new byte[0]);
    }

    @Test
    void whatIsToldOfAnImageLiesBesideItInAnIndex() throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            AssembledImage image = assemble(store, "linux/amd64");

            List<Descriptor> manifests =
                    OciJson.readIndex(document(image, image.root())).manifests();
            assertThat(manifests)
                    .extracting(each -> String.valueOf(each.platform()))
                    .containsExactly("linux/amd64", "unknown/unknown");
            assertThat(manifests.getLast().annotations())
                    .containsEntry("vnd.docker.reference.type", "attestation-manifest")
                    .containsEntry(
                            "vnd.docker.reference.digest",
                            manifests.getFirst().digest().toString());
            ImageManifest attestation = OciJson.readManifest(document(image, manifests.getLast()));
            assertThat(attestation.config().mediaType()).isEqualTo(MediaType.OCI_CONFIG);
            assertThat(OciJson.readConfig(document(image, attestation.config())).diffIds())
                    .extracting(diffId -> diffId.digest())
                    .containsExactly(attestation.layers().getFirst().digest());
            assertThat(attestation.layers().getFirst().mediaType()).isEqualTo("application/vnd.in-toto+json");
            assertThat(attestation.layers().getFirst().annotations())
                    .containsEntry("in-toto.io/predicate-type", "https://spdx.dev/Document");
            assertThat(new String(document(image, attestation.layers().getFirst()), StandardCharsets.UTF_8))
                    .contains("\"name\":\"pkg:docker/demo@1?platform=linux%2Famd64\",\"digest\":{\"sha256\":\""
                            + manifests.getFirst().digest().hex() + "\"}");
        }
    }

    @Test
    void eachPlatformHasItsOwnAfterAllImages() throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            AssembledImage image = assemble(store, "linux/amd64", "linux/arm64");
            assertThat(OciJson.readIndex(document(image, image.root())).manifests())
                    .extracting(each -> String.valueOf(each.platform()))
                    .containsExactly("linux/amd64", "linux/arm64", "unknown/unknown", "unknown/unknown");
            assertThat(image.blobs()).hasSizeGreaterThan(8);
        }
    }
}
