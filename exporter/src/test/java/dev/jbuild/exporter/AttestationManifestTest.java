package dev.jbuild.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttestationManifestTest {
    @TempDir
    private Path root;

    private static AssembledImage assemble(LayerStore store, String options, String... platforms) throws Exception {
        List<Attested> results = new ArrayList<>();
        for (String platform : platforms) {
            results.add(new Attested(BuiltImage.of(store, platform, Map.of("hello", platform))));
        }
        return ImageAssembler.assemble(
                BuiltImage.request(results, "demo:1"),
                ExportSpec.parse("type=image" + options).imageOptions().orElseThrow(),
                store.content());
    }

    private static List<Descriptor> told(AssembledImage image) throws Exception {
        Descriptor last =
                OciJson.readIndex(document(image, image.root())).manifests().getLast();
        return OciJson.readManifest(document(image, last)).layers();
    }

    private static byte[] document(AssembledImage image, Descriptor descriptor) {
        return image.documents().getOrDefault(descriptor.digest(), new byte[0]);
    }

    @Test
    void whatIsToldOfAnImageLiesBesideItInAnIndex() throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            AssembledImage image = assemble(store, "", "linux/amd64");

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
                    .containsExactlyElementsOf(attestation.layers().stream()
                            .map(Descriptor::digest)
                            .toList());
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
            AssembledImage image = assemble(store, "", "linux/amd64", "linux/arm64");
            assertThat(OciJson.readIndex(document(image, image.root())).manifests())
                    .extracting(each -> String.valueOf(each.platform()))
                    .containsExactly("linux/amd64", "linux/arm64", "unknown/unknown", "unknown/unknown");
            assertThat(image.blobs()).hasSizeGreaterThan(8);
        }
    }

    @Test
    void asAnArtifactItHasASubjectAndNoConfiguration() throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            AssembledImage image = assemble(store, ",oci-artifact=true", "linux/amd64");
            List<Descriptor> manifests =
                    OciJson.readIndex(document(image, image.root())).manifests();
            ImageManifest attestation = OciJson.readManifest(document(image, manifests.getLast()));

            assertThat(attestation.artifactType()).isEqualTo("application/vnd.docker.attestation.manifest.v1+json");
            assertThat(attestation.config().mediaType()).isEqualTo(MediaType.OCI_EMPTY);
            assertThat(Objects.requireNonNull(attestation.subject()).digest())
                    .isEqualTo(manifests.getFirst().digest());
            assertThat(attestation.layers()).hasSize(2);
        }
    }

    @Test
    void whatIsForImagesAloneCanBeLeftOut() throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            assertThat(told(assemble(store, "", "linux/amd64"))).hasSize(2);
            assertThat(told(assemble(store, ",attestation-inline=true", "linux/amd64")))
                    .hasSize(2);
            assertThat(told(assemble(store, ",attestation-inline=false", "linux/amd64")))
                    .extracting(layer -> layer.annotations().get("in-toto.io/predicate-type"))
                    .containsExactly("https://spdx.dev/Document");
        }
    }

    @Test
    void dockersTypesHaveNoPlaceForIt() throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            AssembledImage image = assemble(store, ",oci-mediatypes=false,oci-artifact=true", "linux/amd64");
            assertThat(image.documents().values())
                    .allSatisfy(text -> assertThat(new String(text, StandardCharsets.UTF_8))
                            .doesNotContain("vnd.docker.distribution", "vnd.docker.container"));
        }
    }
}
